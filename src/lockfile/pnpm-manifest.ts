import { requireCommonJs } from '../commonjs.js';
import { invalidLockfile, quote } from './lockfile-source.js';
import type { NpmManifest } from './npm-project.js';
import type { PnpmDocument, PnpmReference } from './pnpm-document.js';
import { parsePnpmKey, resolvePnpmReference } from './pnpm-key.js';

const semver = requireCommonJs('semver');

/**
 * Ends the audit where the root manifest asks for packages that no document
 * pins, as `pnpm install --frozen-lockfile` does. What a hook or an override
 * takes out, and what links to a folder, may be missing.
 */
export function refuseUnpinnedByPnpm(
  path: string,
  documents: readonly PnpmDocument[],
  { relations }: NpmManifest,
): void {
  if (documents.some(({ hasHook }) => hasHook)) return;
  const pinned = new Set(
    documents
      .flatMap(({ importers }) => importers)
      .filter((importer) => importer.path === '.')
      .flatMap(({ references }) => references.map(({ name }) => name)),
  );
  const asked = [relations.dependencies, relations.devDependencies];
  const [missing] = asked
    .flatMap((map) => Object.entries(map))
    .filter(([name, spec]) => !pinned.has(name) && !spec.startsWith('link:'))
    .map(([name]) => name)
    .filter((name) => !documents.some((one) => isOverridden(one, name)))
    .toSorted();
  if (missing === undefined) return;
  throw invalidLockfile(
    `${path}: does not pin ${quote(missing)}, which the project asks for; ` +
      `bring it up to date: pnpm install --lockfile-only`,
  );
}

/**
 * Ends the audit where a project asks for a version of a registry and the
 * lockfile answers with something else, which would be out of scope.
 */
export function refuseContradictions(
  path: string,
  document: PnpmDocument,
): void {
  if (document.hasHook) return;
  for (const { references } of document.importers) {
    for (const each of references) {
      if (!isContradiction(each, document)) continue;
      const { name, specifier, reference } = each;
      throw invalidLockfile(
        `${path}: ${quote(name)}: ${quote(specifier)} is asked for, ${quote(reference)} is no version of a registry`,
      );
    }
  }
}

function isContradiction(
  { name, specifier, reference }: PnpmReference,
  document: PnpmDocument,
): boolean {
  const isVersion = semver.validRange(specifier ?? '!') !== null;
  // Links to folders of the workspace answer versions.
  if (!isVersion || reference.startsWith('link:')) return false;
  const key = resolvePnpmReference(reference, name, document.major);
  const { registry } = parsePnpmKey(key, document.major);
  return registry === null && !isOverridden(document, name);
}

/** Overrides name packages with a range or with the package that asks for them. */
function isOverridden({ overrides }: PnpmDocument, name: string): boolean {
  return [...overrides.keys()].some((key) => key.includes(name));
}

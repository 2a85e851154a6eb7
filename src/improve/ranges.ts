import { requireCommonJs } from '../commonjs.js';
import { isJsonObject, parseStrictJson } from '../json/strict-json.js';
import type { Dependency } from '../lockfile/dependency.js';
import type { LockfileInput } from '../lockfile/lockfile-format.js';
import { MAX_MANIFEST_BYTES } from '../lockfile/lockfile-limits.js';
import { isPackageName } from '../lockfile/npm-grammar.js';
import { readDependencyRanges } from '../evidence/version-metadata.js';
import type { Subject } from '../policy/verdict.js';
import type { AskingWorkspace } from './update-commands.js';

const semver = requireCommonJs('semver');

/** The ranges by which a package is asked for, as far as they are known. */
export interface KnownRanges {
  /** Each once, as written. */
  readonly ranges: readonly string[];
  /** Whether everything that asks for it is known to. */
  readonly isComplete: boolean;
}

/** What one place asks for, by name; null where that is not known. */
type Ranges = ReadonlyMap<string, string> | null;

/**
 * Finds the ranges of everything in a lockfile: those of the project's own
 * manifests, and of packages those that their registry states, unsigned. What is
 * not known, as of a git dependency, makes what it asks for incomplete.
 */
export function createRangeFinder(
  subjects: readonly Subject[],
  source: LockfileInput,
): (subject: Subject) => KnownRanges {
  const places = new Map<string, Ranges>([['', readManifest(source.manifest)]]);
  for (const { folder, name, manifest } of workspacesIn(source)) {
    // Lockfiles of Bun go by the names of workspaces.
    if (name !== null && !places.has(name)) {
      places.set(name, readManifest(manifest));
    }
    places.set(folder, readManifest(manifest));
  }
  for (const { dependency, evidence } of subjects) {
    const ranges =
      'metadata' in evidence ? (evidence.metadata.dependencies ?? null) : null;
    const [place] = dependency.locations;
    // A workspace is an entry too, and its manifest says more.
    if (place !== undefined && !places.has(place)) places.set(place, ranges);
  }
  return ({ dependency }) => {
    const { id, aliases, requiredBy } = dependency;
    const names = [id.name, ...aliases];
    const found = new Set<string>();
    let isComplete = requiredBy.length > 0;
    for (const place of requiredBy) {
      const asked = places.get(place) ?? places.get(folderOf(place)) ?? null;
      const own = names.flatMap((name) => {
        const spec = asked?.get(name);
        return spec === undefined ? [] : [rangeOf(spec, id.name)];
      });
      for (const range of own) if (range !== null) found.add(range);
      if (own.length === 0 || own.includes(null)) isComplete = false;
    }
    return { ranges: [...found].toSorted(), isComplete };
  };
}

/** Finds the workspaces that ask for a dependency themselves. */
export function createWorkspaceFinder(
  source: LockfileInput,
): (dependency: Dependency) => readonly AskingWorkspace[] {
  const workspaces = new Map<string, AskingWorkspace>();
  for (const { folder, name } of workspacesIn(source)) {
    workspaces.set(folder, { folder, name });
    if (name !== null) workspaces.set(name, { folder, name });
  }
  return ({ requiredBy }) =>
    requiredBy.flatMap(
      (place) => workspaces.get(place) ?? workspaces.get(folderOf(place)) ?? [],
    );
}

/** Yarn Berry has workspaces at `name@workspace:folder`. */
function folderOf(place: string): string {
  return place.replace(/^.+@workspace:/, '');
}

function workspacesIn({ workspaces }: LockfileInput) {
  return [...(workspaces ?? [])].map(([folder, manifest]) => ({
    ...{ folder, manifest, name: readName(manifest) },
  }));
}

/**
 * Folders, by the lockfile alone, that may be workspaces which ask for packages
 * themselves: what asks for something and is no package of a registry.
 */
export function askingFolders(
  dependencies: readonly Dependency[],
): readonly string[] {
  const packages = new Set(
    dependencies
      .filter(({ origin }) => origin.kind === 'registry')
      .flatMap(({ locations }) => locations),
  );
  const places = dependencies
    .filter(({ direct }) => direct)
    .flatMap(({ requiredBy }) => requiredBy);
  return [...new Set(places)]
    .filter((place) => place !== '' && !packages.has(place))
    .toSorted();
}

function readName(bytes: Uint8Array): string | null {
  const limits = { maxBytes: MAX_MANIFEST_BYTES, maxDepth: 64 };
  const parsed = parseStrictJson(bytes, limits);
  if (parsed.status !== 'ok' || !isJsonObject(parsed.value)) return null;
  const { name } = parsed.value;
  return typeof name === 'string' && isPackageName(name) ? name : null;
}

/** The range of an alias is behind its name; null for what is no range. */
function rangeOf(spec: string, name: string): string | null {
  const prefix = `npm:${name}@`;
  const range = spec.startsWith(prefix) ? spec.slice(prefix.length) : spec;
  return semver.validRange(range) === null ? null : range;
}

/** Development counts here: the project asks for it itself. */
function readManifest(bytes: Uint8Array | null): Ranges {
  if (bytes === null) return null;
  const limits = { maxBytes: MAX_MANIFEST_BYTES, maxDepth: 64 };
  const parsed = parseStrictJson(bytes, limits);
  if (parsed.status !== 'ok' || !isJsonObject(parsed.value)) return null;
  const development = parsed.value['devDependencies'];
  return new Map([
    ...(isJsonObject(development)
      ? readDependencyRanges({ dependencies: development })
      : []),
    ...readDependencyRanges(parsed.value),
  ]);
}

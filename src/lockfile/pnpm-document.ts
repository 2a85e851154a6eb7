import { invalidLockfile, quote } from './lockfile-source.js';
import { mapIn, textIn, textOf } from './pnpm-fields.js';
import type { PnpmMajor } from './pnpm-key.js';
import type { Refuse } from './read-fields.js';
import { isYamlMap, type YamlMap } from './yaml-value.js';

/** Something that a project or a package asks for, as pnpm settled it. */
export interface PnpmReference {
  readonly name: string;
  /** What answers it, as written. */
  readonly reference: string;
  /** What was asked for; null where it is not said. */
  readonly specifier: string | null;
  readonly type: 'prod' | 'dev' | 'optional';
}

/** A project of the workspace. */
export interface PnpmImporter {
  /** Its folder from the root; `.` for the root itself. */
  readonly path: string;
  readonly offset: number;
  readonly references: readonly PnpmReference[];
}

/** An entry of `packages`. */
export interface PnpmPackage {
  readonly key: string;
  readonly offset: number;
  readonly fields: YamlMap;
}

/** One YAML document of a lockfile. Claimed. */
export interface PnpmDocument {
  readonly major: PnpmMajor;
  readonly formatVersion: string;
  readonly importers: readonly PnpmImporter[];
  readonly packages: readonly PnpmPackage[];
  /** Who needs what; the same as `packages` before version 9. */
  readonly snapshots: readonly PnpmPackage[];
  /** Keys of `patchedDependencies`: names, with a version or range or not. */
  readonly patched: readonly string[];
  readonly overrides: YamlMap;
  /** A hook of the project changes what packages ask for. */
  readonly hasHook: boolean;
}

const VERSION =
  /^(?:(5)\.\d{1,2}|(6)\.\d{1,2}|(9)\.\d{1,2})(?:-inlineSpecifiers)?$/;

/** Reads one document of `path`, untrusted, or throws an `AuditError`. */
export function readPnpmDocument(
  path: string,
  document: YamlMap,
): PnpmDocument {
  const refuse: Refuse = (message) => {
    throw invalidLockfile(`${path}: ${message}`);
  };
  const formatVersion = textIn(document, 'lockfileVersion', refuse);
  const major = majorOf(formatVersion);
  if (formatVersion === null || major === null) {
    const found = formatVersion === null ? 'none' : quote(formatVersion);
    return refuse(`expected lockfileVersion 5, 6 or 9, found ${found}`);
  }
  const packages = readEntries(document, 'packages', refuse);
  const hook = document.get('pnpmfileChecksum')?.value ?? null;
  return {
    major,
    formatVersion,
    importers: readImporters(document, refuse),
    packages,
    snapshots:
      major === 9 ? readEntries(document, 'snapshots', refuse) : packages,
    patched: [...mapIn(document, 'patchedDependencies', refuse).keys()],
    overrides: mapIn(document, 'overrides', refuse),
    hasHook: hook !== null,
  };
}

function majorOf(version: string | null): PnpmMajor | null {
  const [, five, six, nine] = VERSION.exec(version ?? '') ?? [];
  if (five !== undefined) return 5;
  if (six !== undefined) return 6;
  return nine === undefined ? null : 9;
}

function readEntries(
  document: YamlMap,
  section: string,
  refuse: Refuse,
): readonly PnpmPackage[] {
  return [...mapIn(document, section, refuse)].map(([key, member]) => {
    const { offset, value } = member;
    const fields = value ?? new Map();
    if (isYamlMap(fields)) return { key, offset, fields };
    return refuse(`${section}: ${quote(key)}: expected a map`);
  });
}

/**
 * Settings of the whole, which stand beside what a project asks for in a
 * lockfile of one project alone. Source: pnpm, the type of its lockfile.
 */
const SETTINGS = [
  'patchedDependencies',
  'neverBuiltDependencies',
  'onlyBuiltDependencies',
  'ignoredOptionalDependencies',
];

/** A lockfile of one project alone has its fields beside `packages`. */
function readImporters(
  document: YamlMap,
  refuse: Refuse,
): readonly PnpmImporter[] {
  if (!document.has('importers')) {
    return [readImporter('.', { offset: 0, fields: document }, refuse)];
  }
  return [...mapIn(document, 'importers', refuse)].map(([path, member]) => {
    const { offset, value } = member;
    const fields = value ?? new Map();
    if (!isYamlMap(fields)) return refuse(`${quote(path)}: expected a map`);
    return readImporter(path, { offset, fields }, refuse);
  });
}

function readImporter(
  path: string,
  { offset, fields }: { readonly offset: number; readonly fields: YamlMap },
  refuse: Refuse,
): PnpmImporter {
  const specifiers = mapIn(fields, 'specifiers', refuse);
  const references = [...fields.keys()]
    .filter((section) => /^(?:d|.*D)ependencies$/.test(section))
    .filter((section) => !SETTINGS.includes(section))
    .flatMap((section) =>
      readReferences(fields, section, { specifiers, refuse }),
    );
  return { path, offset, references };
}

function readReferences(
  fields: YamlMap,
  section: string,
  {
    specifiers,
    refuse,
  }: { readonly specifiers: YamlMap; readonly refuse: Refuse },
): readonly PnpmReference[] {
  return [...mapIn(fields, section, refuse)].map(([name, { value }]) => {
    const type = typeOf(section);
    if (typeof value === 'string') {
      const specifier = textIn(specifiers, name, refuse);
      return { name, reference: value, specifier, type };
    }
    if (!isYamlMap(value)) return refuse(`${quote(name)}: expected a version`);
    const reference = textIn(value, 'version', refuse);
    if (reference === null) return refuse(`${quote(name)}: expected a version`);
    const specifier = textIn(value, 'specifier', refuse);
    return { name, reference, specifier, type };
  });
}

/** The configuration's and pnpm's own packages run on every install: `prod`. */
function typeOf(section: string): PnpmReference['type'] {
  switch (section) {
    case 'devDependencies':
      return 'dev';
    case 'optionalDependencies':
      return 'optional';
    default:
      return 'prod';
  }
}

/** What the package of a snapshot needs. */
export function readNeeds(
  { key, fields }: PnpmPackage,
  refuse: Refuse,
): readonly PnpmReference[] {
  return (['dependencies', 'optionalDependencies'] as const).flatMap(
    (section) =>
      [...mapIn(fields, section, refuse)].map(([name, { value }]) => {
        const reference = textOf(value, name, refuse);
        if (reference === null) {
          return refuse(`${quote(key)}: ${quote(name)}: expected a version`);
        }
        return { name, reference, specifier: null, type: typeOf(section) };
      }),
  );
}

import { isJsonObject } from '../json/strict-json.js';
import { MAX_MANIFEST_BYTES } from './lockfile-limits.js';
import { invalidLockfile } from './lockfile-source.js';
import type { Relations } from './npm-tree.js';
import { readDependencyMap, readRelations, readText } from './read-fields.js';
import { own, readWorkspaces } from './read-fields.js';
import { readJsonFile } from './read-json-file.js';
import type { LockfileInput } from './lockfile-format.js';

/** What one package.json of the project says. Claimed. */
export interface YarnManifest {
  /** Null where it has none: Yarn then makes one up. */
  readonly name: string | null;
  readonly relations: Relations;
}

/** The manifests of a project of Yarn, as far as they are known. */
export interface YarnProject {
  /** Null if nobody knows it. */
  readonly root: YarnManifest | null;
  /** What is put in place of what packages ask for, by pattern. */
  readonly resolutions: Readonly<Record<string, string>>;
  /** By folder; without those of which nobody read the package.json. */
  readonly workspaces: ReadonlyMap<string, YarnManifest>;
  /** The root has workspaces, and nobody looked which. */
  readonly isIncomplete: boolean;
}

const LIMITS = { maxBytes: MAX_MANIFEST_BYTES, maxDepth: 64 };

/**
 * Reads the untrusted manifests of a project: Yarn's lockfiles do not say what
 * is a development dependency, and those of Yarn 1 not even what the project
 * asks for. Throws an `AuditError` that names the file.
 */
export function readYarnProject({
  manifest,
  workspaces,
}: LockfileInput): YarnProject {
  if (manifest === null) {
    const known = { resolutions: {}, workspaces: new Map() };
    return { root: null, ...known, isIncomplete: true };
  }
  const path = 'package.json';
  const { record } = readJsonFile(path, manifest, LIMITS);
  const refuse = refuseIn(path);
  const hasPatterns = readWorkspaces(record).length > 0;
  return {
    root: readManifest(path, manifest),
    resolutions: readDependencyMap(
      own(record, 'resolutions'),
      'resolutions',
      refuse,
    ),
    workspaces: new Map(
      [...(workspaces ?? [])].map(([folder, bytes]) => [
        folder,
        readManifest(`${folder}/${path}`, bytes),
      ]),
    ),
    isIncomplete: hasPatterns && workspaces === undefined,
  };
}

function readManifest(path: string, bytes: Uint8Array): YarnManifest {
  const { record } = readJsonFile(path, bytes, LIMITS);
  const refuse = refuseIn(path);
  const relations = readRelations(record, refuse);
  // Yarn marks optional dependencies so too.
  const meta = own(record, 'dependenciesMeta');
  const isOptional = (name: string): boolean => {
    const about = isJsonObject(meta) ? own(meta, name) : undefined;
    return isJsonObject(about) && own(about, 'optional') === true;
  };
  const all = Object.entries(relations.dependencies);
  return {
    name: readText(record, 'name', refuse),
    relations: {
      ...relations,
      dependencies: Object.fromEntries(
        all.filter(([name]) => !isOptional(name)),
      ),
      optionalDependencies: {
        ...relations.optionalDependencies,
        ...Object.fromEntries(all.filter(([name]) => isOptional(name))),
      },
    },
  };
}

function refuseIn(path: string): (message: string) => never {
  return (message) => {
    throw invalidLockfile(`${path}: ${message}`);
  };
}

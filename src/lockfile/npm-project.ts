import type { JsonObject } from '../json/strict-json.js';
import { isJsonObject } from '../json/strict-json.js';
import { invalidLockfile } from './lockfile-source.js';
import type { NpmEntries, NpmEntry } from './npm-entry.js';
import type { WorkspaceLink } from './npm-graph.js';
import { linkTarget } from './npm-location.js';
import type { Relations, VirtualProject } from './npm-tree.js';
import { own, readRelations, readText, readWorkspaces } from './read-fields.js';

/** The root package.json, as far as it decides about the tree. */
export interface NpmManifest {
  readonly name: string | null;
  readonly relations: Relations;
  readonly overrides: JsonObject | null;
  readonly workspaces: readonly string[];
}

/** Reads an untrusted root package.json; `path` is for messages. */
export function readNpmManifest(record: JsonObject, path: string): NpmManifest {
  const refuse = (message: string): never => {
    throw invalidLockfile(`${path}: ${message}`);
  };
  const overrides = own(record, 'overrides');
  return {
    name: readText(record, 'name', refuse),
    relations: readRelations(record, refuse),
    overrides: isJsonObject(overrides) ? overrides : null,
    workspaces: readWorkspaces(record),
  };
}

/** What the root asks for: by its manifest, else by the lockfile's record. */
export type NpmRoot = Omit<NpmManifest, 'name'>;

const NO_RELATIONS: Relations = {
  dependencies: {},
  devDependencies: {},
  optionalDependencies: {},
  peerDependencies: {},
  optionalPeers: [],
};

/** Brings entries and root into the form npm's own reader is given. */
export function virtualProject(
  { entries }: NpmEntries,
  root: NpmRoot | null,
  workspaces: readonly WorkspaceLink[],
): VirtualProject {
  return {
    root: {
      relations: root?.relations ?? NO_RELATIONS,
      overrides: root?.overrides ?? null,
      workspaces: workspaces.map(({ target }) => target),
    },
    packages: new Map(
      [...entries].map(([location, entry]) => [
        location,
        {
          name: entry.name,
          version: entry.version,
          relations: entry.relations,
          link: entry.target,
        },
      ]),
    ),
  };
}

/**
 * Links to the project's workspaces. The root's patterns are not matched: if
 * it has any, each link beside its own dependencies to a folder inside the
 * project is one, unless the root asks for it by path. So a doubtful folder is
 * taken for a workspace, whose dependencies all count as direct.
 */
export function workspaceLinks(
  entries: ReadonlyMap<string, NpmEntry>,
  root: NpmRoot | null,
): readonly WorkspaceLink[] {
  if (root === null || root.workspaces.length === 0) return [];
  const named = new Set(root.workspaces.map((pattern) => linkTarget(pattern)));
  const byPath = namesAskedForByPath(root.relations);
  return [...entries.values()].flatMap((entry) => {
    const { installedName: name, location, target, owner } = entry;
    if (name === null || target === null || owner !== '') return [];
    const isOwnFolder =
      target !== '' &&
      !target.startsWith('../') &&
      entries.get(target)?.installedName === null;
    if (!isOwnFolder || (byPath.has(name) && !named.has(target))) return [];
    return [{ name, location, target }];
  });
}

function namesAskedForByPath(relations: Relations): ReadonlySet<string> {
  const maps = [
    relations.dependencies,
    relations.devDependencies,
    relations.optionalDependencies,
  ];
  return new Set(
    maps
      .flatMap((map) => Object.entries(map))
      .filter(([, spec]) => /^(?:file:|link:|\.|\/|~\/)/i.test(spec))
      .map(([name]) => name),
  );
}

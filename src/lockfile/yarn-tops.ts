import { invalidLockfile, quote } from './lockfile-source.js';
import type { Relations } from './npm-tree.js';
import type { YarnAsk, YarnEntry } from './yarn-entry.js';
import type { YarnTop } from './yarn-graph.js';
import type { YarnProject } from './yarn-project.js';

/** A top, and for Berry's root the key of the entry that it is. */
export interface Top extends YarnTop {
  readonly rootKey?: string;
}

/** The root and the workspaces by their manifests alone: Yarn 1 lists neither. */
export function topsOfV1({ root, workspaces }: YarnProject): readonly Top[] {
  const asks = root === null ? [] : asksOf(root.relations);
  return [
    { place: '', name: root?.name ?? null, locator: '', asks },
    ...[...workspaces].map(([folder, { name, relations }]) => ({
      // No key begins like this.
      place: `/${folder}`,
      name,
      locator: '',
      asks: asksOf(relations),
    })),
  ];
}

/**
 * Berry lists the workspaces, but does not tell their development dependencies:
 * where there is no package.json, all of what they ask for counts as production.
 */
export function topsOfBerry(
  path: string,
  entries: readonly YarnEntry[],
  project: YarnProject,
): readonly Top[] {
  const listed = entries.filter(({ origin }) => origin.kind === 'workspace');
  const unlisted = new Set(project.workspaces.keys());
  const tops = listed.map((entry): Top => {
    const { locator, location, asks, id } = entry;
    const folder = (locator?.range ?? '').slice('workspace:'.length);
    const isRoot = folder === '.';
    unlisted.delete(folder);
    const manifest = isRoot ? project.root : project.workspaces.get(folder);
    return {
      place: isRoot ? '' : location,
      name: id.name,
      locator: `${id.name}@${locator?.range ?? ''}`,
      asks: manifest == null ? asks : asksOf(manifest.relations),
      ...(isRoot && { rootKey: location }),
    };
  });
  const roots = tops.filter(({ place }) => place === '');
  if (roots.length !== 1) {
    throw invalidLockfile(`${path}: expected one entry of the root project`);
  }
  const [folder] = unlisted;
  if (folder !== undefined) {
    throw outdated(path, `does not have the workspace ${quote(folder)}`);
  }
  return [...roots, ...tops.filter(({ place }) => place !== '')];
}

function asksOf(relations: Relations): readonly YarnAsk[] {
  const list = (
    map: Readonly<Record<string, string>>,
    type: YarnAsk['type'],
  ): readonly YarnAsk[] =>
    Object.entries(map).map(([name, range]) => ({ name, range, type }));
  return [
    ...list(relations.dependencies, 'prod'),
    ...list(relations.devDependencies, 'dev'),
    ...list(relations.optionalDependencies, 'optional'),
  ];
}

/** The error for a lockfile that does not have what the project has. */
export function outdated(path: string, what: string): Error {
  return invalidLockfile(`${path}: ${what}; bring it up to date: yarn install`);
}

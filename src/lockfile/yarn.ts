import { createHash } from 'node:crypto';

import type { Lockfile } from './dependency.js';
import type { Graph, Workspace } from './graph.js';
import { joinEntries } from './join-entries.js';
import type { LockfileInput } from './lockfile-format.js';
import { MAX_ENTRIES } from './lockfile-limits.js';
import { invalidLockfile, quote } from './lockfile-source.js';
import { readSymlFile } from './syml-file.js';
import { readBerryEntries, readBerryVersion } from './yarn-berry.js';
import { yarnGraph, type YarnTop, type YarnTree } from './yarn-graph.js';
import { readYarnProject, type YarnProject } from './yarn-project.js';
import { readResolutions } from './yarn-resolutions.js';
import { outdated, topsOfBerry, topsOfV1 } from './yarn-tops.js';
import { readV1Entry } from './yarn-v1.js';

/**
 * Reads an untrusted `yarn.lock` completely, or throws an `AuditError` with one
 * line. Who asks for what comes from the package.json of the root and the
 * workspaces: the lockfile is refused if it does not cover them.
 *
 * Not checked here: whether `resolved` belongs to the name, and the integrity.
 */
export function readYarnLockfile(input: LockfileInput): Lockfile {
  const { path, bytes } = input;
  const { dialect, entries: found } = readSymlFile(path, bytes);
  const project = readYarnProject(input);
  const isV1 = dialect === 'yarn-v1';
  const formatVersion = isV1 ? '1' : readBerryVersion(path, found);
  const all = isV1
    ? found.map((entry) => readV1Entry(path, entry))
    : readBerryEntries(path, found);
  if (all.length > MAX_ENTRIES + (isV1 ? 0 : 1)) {
    throw invalidLockfile(`${path}: more than ${MAX_ENTRIES} entries`);
  }
  const tops = isV1 ? topsOfV1(project) : topsOfBerry(path, all, project);
  const [root] = tops;
  const entries = all.filter(({ location }) => location !== root?.rootKey);
  const graph = graphOf(path, { entries, tops }, { project, isV1 });
  refuseUnpinned(path, graph);
  const rootName = project.root?.name ?? root?.name ?? 'root';
  const places = new Map(
    found.map(({ keys, place }) => [keys.join(', '), place]),
  );
  return {
    path,
    format: dialect,
    formatVersion,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    entries: entries.length,
    rootName,
    dependencies: joinEntries(
      {
        entries: entries.map((entry) => ({
          ...entry,
          nodes: [entry.location],
        })),
        graph,
        workspaces: workspacesOf(tops),
        rootName,
      },
      { path, places },
    ),
  };
}

function graphOf(
  path: string,
  { entries, tops }: Pick<YarnTree, 'entries' | 'tops'>,
  { project, isV1 }: { readonly project: YarnProject; readonly isV1: boolean },
): Graph {
  const { root, resolutions, isIncomplete } = project;
  const tree: YarnTree = {
    // Berry's workspaces are tops: their own entries have no other edges.
    entries: entries.filter(
      ({ origin }) => isV1 || origin.kind !== 'workspace',
    ),
    tops,
    resolutions: root === null ? null : readResolutions(resolutions),
    isIncomplete: isV1 && isIncomplete,
  };
  return yarnGraph(tree, (what) => {
    throw invalidLockfile(`${path}: ${what}`);
  });
}

function workspacesOf(tops: readonly YarnTop[]): readonly Workspace[] {
  return tops
    .filter(({ place }) => place !== '')
    .map(({ place, name }) => ({ name: name ?? place, target: place }));
}

/** What the project asks for and its lockfile does not have ends the audit. */
function refuseUnpinned(path: string, { edges, tops }: Graph): void {
  const missing = [...tops]
    .flatMap((place) => edges.get(place) ?? [])
    .filter(({ to, type }) => to === null && type !== 'optional')
    .map(({ name }) => name)
    .toSorted();
  const [first, ...others] = new Set(missing);
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  throw outdated(
    path,
    `does not pin ${quote(first)}${more}, which the project asks for`,
  );
}

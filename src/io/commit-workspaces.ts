import { minimatch } from 'minimatch';

import { MAX_MANIFEST_BYTES } from '../lockfile/lockfile-limits.js';
import { listCommitFiles, readCommitFile } from './commit-files.js';
import type { GitCommit } from './git.js';
import {
  collectWorkspaces,
  MANIFEST,
  MATCHING,
  MAX_DEPTH,
} from './workspace-manifests.js';

/**
 * What `readWorkspaceManifests` reads in a folder, as a commit has it: the
 * package.json of each workspace of the project in `folder` of the commit, which
 * is empty or ends in `/`. Throws an `AuditError` for what lies outside the
 * project or cannot be read.
 */
export async function readCommitWorkspaces(
  commit: GitCommit,
  folder: string,
  manifest: Uint8Array,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const listed = await listCommitFiles(commit, folder, MANIFEST);
  const files = new Map(
    listed.map((file) => [file.path.slice(folder.length), file]),
  );
  return collectWorkspaces(manifest, {
    match: ({ parent, wanted, ignored }) => {
      const isMatch = (path: string, patterns: readonly string[]): boolean =>
        patterns.some((pattern) => minimatch(path, pattern, MATCHING));
      const start = parent === '' ? '' : `${parent}/`;
      const found = [...files.keys()]
        .filter((path) => path.startsWith(start))
        .map((path) => path.slice(start.length))
        .filter((path) => path.split('/').length <= MAX_DEPTH)
        .filter((path) => isMatch(path, wanted) && !isMatch(path, ignored));
      return Promise.resolve(found);
    },
    read: (path) => {
      const file = files.get(path);
      if (file === undefined) throw new RangeError(`not listed: ${path}`);
      return readCommitFile(commit, file, MAX_MANIFEST_BYTES);
    },
  });
}

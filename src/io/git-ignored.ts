import { join } from 'node:path';
import { exists, findCheckout } from './checkout.js';
import { runGit, type GitPlace } from './run-git.js';

/** Paths that git ignores. */
export interface IgnoredPaths {
  readonly ignored: ReadonlySet<string>;
  /** Why git could not be asked; null if it could, or there is no repository. */
  readonly problem: string | null;
}

/** What a command line takes everywhere. */
const MAX_CHARACTERS = 16_000;
const MAX_ANSWER = 1024 * 1024;

/**
 * Which of `paths`, from the folder of `place` on, git ignores there. Git itself
 * decides: a tracked file is never ignored, and an author of `.gitignore` alone
 * cannot hide one. What git says nothing of, in a submodule for one, is not
 * ignored. Never throws.
 */
export async function findIgnored(
  place: GitPlace,
  paths: readonly string[],
): Promise<IgnoredPaths> {
  const ignored = new Set<string>();
  const root = await findCheckout(place.folder);
  if (!(await exists(join(root, '.git')))) return { ignored, problem: null };
  let problem: string | null = null;
  for (const batch of batchesOf(paths)) {
    const answer = await ask(place, batch);
    answer.ignored.forEach((path) => ignored.add(path));
    problem ??= answer.reason;
  }
  return { ignored, problem };
}

async function ask(
  place: GitPlace,
  paths: readonly string[],
): Promise<{
  readonly ignored: readonly string[];
  readonly reason: string | null;
}> {
  const args = ['ls-files', '--others', '--ignored', '--exclude-standard'];
  const answer = await runGit(
    place,
    [...args, '-z', '--', ...paths],
    MAX_ANSWER,
  );
  if (answer.status === 'ok') {
    const listed = answer.output.toString('utf8').split('\0');
    return {
      ignored: listed.filter((path) => paths.includes(path)),
      reason: null,
    };
  }
  return { ignored: [], reason: answer.reason };
}

function batchesOf(paths: readonly string[]): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let room = 0;
  for (const path of paths) {
    room -= path.length + 1;
    const last = batches.at(-1);
    if (last === undefined || room < 0) {
      batches.push([path]);
      room = MAX_CHARACTERS - path.length;
    } else {
      last.push(path);
    }
  }
  return batches;
}

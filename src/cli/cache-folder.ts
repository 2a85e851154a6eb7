import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import envPaths from 'env-paths';

const NAME = 'provenance-audit';

/** The program's cache folder: the one that `--cache` names, or the platform's. */
export function cacheFolder(given: string | null, cwd: string): string {
  if (given !== null) return resolve(cwd, given);
  const { cache } = envPaths(NAME, { suffix: '' });
  // A relative one is no place of the user's own (XDG).
  return isAbsolute(cache) ? cache : join(homedir(), '.cache', NAME);
}

import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Environment } from './environment.js';

const NAME = 'provenance-audit';

/**
 * The program's cache folder: the one that `--cache` names, or the platform's
 * for this user. Where a user has none, one below the temporary folder, which
 * is private like any other before it is used.
 */
export async function cacheFolder(
  given: string | null,
  { cwd, env }: Pick<Environment, 'env'> & { readonly cwd: string },
): Promise<string> {
  if (given !== null) return resolve(cwd, given);
  const { XDG_CACHE_HOME: xdg } = env;
  // A relative one is no place of the user's own (XDG).
  if (hasXdgFolders() && xdg && isAbsolute(xdg)) return join(xdg, NAME);
  const home = homeOf(env);
  if (home === null)
    return join(tmpdir(), `${NAME}-${process.getuid?.() ?? 0}`);
  if (hasXdgFolders()) return join(home, '.cache', NAME);
  const { default: envPaths } = await import('env-paths');
  return envPaths(NAME, { suffix: '' }).cache;
}

function hasXdgFolders(): boolean {
  return process.platform !== 'win32' && process.platform !== 'darwin';
}

/** Null for a user of whom the system knows no home. */
function homeOf({ HOME: home }: Environment['env']): string | null {
  if (home && isAbsolute(home)) return home;
  try {
    const known = homedir();
    return isAbsolute(known) ? known : null;
  } catch {
    return null;
  }
}

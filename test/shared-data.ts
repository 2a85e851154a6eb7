import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll } from 'vitest';

const run = promisify(execFile);

/**
 * Unpacks `NAME.tar.gz` of the folder `shared` beside the repository into a
 * fresh temporary folder, and returns the path of the archive's own folder.
 * To be called
 * where a test file is read, not inside a hook: the folder goes when the file's
 * tests are done.
 * Null where there is no such archive: a test that needs it then skips and
 * says so. Real documents live there, as they are not for this repository.
 */
export async function sharedArchive(name: string): Promise<string | null> {
  const archive = fileURLToPath(
    new URL(`../../shared/${name}.tar.gz`, import.meta.url),
  );
  try {
    await access(archive);
  } catch {
    return null;
  }
  const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-shared-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  await run('tar', ['-xzf', archive, '-C', folder]);
  return join(folder, name);
}

/** The text of a file of that folder; null where there is none. */
export async function sharedText(name: string): Promise<string | null> {
  try {
    return await readFile(
      new URL(`../../shared/${name}`, import.meta.url),
      'utf8',
    );
  } catch {
    return null;
  }
}

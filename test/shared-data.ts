import { execFile } from 'node:child_process';
import { access, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Unpacks `NAME.tar.gz` of the folder `shared` beside the repository into a
 * fresh temporary folder, and returns the path of the archive's own folder.
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
  await run('tar', ['-xzf', archive, '-C', folder]);
  return join(folder, name);
}

import { glob } from 'glob';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What an installation comes to. */
export interface Size {
  readonly packages: number;
  readonly mebibytes: number;
}

/**
 * More than this and the check fails: somebody has to look at what was added, and
 * say why it is worth it, before a number here is changed.
 */
export const BOUND: Size = { packages: 155, mebibytes: 36 };

/** Packages in `folder/node_modules` and the sum of their files' sizes. */
export async function measureModules(folder: string): Promise<Size> {
  const text = await readFile(
    join(folder, 'node_modules', '.package-lock.json'),
    'utf8',
  );
  const { packages } = JSON.parse(text) as { readonly packages: object };
  const files = await glob('node_modules/**', {
    cwd: folder,
    dot: true,
    nodir: true,
    follow: false,
  });
  let bytes = 0;
  for (const file of files) bytes += (await stat(join(folder, file))).size;
  return {
    packages: Object.keys(packages).length,
    mebibytes: Math.round((bytes / 1024 / 1024) * 10) / 10,
  };
}

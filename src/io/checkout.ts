import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * The root of the checkout that `folder` (absolute) is in: the nearest folder
 * from it upwards with a `.git`, which git lets nobody commit; `folder` itself
 * where there is none.
 */
export async function findCheckout(folder: string): Promise<string> {
  for (let each = folder; ; each = dirname(each)) {
    if (await exists(join(each, '.git'))) return each;
    if (dirname(each) === each) return folder;
  }
}

/** Whether there is anything at `path`, through links. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

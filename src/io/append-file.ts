import { open } from 'node:fs/promises';

/**
 * Adds `text` to the regular file at `path`, which must be there. `text` is given
 * how many bytes the file has; what it returns is added. Throws what the system
 * throws, and where the path is something else than a file.
 */
export async function appendToFile(
  path: string,
  text: (size: number) => string,
): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const status = await file.stat();
    if (!status.isFile()) throw new Error('not a regular file');
    await file.write(text(status.size), status.size, 'utf8');
  } finally {
    await file.close();
  }
}

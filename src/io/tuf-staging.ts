import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { member } from './member.js';
import {
  createTemporaryDirectory,
  type PrivateDirectory,
} from './private-directory.js';
import { isRootFile } from './tuf-download.js';

/** The folders that a tuf-js `Updater` works in, for one walk only. */
export interface TufStaging extends PrivateDirectory {
  readonly metadata: string;
  readonly targets: string;
}

/**
 * Makes a private directory with `root` as the only trust anchor and `earlier`
 * beside it: metadata under its name, targets below `targets/`. The caller
 * vouches for `root` and for the names in `earlier`, not for its content.
 *
 * tuf-js would believe any self-consistent `root.json` that it finds; this
 * directory is new, and the given root is the last thing written to it.
 */
export async function createStaging(
  root: Uint8Array,
  earlier: ReadonlyMap<string, Uint8Array>,
): Promise<TufStaging> {
  const directory = await createTemporaryDirectory();
  const metadata = join(directory.path, 'metadata');
  const targets = join(directory.path, 'targets');
  await mkdir(metadata);
  await mkdir(targets);
  for (const [name, bytes] of earlier) {
    // The chain of roots is walked anew, not started in its middle.
    if (isRootFile(name)) continue;
    const isTarget = name.startsWith('targets/');
    await writeFile(join(isTarget ? directory.path : metadata, name), bytes);
  }
  // Last: it also replaces a planted one, in whatever case its name is written.
  await writeFile(join(metadata, 'root.json'), root);
  return { ...directory, metadata, targets };
}

/** The files of a folder by name, with `prefix` in front of it. */
export async function readFolder(
  path: string,
  prefix = '',
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const name of (await readdir(path)).sort()) {
    files.set(prefix + name, await readFile(join(path, name)));
  }
  return files;
}

/**
 * Version and expiry of a metadata file that tuf-js has verified, and with
 * them their types; throws for anything else.
 */
export function readSigned(bytes: Uint8Array | undefined): {
  readonly version: number;
  readonly expires: Date;
} {
  const text = Buffer.from(bytes ?? []).toString('utf8');
  const value: unknown = JSON.parse(text);
  const signed = member(value, 'signed');
  const version = member(signed, 'version');
  const expires = member(signed, 'expires');
  if (typeof version !== 'number' || typeof expires !== 'string') {
    throw new TypeError('verified metadata without version or expiry');
  }
  return { version, expires: new Date(expires) };
}

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
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
 *
 * At once, like everything here: each wait for a file is a wait for all answers of
 * the registry that have come in by then, and verification waits for this.
 */
export function createStaging(
  root: Uint8Array,
  earlier: ReadonlyMap<string, Uint8Array>,
): TufStaging {
  const directory = createTemporaryDirectory();
  const metadata = join(directory.path, 'metadata');
  const targets = join(directory.path, 'targets');
  mkdirSync(metadata);
  mkdirSync(targets);
  for (const [name, bytes] of earlier) {
    // The chain of roots is walked anew, not started in its middle.
    if (isRootFile(name)) continue;
    const isTarget = name.startsWith('targets/');
    writeFileSync(join(isTarget ? directory.path : metadata, name), bytes);
  }
  // Last: it also replaces a planted one, in whatever case its name is written.
  writeFileSync(join(metadata, 'root.json'), root);
  return { ...directory, metadata, targets };
}

/** The files of a folder by name, with `prefix` in front of it. */
export function readFolder(path: string, prefix = ''): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const name of readdirSync(path).sort()) {
    files.set(prefix + name, readFileSync(join(path, name)));
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

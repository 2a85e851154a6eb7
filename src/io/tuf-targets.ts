import { readFileSync } from 'node:fs';
import type { Updater } from 'tuf-js';
import { MAX_FILE_BYTES, type TufFetcher } from './tuf-fetcher.js';

/**
 * What a TUF repository says about the keys of one registry.
 *
 * - `none`: its verified metadata lists no keys for this host.
 * - `unusable`: the delegation or the target is missing or does not verify.
 * - `unreachable`: a file could not be had; nothing is known.
 */
export type RegistryKeysAnswer =
  | { readonly status: 'found'; readonly keys: Uint8Array }
  | { readonly status: 'none' }
  | { readonly status: 'unusable' | 'unreachable'; readonly message: string };

/**
 * The target `HOST/keys.json`, found through the delegation for its path.
 * `host` may carry a port. Never throws: keys that cannot be had leave
 * provenance verifiable (SECURITY section 4).
 */
export async function findRegistryKeys(
  updater: Updater,
  fetcher: TufFetcher,
  host: string,
): Promise<RegistryKeysAnswer> {
  try {
    const keys = await readTarget(updater, `${host}/keys.json`);
    return keys === null ? { status: 'none' } : { status: 'found', keys };
  } catch (error) {
    const problem = fetcher.takeProblem();
    return problem?.status === 'unreachable'
      ? { status: 'unreachable', message: problem.message }
      : {
          status: 'unusable',
          message: problem?.message ?? whyUnverified(error),
        };
  }
}

/** The bytes of a target; throws unless it is listed and verifies. */
export async function requireTarget(
  updater: Updater,
  path: string,
): Promise<Uint8Array> {
  const bytes = await readTarget(updater, path);
  if (bytes === null) throw new Error(`the repository has no target ${path}`);
  return bytes;
}

/** What went wrong, as one line without the layers that tuf-js adds. */
export function whyUnverified(error: unknown): string {
  // The parser's own words quote the file, line breaks included.
  if (error instanceof SyntaxError) return 'a metadata file is not JSON';
  const message = error instanceof Error ? error.message : 'unknown reason';
  const [line = ''] = message.split(/[\r\n]/, 1);
  return line.replace(/ error \w*Error: /, ': ').slice(0, 300);
}

async function readTarget(
  updater: Updater,
  path: string,
): Promise<Uint8Array | null> {
  const info = await updater.getTargetInfo(path);
  if (info === undefined) return null;
  if (info.length > MAX_FILE_BYTES) {
    throw new Error(`${path} is larger than ${MAX_FILE_BYTES} bytes`);
  }
  // Without a digest, tuf-js compares nothing but the length.
  if (!('sha256' in info.hashes || 'sha512' in info.hashes)) {
    throw new Error(`${path} is listed without a SHA-256 or SHA-512`);
  }
  const cached = await updater.findCachedTarget(info);
  return readFileSync(cached ?? (await updater.downloadTarget(info)));
}

import { MAX_MANIFEST_BYTES } from './lockfile-limits.js';
import { readNpmManifest, type NpmManifest } from './npm-project.js';
import { readJsonFile } from './read-json-file.js';

const MANIFEST = 'package.json';

/** Reads the untrusted root package.json; null where there is none. */
export function readRootManifest(bytes: Uint8Array | null): NpmManifest | null {
  if (bytes === null) return null;
  const limits = { maxBytes: MAX_MANIFEST_BYTES, maxDepth: 64 };
  const { record } = readJsonFile(MANIFEST, bytes, limits);
  return readNpmManifest(record, MANIFEST);
}

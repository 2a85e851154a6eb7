import { decodeUtf8 } from '../json/decode-utf8.js';
import { MAX_LOCKFILE_BYTES } from './lockfile-limits.js';
import { invalidLockfile } from './lockfile-source.js';
import { refuseConflictMarker } from './merge-conflict.js';
import { placesIn } from './place.js';
import { readYamlWithLibrary } from './yaml-library.js';
import { readYamlLines } from './yaml-lines.js';
import type { YamlMap } from './yaml-value.js';

/**
 * Reads a lockfile that is written in YAML, untrusted: its documents, each one a
 * map, and its text for the places in it. What is wrong becomes an `AuditError`
 * of one line with the place in the file.
 */
export function readYamlFile(
  path: string,
  bytes: Uint8Array,
): { readonly documents: readonly YamlMap[]; readonly text: string } {
  const text = readLockfileText(path, bytes);
  const read = readYamlLines(text) ?? readYamlWithLibrary(text);
  if (!('message' in read)) {
    if (read.length === 0) throw invalidLockfile(`${path}: nothing in it`);
    return { documents: read, text };
  }
  refuseConflictMarker(path, text);
  const { line, column } = placesIn(text)(read.offset);
  const [message = ''] = read.message.split('\n');
  throw invalidLockfile(`${path}:${line}:${column}: not YAML: ${message}`);
}

/** The text of a lockfile that is no JSON, or an `AuditError`. */
export function readLockfileText(path: string, bytes: Uint8Array): string {
  if (bytes.byteLength === 0) throw invalidLockfile(`${path}: empty file`);
  if (bytes.byteLength > MAX_LOCKFILE_BYTES) {
    throw invalidLockfile(`${path}: larger than ${MAX_LOCKFILE_BYTES} bytes`);
  }
  const decoded = decodeUtf8(bytes);
  if (decoded.status === 'ok') return decoded.text;
  throw invalidLockfile(`${path}: ${decoded.message}`);
}

import type { AuditError } from '../errors.js';
import { decodeUtf8 } from '../json/decode-utf8.js';
import {
  isJsonObject,
  parseStrictJson,
  positionToLine,
} from '../json/strict-json.js';
import type { JsonLimits, JsonObject } from '../json/strict-json.js';
import { invalidLockfile } from './lockfile-source.js';
import { refuseConflictMarker } from './merge-conflict.js';

/**
 * Reads a file that must hold one JSON object, untrusted, and keeps its text
 * for the lines in it. What is wrong becomes an `AuditError` of one line, with
 * the place in the file; leftovers of a merge are called by their name.
 */
export function readJsonFile(
  path: string,
  bytes: Uint8Array,
  limits: JsonLimits,
): { readonly record: JsonObject; readonly text: string } {
  if (bytes.byteLength === 0) throw invalidLockfile(`${path}: empty file`);
  const isTooLarge = bytes.byteLength > limits.maxBytes;
  const decoded = isTooLarge ? null : decodeUtf8(bytes);
  const text = decoded?.status === 'ok' ? decoded.text : null;
  const result = parseStrictJson(text ?? bytes, limits);
  if (result.status === 'error') {
    const { message, position } = result.problem;
    const known = text ?? '';
    refuseConflictMarker(path, known, 'npm install');
    throw at(path, known, { message, position });
  }
  if (isJsonObject(result.value)) {
    return { record: result.value, text: text ?? '' };
  }
  throw invalidLockfile(`${path}: expected an object`);
}

function at(
  path: string,
  text: string,
  problem: { readonly message: string; readonly position: number | null },
): AuditError {
  const { message, position } = problem;
  if (position === null) return invalidLockfile(`${path}: ${message}`);
  const { line, column } = positionToLine(text, position);
  return invalidLockfile(`${path}:${line}:${column}: ${message}`);
}

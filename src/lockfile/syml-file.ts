import { requireCommonJs } from '../commonjs.js';
import { decodeUtf8 } from '../json/decode-utf8.js';
import { MAX_LOCKFILE_BYTES } from './lockfile-limits.js';
import { invalidLockfile } from './lockfile-source.js';
import { detectDialect } from './yarn-format.js';
import { readSymlLines, type SymlDialect } from './syml-lines.js';
import {
  readSymlRecords,
  type SymlEntry,
  type SymlRecord,
} from './syml-records.js';

const { parseSyml } = requireCommonJs('@yarnpkg/parsers');

/**
 * Reads an untrusted `yarn.lock`. Throws an `AuditError` with one line for what
 * Yarn does not write, and what its own parser does not read.
 */
export function readSymlFile(
  path: string,
  bytes: Uint8Array,
): { readonly dialect: SymlDialect; readonly entries: readonly SymlEntry[] } {
  if (bytes.byteLength === 0) throw invalidLockfile(`${path}: empty file`);
  if (bytes.byteLength > MAX_LOCKFILE_BYTES) {
    throw invalidLockfile(`${path}: larger than ${MAX_LOCKFILE_BYTES} bytes`);
  }
  const decoded = decodeUtf8(bytes);
  if (decoded.status === 'error') {
    throw invalidLockfile(`${path}: ${decoded.message}`);
  }
  const { text } = decoded;
  const dialect = detectDialect(text);
  if (dialect === null) {
    throw invalidLockfile(
      `${path}: expected "# yarn lockfile v1" or "__metadata" of Yarn`,
    );
  }
  const entries =
    readSymlRecords(text, dialect) ?? readSymlWithYarn(path, text, dialect);
  return { dialect, entries };
}

/**
 * Reads a `yarn.lock` with Yarn's own parser, after each line was found to be
 * one that Yarn writes. The keys that the parser finds are those of the lines, or
 * the file is refused.
 */
export function readSymlWithYarn(
  path: string,
  text: string,
  dialect: SymlDialect,
): readonly SymlEntry[] {
  const lines = readSymlLines(path, text, dialect);
  const parsed = parse(path, text);
  const entries = lines.map(({ keys, place }): SymlEntry => {
    const records = keys.map((key) =>
      Object.hasOwn(parsed, key) ? parsed[key] : undefined,
    );
    const [record] = records;
    if (!isSymlRecord(record) || records.some((other) => other !== record)) {
      throw invalidLockfile(`${path}:${place.line}: expected an entry`);
    }
    return { keys, record, place };
  });
  const count = lines.reduce((sum, { keys }) => sum + keys.length, 0);
  if (Object.keys(parsed).length !== count) {
    throw invalidLockfile(
      `${path}: entries that are not in lines of their own`,
    );
  }
  return entries;
}

function parse(path: string, text: string): Readonly<Record<string, unknown>> {
  try {
    // It decides anew which dialect it reads, by the same first line.
    const value: unknown = parseSyml(text.replace(/\r\n/g, '\n'));
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch (error) {
    // Grammar and YAML parser throw their own errors, and a deep one any.
    const reason = error instanceof Error ? error.message : 'unknown error';
    const [line = ''] = reason.split('\n');
    throw invalidLockfile(`${path}: Yarn cannot read it: ${line}`, error);
  }
  throw invalidLockfile(`${path}: expected entries`);
}

function isSymlRecord(value: unknown): value is SymlRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(
      (member) => typeof member === 'string' || isSymlRecord(member),
    )
  );
}

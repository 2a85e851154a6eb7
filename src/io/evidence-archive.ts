import {
  UNAVAILABLE_CODES,
  type UnavailableCode,
} from '../evidence/evidence.js';
import {
  ANSWER_NOTES,
  type AnswerNote,
  type RegistryAnswer,
  type RegistryRequest,
} from '../evidence/registry.js';
import {
  isJsonArray,
  isJsonObject,
  parseStrictJson,
  type JsonObject,
  type JsonValue,
} from '../json/strict-json.js';
import { compareText } from '../package/package-id.js';
import { sha256Hex } from './evidence-pack.js';
import type { TufCacheEntry } from './tuf-cache.js';

/** What an audit asked, and what was answered. */
export interface ArchivedAnswer {
  readonly request: RegistryRequest;
  readonly answer: RegistryAnswer;
}

/** What the audit was held against. */
export type ArchivedTrustRoot =
  /** Metadata of a TUF repository, to be verified from a trusted root on. */
  | ({ readonly kind: 'tuf' } & TufCacheEntry)
  /** From files: nothing in the archive says whether to trust it. */
  | {
      readonly kind: 'file';
      readonly trustedRoot: Uint8Array;
      readonly npmKeys: Uint8Array | null;
    };

/** All that an audit was based on beside the project itself. Untrusted. */
export interface EvidenceArchive {
  readonly lockfile: { readonly path: string; readonly sha256: string };
  readonly trustRoot: ArchivedTrustRoot;
  readonly answers: readonly ArchivedAnswer[];
}

/** Thrown for what is no archive as this program writes it. */
export class ArchiveError extends Error {}

const FORMAT = 'provenance-audit evidence';
const VERSION = 1;
const KINDS = ['version', 'attestations', 'publish-time', 'history'] as const;
const LINE_LIMITS = { maxBytes: 16 * 1024 * 1024, maxDepth: 4 };
const MAX_ANSWERS = 600_000;
const NEWLINE = 0x0a;

const MIB = 1024 * 1024;

/** Largest archive that is read: 512 MiB. */
export const MAX_ARCHIVE_BYTES = 512 * MIB;
/** Names, digests and punctuation around a body. */
const LINE_OVERHEAD = 256;

/**
 * Writes `archive`: a line of JSON each for what it is, the trust root and every
 * answer, in an order and spelling that depend on nothing but the content.
 * Throws `ArchiveError` for one that would be larger than `maxBytes`, which
 * nobody could read.
 */
export function renderArchive(
  archive: EvidenceArchive,
  maxBytes = MAX_ARCHIVE_BYTES,
): string {
  if (sizeOf(archive) > maxBytes) {
    const limit = `${Math.floor(maxBytes / MIB)} MiB`;
    throw new ArchiveError(`larger than ${limit}, which nobody reads`);
  }
  const answers = archive.answers
    .map(({ request, answer }) => ({
      order: orderOf(request),
      line: answerLine(request, answer),
    }))
    .toSorted((one, other) => compareText(one.order, other.order))
    .map(({ line }) => line);
  const lines = [
    headLine(archive.lockfile, answers.length),
    rootLine(archive.trustRoot),
    ...answers,
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Reads an archive, untrusted. It must be spelled exactly as `renderArchive`
 * spells it, each body with its digest: what was altered by accident is refused
 * as a whole. Throws `ArchiveError`. Nothing in it is verified here.
 */
export function parseArchive(bytes: Uint8Array): EvidenceArchive {
  const lines = splitLines(bytes);
  const head = readLine(lines.next().value, 1);
  const lockfile = objectOf(head.value['lockfile']);
  const path = textOf(lockfile['path']);
  const sha256 = textOf(lockfile['sha256']);
  const count = head.value['answers'];
  if (typeof count !== 'number' || count > MAX_ANSWERS) throw damaged(1);
  requireSpelling(headLine({ path, sha256 }, count), head);
  const trustRoot = parseRoot(readLine(lines.next().value, 2));
  const answers: ArchivedAnswer[] = [];
  let last = '';
  for (const line of lines) {
    const number = answers.length + 3;
    const archived = parseAnswerLine(readLine(line, number));
    const order = orderOf(archived.request);
    // In order, and so none of them twice.
    const isNext = compareText(order, last) > 0 && answers.length < count;
    if (!isNext) throw damaged(number);
    last = order;
    answers.push(archived);
  }
  if (answers.length !== count) throw new ArchiveError('it ends early');
  return { lockfile: { path, sha256 }, trustRoot, answers };
}

/** About as many bytes as it will have, before any of them is made. */
function sizeOf({ answers }: EvidenceArchive): number {
  let bytes = 0;
  for (const { answer } of answers) {
    const body = answer.status === 'found' ? answer.body.byteLength : 0;
    bytes += Math.ceil(body / 3) * 4 + LINE_OVERHEAD;
  }
  return bytes;
}

function headLine(
  { path, sha256 }: EvidenceArchive['lockfile'],
  answers: number,
): string {
  return JSON.stringify({
    format: FORMAT,
    version: VERSION,
    lockfile: { path, sha256 },
    answers,
  });
}

function rootLine(root: ArchivedTrustRoot): string {
  if (root.kind === 'file') {
    const { trustedRoot, npmKeys } = root;
    return JSON.stringify({
      trustRoot: 'file',
      trustedRoot: toBase64(trustedRoot),
      npmKeys: npmKeys === null ? null : toBase64(npmKeys),
    });
  }
  const files = [...root.files].toSorted(([one], [other]) =>
    compareText(one, other),
  );
  return JSON.stringify({
    trustRoot: 'tuf',
    refreshedAt: root.refreshedAt.toISOString(),
    files: files.map(([name, content]) => [name, toBase64(content)]),
  });
}

function answerLine(
  { kind, registry, id }: RegistryRequest,
  answer: RegistryAnswer,
): string {
  const about = {
    registry,
    name: id.name,
    version: id.version,
    kind,
    status: answer.status,
  };
  switch (answer.status) {
    case 'found': {
      const { body, notes = [] } = answer;
      return JSON.stringify({
        ...about,
        ...(notes.length > 0 && { notes: notes.toSorted(compareText) }),
        sha256: sha256Hex(body),
        body: toBase64(body),
      });
    }
    case 'absent':
      return JSON.stringify(about);
    case 'unavailable':
      return JSON.stringify({
        ...about,
        code: answer.code,
        message: answer.message,
      });
  }
}

function orderOf({ kind, registry, id }: RegistryRequest): string {
  return JSON.stringify([registry, id.name, id.version, kind]);
}

function parseRoot(line: Line): ArchivedTrustRoot {
  const { value } = line;
  const root =
    value['trustRoot'] === 'tuf' ? parseTufRoot(value) : parseFileRoot(value);
  requireSpelling(rootLine(root), line);
  return root;
}

function parseTufRoot(line: JsonObject): ArchivedTrustRoot {
  const refreshedAt = new Date(textOf(line['refreshedAt']));
  if (Number.isNaN(refreshedAt.getTime())) throw damaged(2);
  const list = line['files'];
  if (list === undefined || !isJsonArray(list)) throw damaged(2);
  const files = new Map<string, Uint8Array>();
  for (const pair of list) {
    const [name, content] = isJsonArray(pair) ? pair : [];
    if (typeof name !== 'string' || typeof content !== 'string')
      throw damaged(2);
    files.set(name, Buffer.from(content, 'base64'));
  }
  return { kind: 'tuf', refreshedAt, files };
}

function parseFileRoot(line: JsonObject): ArchivedTrustRoot {
  const keys = line['npmKeys'] ?? null;
  return {
    kind: 'file',
    trustedRoot: Buffer.from(textOf(line['trustedRoot']), 'base64'),
    npmKeys: keys === null ? null : Buffer.from(textOf(keys), 'base64'),
  };
}

function parseAnswerLine(line: Line): ArchivedAnswer {
  const { value, number } = line;
  const kind = KINDS.find((each) => each === value['kind']);
  if (kind === undefined) throw damaged(number);
  const id = { name: textOf(value['name']), version: textOf(value['version']) };
  const request = { kind, id, registry: textOf(value['registry']) };
  const answer = toAnswer(value, number);
  requireSpelling(answerLine(request, answer), line);
  return { request, answer };
}

function toAnswer(line: JsonObject, number: number): RegistryAnswer {
  const { status } = line;
  switch (typeof status === 'string' ? status : '') {
    case 'found':
      // Its digest is made anew and compared with the rest of the line.
      return {
        status: 'found',
        body: Buffer.from(textOf(line['body']), 'base64'),
        ...notesOf(line['notes'], number),
      };
    case 'absent':
      return { status: 'absent' };
    case 'unavailable':
      return {
        status: 'unavailable',
        code: codeOf(line['code'], number),
        message: textOf(line['message']),
      };
    default:
      throw damaged(number);
  }
}

/** Left out where there are none, as in archives from before there were any. */
function notesOf(
  value: JsonValue | undefined,
  number: number,
): { readonly notes?: readonly AnswerNote[] } {
  if (value === undefined) return {};
  const known = ANSWER_NOTES.filter(
    (note) => isJsonArray(value) && value.includes(note),
  );
  if (known.length === 0) throw damaged(number);
  return { notes: known };
}

function codeOf(value: unknown, number: number): UnavailableCode {
  const code = UNAVAILABLE_CODES.find((each) => each === value);
  if (code === undefined) throw damaged(number);
  return code;
}

function* splitLines(bytes: Uint8Array): Generator<Uint8Array, undefined> {
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end === -1) throw new ArchiveError('it ends early');
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}

/** A line's value beside its spelling, which has to be ours. */
interface Line {
  readonly value: JsonObject;
  readonly text: string;
  readonly number: number;
}

function readLine(line: Uint8Array | undefined, number: number): Line {
  if (line === undefined) throw new ArchiveError('it ends early');
  const parsed = parseStrictJson(line, LINE_LIMITS);
  if (parsed.status !== 'ok' || !isJsonObject(parsed.value)) {
    throw new ArchiveError('it is no evidence archive');
  }
  return {
    value: parsed.value,
    text: Buffer.from(line).toString('utf8'),
    number,
  };
}

function requireSpelling(expected: string, { text, number }: Line): void {
  if (text !== expected) throw damaged(number);
}

function damaged(number: number): ArchiveError {
  return new ArchiveError(`line ${number} is not as it was written`);
}

function objectOf(value: JsonValue | undefined): JsonObject {
  if (value !== undefined && isJsonObject(value)) return value;
  throw new ArchiveError('it is no evidence archive');
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  throw new ArchiveError('it is no evidence archive');
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

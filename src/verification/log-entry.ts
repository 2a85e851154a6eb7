import {
  isJsonArray,
  isJsonObject,
  parseStrictJson,
  type JsonValue,
} from '../json/strict-json.js';
import type { CheckId } from './check-catalogue.js';
import { failed, notMade, passed, type Check, type Sides } from './check.js';

/** A transparency log entry of a bundle, reduced to what is looked at here. */
export interface LogEntry {
  readonly logId: Buffer;
  /** As the bundle claims; over all trees of a Rekor v1 log. */
  readonly logIndex: string;
  /** Seconds since 1970 as decimal text; `0` or empty where there is none. */
  readonly integratedTime: string;
  /** The log has signed index and time: its inclusion promise (SET). */
  readonly isPromised: boolean;
  readonly canonicalizedBody: Buffer;
  readonly proof: {
    /** Position in the tree, which the Merkle path is for. */
    readonly logIndex: string;
    readonly rootHash: Buffer;
    readonly treeSize: string;
    readonly checkpoint: string;
  } | null;
}

/** Rekor's first key is valid from this day on; no entry can be older. */
const REKOR_START = Date.UTC(2021, 0, 12);
/** How far the clock of a log or an authority may be ahead of ours. */
export const CLOCK_TOLERANCE_MS = 60 * 60 * 1000;
/**
 * Origin, size and root hash; then lines that the log signs too; then a blank
 * line and signatures. Source: transparency-dev checkpoint and signed note
 * formats. Readers differ about what they skip, so nothing else is accepted.
 */
const CHECKPOINT =
  /^[^\n]+\n(?<size>0|[1-9]\d{0,18})\n(?<root>[A-Za-z0-9+/]+={0,2})\n(?:[^\n]+\n)*\n(?:\u2014 [^\s+]+ [A-Za-z0-9+/]+={0,2}\n)+$/;
const BODY_LIMITS = { maxBytes: 4 * 1024 * 1024, maxDepth: 16 };

/**
 * What the library leaves out about log entries that it has verified:
 * repeated entries, absurd times, a proof that contradicts its own checkpoint,
 * and an entry that names another signer than the bundle does.
 *
 * `entries` belong to a bundle that the library accepts; `signer` is the DER of
 * its certificate, or of the public key that its hint was resolved to.
 *
 * Checks C13, C15, C16. Source: Sigstore client specification section 4.4;
 * transparency-dev checkpoint format.
 */
export function checkLogEntries(
  entries: readonly LogEntry[],
  signer: Buffer,
  now: Date,
): readonly Check[] {
  return [
    checkDistinct(entries),
    ...entries.flatMap((entry) => [
      checkTime(entry, now),
      checkProof(entry),
      checkSigner(entry.canonicalizedBody, signer),
    ]),
  ];
}

/**
 * The index of an entry by the log's own word: signed with the promise, or the
 * position that the Merkle path proves. What a bundle claims beside a proof
 * alone nobody has signed.
 */
export function provenLogIndex({
  logIndex,
  isPromised,
  proof,
}: LogEntry): string | null {
  return isPromised ? logIndex : (proof?.logIndex ?? null);
}

function checkDistinct(entries: readonly LogEntry[]): Check {
  const ids = entries.map((entry) =>
    [entry.logId.toString('hex'), provenLogIndex(entry)].join(' '),
  );
  return new Set(ids).size === ids.length
    ? passed('log-entry-distinct', { found: describeIndexes(entries) })
    : refused('log-entry-distinct', 'the same log entry occurs twice');
}

function describeIndexes(entries: readonly LogEntry[]): string {
  return entries
    .map((entry) => `log index ${provenLogIndex(entry) ?? '(none)'}`)
    .join(', ');
}

function checkTime({ integratedTime, isPromised }: LogEntry, now: Date): Check {
  // Entries of Rekor v2 have no time of their own.
  if (!isPromised || integratedTime === '0' || integratedTime === '') {
    return notMade('log-time', 'the log has signed no time of this entry');
  }
  const time = Number(integratedTime) * 1000;
  const latest = now.getTime() + CLOCK_TOLERANCE_MS;
  const sides = {
    expected: `between ${iso(REKOR_START)} and ${iso(latest)}`,
    found: Number.isFinite(time) ? iso(time) : integratedTime,
  };
  return time >= REKOR_START && time <= latest
    ? passed('log-time', sides)
    : refused('log-time', 'the log time is implausible', sides);
}

function iso(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime())
    ? String(milliseconds)
    : date.toISOString();
}

/** The Merkle path leads to the checkpoint's root; these two are unused. */
function checkProof(entry: LogEntry): Check {
  const { proof } = entry;
  if (proof === null) {
    return notMade('log-proof', 'a bundle from before proofs were stored');
  }
  const checkpoint = CHECKPOINT.exec(proof.checkpoint)?.groups;
  if (checkpoint === undefined || !hasCanonicalBase64(proof.checkpoint)) {
    return refused('log-proof', 'the checkpoint is not of a checkpoint’s form');
  }
  const { size = '', root = '' } = checkpoint;
  const stated = proof.rootHash.toString('base64');
  const sides = {
    expected: `size ${size}, root ${root}`,
    found: `size ${proof.treeSize}, root ${stated}`,
  };
  if (size !== proof.treeSize) {
    const message = 'the inclusion proof and its checkpoint differ in size';
    return refused('log-proof', message, sides);
  }
  if (stated !== root) {
    const message =
      'the inclusion proof and its checkpoint differ in root hash';
    return refused('log-proof', message, sides);
  }
  return checkIndex(entry, proof.logIndex) ?? passed('log-proof', sides);
}

/** A log of one tree, as Rekor v2 is, counts its entries only once. */
function checkIndex(
  { canonicalizedBody, isPromised, logIndex }: LogEntry,
  proven: string,
): Check | null {
  const parsed = parseStrictJson(canonicalizedBody, BODY_LIMITS);
  const kind = parsed.status === 'ok' ? member(parsed.value, 'kind') : null;
  if (isPromised || kind !== 'hashedrekord' || logIndex === proven) return null;
  return refused(
    'log-proof',
    'the log index is not the one that the inclusion proof is for',
    { expected: proven, found: logIndex },
  );
}

/** Whether every signature of a well-formed checkpoint is canonical base64. */
function hasCanonicalBase64(checkpoint: string): boolean {
  const lines = checkpoint.slice(checkpoint.indexOf('\n\n') + 2, -1);
  return lines.split('\n').every((line) => {
    const base64 = line.slice(line.lastIndexOf(' ') + 1);
    return Buffer.from(base64, 'base64').toString('base64') === base64;
  });
}

/**
 * Without this comparison, an entry made with another key for the same payload
 * and signature bytes would stand for a signing that the log never saw.
 */
function checkSigner(body: Buffer, signer: Buffer): Check {
  const parsed = parseStrictJson(body, BODY_LIMITS);
  const named = parsed.status === 'ok' ? readSigner(parsed.value) : null;
  return named?.equals(signer) === true
    ? passed('log-signer')
    : refused(
        'log-signer',
        'the log entry names another signer than the bundle',
      );
}

/** The certificate or key in an entry's body, as DER; null if unreadable. */
function readSigner(body: JsonValue): Buffer | null {
  const kind = member(body, 'kind');
  const spec = member(body, 'spec');
  if (kind === 'intoto') {
    const envelope = member(member(spec, 'content'), 'envelope');
    return decodePem(
      member(onlyElement(member(envelope, 'signatures')), 'publicKey'),
    );
  }
  if (kind === 'dsse') {
    return decodePem(
      member(onlyElement(member(spec, 'signatures')), 'verifier'),
    );
  }
  if (kind === 'hashedrekord') {
    const signature = member(member(spec, 'hashedRekordV002'), 'signature');
    const verifier = member(signature, 'verifier');
    const bytes =
      member(member(verifier, 'x509Certificate'), 'rawBytes') ??
      member(member(verifier, 'publicKey'), 'rawBytes');
    return typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : null;
  }
  return null;
}

function member(
  value: JsonValue | undefined,
  key: string,
): JsonValue | undefined {
  return isJsonObject(value) ? value[key] : undefined;
}

function onlyElement(value: JsonValue | undefined): JsonValue | undefined {
  return isJsonArray(value) && value.length === 1 ? value[0] : undefined;
}

const PEM =
  /^-----BEGIN (?:CERTIFICATE|PUBLIC KEY)-----\n([A-Za-z0-9+/=\n]+)-----END (?:CERTIFICATE|PUBLIC KEY)-----\n?$/;

/** Base64 of a PEM text with one block, as Rekor v1 stores it. */
function decodePem(base64: JsonValue | undefined): Buffer | null {
  if (typeof base64 !== 'string') return null;
  const match = PEM.exec(Buffer.from(base64, 'base64').toString('latin1'));
  return match?.[1] === undefined ? null : Buffer.from(match[1], 'base64');
}

function refused(check: CheckId, message: string, sides: Sides = {}): Check {
  return failed(check, {
    kind: 'invalid',
    code: 'log-entry',
    message,
    ...sides,
  });
}

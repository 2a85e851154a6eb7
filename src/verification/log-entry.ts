import {
  isJsonArray,
  isJsonObject,
  parseStrictJson,
  type JsonValue,
} from '../json/strict-json.js';
import type { FormProblem } from './bundle-form.js';

/** A transparency log entry of a bundle, reduced to what is looked at here. */
export interface LogEntry {
  /** Log id and index, to tell entries apart. */
  readonly logId: Buffer;
  readonly logIndex: string;
  /** Seconds since 1970 as decimal text; `0` or empty where there is none. */
  readonly integratedTime: string;
  readonly canonicalizedBody: Buffer;
  readonly proof: {
    readonly rootHash: Buffer;
    readonly treeSize: string;
    readonly checkpoint: string;
  } | null;
}

/** Rekor's first key is valid from this day on; no entry can be older. */
const REKOR_START = Date.UTC(2021, 0, 12);
/** How far a log's clock may be ahead of ours. */
const CLOCK_TOLERANCE_MS = 60 * 60 * 1000;
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
export function findLogEntryProblem(
  entries: readonly LogEntry[],
  signer: Buffer,
  now: Date,
): FormProblem | null {
  const seen = new Set<string>();
  for (const entry of entries) {
    const id = `${entry.logId.toString('hex')} ${entry.logIndex}`;
    if (seen.has(id)) return logEntry('the same log entry occurs twice');
    seen.add(id);
    const problem =
      findTimeProblem(entry.integratedTime, now) ??
      findProofProblem(entry.proof) ??
      findSignerProblem(entry.canonicalizedBody, signer);
    if (problem !== null) return problem;
  }
  return null;
}

function findTimeProblem(
  integratedTime: string,
  now: Date,
): FormProblem | null {
  // Entries of Rekor v2 have no time of their own.
  if (integratedTime === '0' || integratedTime === '') return null;
  const time = Number(integratedTime) * 1000;
  const latest = now.getTime() + CLOCK_TOLERANCE_MS;
  if (time >= REKOR_START && time <= latest) return null;
  return logEntry('the log time is implausible', {
    expected: `between ${iso(REKOR_START)} and ${iso(latest)}`,
    found: Number.isFinite(time) ? iso(time) : integratedTime,
  });
}

function iso(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime())
    ? String(milliseconds)
    : date.toISOString();
}

/** The Merkle path leads to the checkpoint's root; these two are unused. */
function findProofProblem(proof: LogEntry['proof']): FormProblem | null {
  if (proof === null) return null;
  const [, size, rootHash] = proof.checkpoint.split('\n');
  if (size !== proof.treeSize) {
    return logEntry('the inclusion proof and its checkpoint differ in size', {
      expected: size ?? '(none)',
      found: proof.treeSize,
    });
  }
  const stated = proof.rootHash.toString('base64');
  return stated === rootHash
    ? null
    : logEntry('the inclusion proof and its checkpoint differ in root hash', {
        expected: rootHash ?? '(none)',
        found: stated,
      });
}

/**
 * Without this comparison, an entry made with another key for the same payload
 * and signature bytes would stand for a signing that the log never saw.
 */
function findSignerProblem(body: Buffer, signer: Buffer): FormProblem | null {
  const parsed = parseStrictJson(body, BODY_LIMITS);
  const named = parsed.status === 'ok' ? readSigner(parsed.value) : null;
  return named?.equals(signer) === true
    ? null
    : logEntry('the log entry names another signer than the bundle');
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

function logEntry(
  message: string,
  details: Pick<FormProblem, 'expected' | 'found'> = {},
): FormProblem {
  return { code: 'log-entry', message, ...details };
}

import {
  isJsonArray,
  isJsonObject,
  parseStrictJson,
  type JsonObject,
  type JsonValue,
} from '../json/strict-json.js';
import type { Rejection, RejectionCode } from './verification.js';

/**
 * What a statement is about, as its signer says; digests are not yet compared.
 */
export interface StatementSubject {
  readonly name: string;
  /** Digests by algorithm, as written. */
  readonly digest: ReadonlyMap<string, string>;
}

/**
 * An in-toto statement from a verified signature. There is no other way to
 * have one, so that whoever accepts one need not ask. What it says is the
 * signer's word, no more.
 */
export interface Statement {
  readonly predicateType: string;
  readonly subjects: readonly StatementSubject[];
  readonly predicate: JsonObject;
}

/** A statement, or the one reason why the payload is none. */
export type StatementResult =
  | { readonly status: 'ok'; readonly statement: Statement }
  | {
      readonly status: 'rejected';
      readonly rejection: Omit<Rejection, 'attestation'>;
    };

const STATEMENT_TYPES: readonly string[] = [
  'https://in-toto.io/Statement/v0.1',
  'https://in-toto.io/Statement/v1',
];
const LIMITS = { maxBytes: 4 * 1024 * 1024, maxDepth: 64 };

/**
 * Reads `payload`, the very bytes whose signature was verified, as an in-toto
 * statement whose predicate type is the one the registry labelled it with.
 *
 * Checks C18 to C20. Source: in-toto attestation framework, statement v0.1, v1.
 */
export function parseStatement(
  payload: Uint8Array,
  labelledType: string,
): StatementResult {
  const result = parseStrictJson(payload, LIMITS);
  if (result.status === 'error') {
    return result.problem.code === 'duplicate-key'
      ? invalid('duplicate-key', result.problem.message)
      : malformed(result.problem.message);
  }
  const { value } = result;
  if (!isJsonObject(value)) return malformed('the statement is not an object');
  const { _type: type, predicateType, predicate } = value;
  if (typeof type !== 'string' || !STATEMENT_TYPES.includes(type)) {
    return invalid('statement-type', 'not a known in-toto statement', {
      expected: STATEMENT_TYPES.join(' or '),
      found: JSON.stringify(type ?? null),
    });
  }
  if (predicateType !== labelledType) {
    return invalid(
      'predicate-type',
      'the signed predicate type is not the one the registry labels it with',
      { expected: labelledType, found: JSON.stringify(predicateType ?? null) },
    );
  }
  const subjects = parseSubjects(value['subject']);
  if (subjects === null) return malformed('a subject has no name and digests');
  if (predicate !== undefined && !isJsonObject(predicate)) {
    return malformed('the predicate is no object');
  }
  return {
    status: 'ok',
    statement: {
      predicateType: labelledType,
      subjects,
      predicate: predicate ?? {},
    },
  };
}

function parseSubjects(
  value: JsonValue | undefined,
): readonly StatementSubject[] | null {
  if (!isJsonArray(value)) return null;
  const subjects: StatementSubject[] = [];
  for (const subject of value) {
    if (!isJsonObject(subject) || !isJsonObject(subject['digest'])) return null;
    // Optional in v1, where other predicate types may leave it out.
    const { name = '' } = subject;
    if (typeof name !== 'string') return null;
    const digest = new Map<string, string>();
    for (const [algorithm, hex] of Object.entries(subject['digest'])) {
      if (typeof hex !== 'string') return null;
      digest.set(algorithm, hex);
    }
    subjects.push({ name, digest });
  }
  return subjects;
}

function malformed(message: string): StatementResult {
  return invalid('statement-malformed', message);
}

function invalid(
  code: RejectionCode,
  message: string,
  details: { expected: string; found: string } | null = null,
): StatementResult {
  return {
    status: 'rejected',
    rejection: {
      kind: 'invalid',
      code,
      message,
      expected: details?.expected ?? null,
      found: details?.found ?? null,
    },
  };
}

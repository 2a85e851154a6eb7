import {
  isJsonArray,
  isJsonObject,
  parseStrictJson,
  type JsonObject,
  type JsonValue,
} from '../json/strict-json.js';
import { allPassed, failed, passed, type Check } from './check.js';

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

/** What was checked, and the statement if all of it holds. */
export interface StatementResult {
  readonly checks: readonly Check[];
  /** Null exactly if one of the checks failed. */
  readonly statement: Statement | null;
}

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
    const { code, message } = result.problem;
    return malformed(
      message,
      code === 'duplicate-key' ? 'duplicate-key' : 'statement-malformed',
    );
  }
  const { value } = result;
  if (!isJsonObject(value)) return malformed('the statement is not an object');
  const subjects = parseSubjects(value['subject']);
  if (subjects === null) return malformed('a subject has no name and digests');
  const { predicate } = value;
  if (predicate !== undefined && !isJsonObject(predicate)) {
    return malformed('the predicate is no object');
  }
  const checks = [passed('statement-form'), ...checkTypes(value, labelledType)];
  return {
    checks,
    statement: allPassed(checks)
      ? { predicateType: labelledType, subjects, predicate: predicate ?? {} }
      : null,
  };
}

function checkTypes(
  { _type: type, predicateType }: JsonObject,
  labelledType: string,
): readonly Check[] {
  if (typeof type !== 'string' || !STATEMENT_TYPES.includes(type)) {
    return [
      failed('statement-type', {
        kind: 'invalid',
        code: 'statement-type',
        message: 'not a known in-toto statement',
        expected: STATEMENT_TYPES.join(' or '),
        found: JSON.stringify(type ?? null),
      }),
    ];
  }
  const known = passed('statement-type', { found: type });
  if (predicateType === labelledType) {
    const sides = { expected: labelledType, found: predicateType };
    return [known, passed('predicate-type', sides)];
  }
  return [
    known,
    failed('predicate-type', {
      kind: 'invalid',
      code: 'predicate-type',
      message:
        'the signed predicate type is not the one the registry labels it with',
      expected: labelledType,
      found: JSON.stringify(predicateType ?? null),
    }),
  ];
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

function malformed(
  message: string,
  code: 'statement-malformed' | 'duplicate-key' = 'statement-malformed',
): StatementResult {
  const failure = { kind: 'invalid', code, message } as const;
  return { checks: [failed('statement-form', failure)], statement: null };
}

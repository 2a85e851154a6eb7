import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../json/strict-json.js';
import type { RejectionCode } from '../verification/verification.js';
import type { BuildIdentity, Contradiction } from './build-identity.js';
import type { Platform } from './platforms.js';

/** Properties of a build that a predicate claims and a certificate proves. */
export type ClaimedProperty =
  | 'sourceRepository'
  | 'sourceRepositoryId'
  | 'sourceOwnerId'
  | 'sourceRevision'
  | 'sourceRef'
  | 'workflow'
  | 'workflowRef'
  | 'workflowRevision'
  | 'event'
  | 'runner'
  | 'runUrl';

/** The build's own word for one property, to be held against the certificate. */
export interface Claim {
  readonly property: ClaimedProperty;
  readonly value: string;
}

/** What a provenance predicate says, whatever its SLSA version. */
export interface ProvenanceClaims {
  readonly platform: Platform;
  readonly buildType: string;
  readonly builder: string;
  readonly claims: readonly Claim[];
}

export type ClaimsResult =
  | { readonly status: 'ok'; readonly claims: ProvenanceClaims }
  | { readonly status: 'rejected'; readonly contradiction: Contradiction };

const CODES: Readonly<Record<ClaimedProperty, RejectionCode>> = {
  sourceRepository: 'identity-repository',
  sourceRepositoryId: 'identity-repository-id',
  sourceOwnerId: 'identity-owner-id',
  sourceRevision: 'identity-commit',
  sourceRef: 'identity-ref',
  workflow: 'identity-workflow',
  workflowRef: 'identity-ref',
  workflowRevision: 'identity-commit',
  event: 'identity-event',
  runner: 'identity-runner',
  runUrl: 'identity-invocation',
};
const WORDS: Readonly<Record<ClaimedProperty, string>> = {
  sourceRepository: 'source repository',
  sourceRepositoryId: 'repository id',
  sourceOwnerId: 'owner id',
  sourceRevision: 'commit',
  sourceRef: 'source ref',
  workflow: 'workflow',
  workflowRef: 'workflow ref',
  workflowRevision: 'workflow commit',
  event: 'triggering event',
  runner: 'runner',
  runUrl: 'run',
};

/**
 * Holds every claim of a verified predicate against the certificate that signed
 * it, for exact equality. What the certificate does not say is a contradiction
 * too, unless the certificate is from before it could (`limited`).
 *
 * Checks C26 to C33. Source: slsa-verifier, npm and GitHub provenance.
 */
export function matchClaims(
  { platform, claims }: ProvenanceClaims,
  identity: BuildIdentity,
): readonly Contradiction[] {
  if (platform !== identity.platform) {
    return [
      {
        kind: 'mismatch',
        code: 'identity-issuer',
        message: 'the provenance is of another platform than its certificate',
        expected: identity.platform,
        found: platform,
      },
    ];
  }
  return claims.flatMap(({ property, value }) => {
    const proven = identity[property];
    if (proven === value || (proven === null && identity.limited)) return [];
    const word = WORDS[property];
    const contradiction: Contradiction = {
      kind: 'mismatch',
      code: proven === null ? 'identity-missing' : CODES[property],
      message:
        proven === null
          ? `the certificate names no ${word}, yet the provenance claims one`
          : `the provenance claims another ${word} than its certificate`,
      expected: proven,
      found: value,
    };
    return [contradiction];
  });
}

/** Thrown by the readers below; caught where a predicate is read. */
export class PredicateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PredicateError';
  }
}

/** The object at `path` in a predicate; `PredicateError` if there is none. */
export function objectAt(
  value: JsonValue | undefined,
  ...path: readonly string[]
): JsonObject {
  const found = path.reduce<JsonValue | undefined>(
    (each, key) => (isJsonObject(each) ? each[key] : undefined),
    value,
  );
  if (isJsonObject(found)) return found;
  throw new PredicateError(`expected an object at ${path.join('.')}`);
}

/** The text at `key`; `PredicateError` if it is missing, empty or no text. */
export function textAt(object: JsonObject, key: string): string {
  const value = object[key];
  if (typeof value === 'string' && value !== '') return value;
  throw new PredicateError(`expected a text at ${key}`);
}

/** The only element of the list at `key`, which must be an object. */
export function onlyObjectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  const [element, ...others] = isJsonArray(value) ? value : [];
  if (isJsonObject(element) && others.length === 0) return element;
  throw new PredicateError(`expected exactly one element in ${key}`);
}

/**
 * Takes `git+https://github.com/acme/widget@refs/tags/v1` apart; the ref is
 * null where the URI has none.
 */
export function splitSourceUri(uri: string): {
  readonly repository: string;
  readonly ref: string | null;
} {
  if (!uri.startsWith('git+https://')) {
    throw new PredicateError('expected a git+https URI as source');
  }
  const rest = uri.slice('git+'.length);
  const at = rest.indexOf('@');
  return at === -1
    ? { repository: rest, ref: null }
    : { repository: rest.slice(0, at), ref: rest.slice(at + 1) };
}

import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../json/strict-json.js';
import type { CheckId } from '../verification/check-catalogue.js';
import { failed, notMade, passed, type Check } from '../verification/check.js';
import type { RejectionCode } from '../verification/verification.js';
import type { BuildIdentity } from './build-identity.js';
import type { Platform } from './platforms.js';

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

/** Claims to be compared, or the checks of which one failed. */
export type ClaimsResult =
  | { readonly status: 'ok'; readonly claims: ProvenanceClaims }
  | { readonly status: 'rejected'; readonly checks: readonly Check[] };

interface PropertyDescription {
  readonly check: CheckId;
  readonly code: RejectionCode;
  readonly word: string;
}

function described(
  check: CheckId,
  code: RejectionCode,
  word: string,
): PropertyDescription {
  return { check, code, word };
}

/** Properties of a build that a predicate claims and a certificate proves. */
const PROPERTIES = {
  sourceRepository: described(
    'source-repository',
    'identity-repository',
    'source repository',
  ),
  sourceRepositoryId: described(
    'source-repository-id',
    'identity-repository-id',
    'repository id',
  ),
  sourceOwnerId: described('source-owner-id', 'identity-owner-id', 'owner id'),
  sourceRevision: described('source-revision', 'identity-commit', 'commit'),
  sourceRef: described('source-ref', 'identity-ref', 'source ref'),
  workflow: described('workflow', 'identity-workflow', 'workflow'),
  workflowRef: described('workflow-ref', 'identity-ref', 'workflow ref'),
  workflowRevision: described(
    'workflow-revision',
    'identity-commit',
    'workflow commit',
  ),
  event: described('event', 'identity-event', 'triggering event'),
  runner: described('runner', 'identity-runner', 'runner'),
  runUrl: described('run', 'identity-invocation', 'run'),
} as const;
/** A property of a build that a predicate can claim. */
export type ClaimedProperty = keyof typeof PROPERTIES;
const PROPERTY_NAMES = Object.keys(PROPERTIES) as readonly ClaimedProperty[];

/**
 * Holds every claim of a verified predicate against the certificate that signed
 * it, for exact equality. What the certificate does not say is a contradiction
 * too, unless the certificate is from before it could (`limited`). One check
 * for each property, or as many as there are claims that fail.
 *
 * Checks C26 to C33. Source: slsa-verifier, npm and GitHub provenance.
 */
export function matchClaims(
  { platform, claims }: ProvenanceClaims,
  identity: BuildIdentity,
): readonly Check[] {
  if (platform !== identity.platform) {
    return [
      failed('build-type', {
        kind: 'mismatch',
        code: 'identity-issuer',
        message: 'the provenance is of another platform than its certificate',
        expected: identity.platform,
        found: platform,
      }),
    ];
  }
  return PROPERTY_NAMES.flatMap((property) => {
    const values = claims.flatMap((claim) =>
      claim.property === property ? [claim.value] : [],
    );
    return matchProperty(PROPERTIES[property], values, identity, property);
  });
}

function matchProperty(
  { check, code, word }: PropertyDescription,
  values: readonly string[],
  identity: BuildIdentity,
  property: ClaimedProperty,
): readonly Check[] {
  const [value] = values;
  const proven = identity[property];
  if (value === undefined) {
    return [notMade(check, `the provenance claims no ${word}`)];
  }
  if (proven === null && identity.limited) {
    return [notMade(check, `the certificate is too old to name the ${word}`)];
  }
  const contradicting = values.filter((each) => each !== proven);
  if (contradicting.length === 0) {
    return [passed(check, { expected: proven, found: value })];
  }
  return contradicting.map((found) =>
    failed(check, {
      kind: 'mismatch',
      code: proven === null ? 'identity-missing' : code,
      message:
        proven === null
          ? `the certificate names no ${word}, yet the provenance claims one`
          : `the provenance claims another ${word} than its certificate`,
      expected: proven,
      found,
    }),
  );
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

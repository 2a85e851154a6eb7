import {
  isJsonArray,
  isJsonObject,
  type JsonProblem,
  type JsonValue,
} from '../json/strict-json.js';
import { parseAnswer } from './answer-json.js';
import type { Unavailable } from './evidence.js';

/** One element of the attestations endpoint's answer. Claimed. */
export interface ClaimedAttestation {
  readonly predicateType: string;
  /** A Sigstore bundle as JSON, not yet looked at. */
  readonly bundle: JsonValue;
}

/**
 * The attestations endpoint's answer. `malformed` is a document that no honest
 * registry serves; it counts as attested evidence that is rejected.
 */
export type AttestationDocument =
  | {
      readonly status: 'parsed';
      readonly attestations: readonly ClaimedAttestation[];
    }
  | {
      readonly status: 'malformed';
      readonly code: 'document-malformed' | 'duplicate-key' | 'too-large';
      readonly message: string;
    };

/** More attestations than any registry serves for one version. */
const MAX_ATTESTATIONS = 32;

/** Largest attestation document in bytes: 4 MiB. */
export const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

/**
 * Reads the body of a 200 answer of the attestations endpoint, untrusted.
 *
 * - a document, or `malformed` for JSON that no honest registry serves
 * - `empty`: a list without elements, which says the same as a 404
 * - `unavailable`: no JSON, as from a captive portal, or JSON that ends early
 *
 * Checks the wrapper only (SECURITY.md C8 and C9): bundles are not looked into,
 * and unknown members of the wrapper are ignored.
 */
export function parseAttestationDocument(
  body: Uint8Array,
): AttestationDocument | { readonly status: 'empty' } | Unavailable {
  const parsed = parseAnswer(body, MAX_DOCUMENT_BYTES);
  switch (parsed.status) {
    case 'ok':
      return readDocument(parsed.value);
    case 'unavailable':
      return parsed;
    case 'refused':
      return malformed(codeOf(parsed.problem), parsed.problem.message);
  }
}

function readDocument(
  value: JsonValue,
): AttestationDocument | { readonly status: 'empty' } {
  const list = isJsonObject(value) ? value['attestations'] : undefined;
  if (!isJsonArray(list)) {
    return malformed('document-malformed', 'no list of attestations');
  }
  if (list.length === 0) return { status: 'empty' };
  if (list.length > MAX_ATTESTATIONS) {
    const message = `${list.length} attestations, more than ${MAX_ATTESTATIONS}`;
    return malformed('too-large', message);
  }
  const attestations: ClaimedAttestation[] = [];
  for (const [index, element] of list.entries()) {
    const attestation = readAttestation(element);
    if (attestation === null) {
      const message = `attestation ${index} has no predicateType or no bundle`;
      return malformed('document-malformed', message);
    }
    attestations.push(attestation);
  }
  return { status: 'parsed', attestations };
}

function readAttestation(value: JsonValue): ClaimedAttestation | null {
  if (!isJsonObject(value)) return null;
  const { predicateType, bundle } = value;
  if (typeof predicateType !== 'string' || !isJsonObject(bundle)) return null;
  return { predicateType, bundle };
}

type Malformed = Extract<AttestationDocument, { status: 'malformed' }>;

function malformed(code: Malformed['code'], message: string): Malformed {
  return { status: 'malformed', code, message };
}

function codeOf({ code }: JsonProblem): Malformed['code'] {
  return code === 'duplicate-key' || code === 'too-large'
    ? code
    : 'document-malformed';
}

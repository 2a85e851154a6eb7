import { formatPackageId, type PackageId } from '../package/package-id.js';
import type { AnswerManner } from './answer-manner.js';
import {
  parseAttestationDocument,
  type AttestationDocument,
} from './attestation-document.js';
import type { Evidence, Unavailable } from './evidence.js';
import {
  KNOWN_PREDICATE_TYPES,
  PROVENANCE_V02,
  PROVENANCE_V1,
} from './predicate-types.js';
import type { Registry, RegistryAnswer, RegistryRequest } from './registry.js';
import {
  METADATA_NOT_ASKED,
  parseVersionMetadata,
  type VersionMetadataResult,
} from './version-metadata.js';

interface AskOptions {
  readonly registry: Registry;
  readonly signal: AbortSignal;
  /**
   * Ask for the attestations first, and for the metadata only where there is no
   * provenance among them: a request less for an attested version, of which it
   * is then not known whether the registry signs it.
   */
  readonly attestationsFirst?: boolean;
}

/** What one registry answered about one version. */
export interface AskedEvidence {
  readonly evidence: Evidence;
  /**
   * The version's metadata carries a signature or advertises attestations,
   * whether or not these could be had; those that could are of a known type.
   */
  readonly claimsProof: boolean;
  /** Left out where no metadata was had. */
  readonly manner?: AnswerManner;
}

/**
 * Asks the registry at the base URL `askAt` for the evidence of one version:
 * its metadata, then, only if that advertises them, its attestations, unless the
 * options say otherwise. Rejects
 * only if the port throws. The result is claimed, nothing in it is verified.
 */
export async function askEvidence(
  id: PackageId,
  askAt: string,
  options: AskOptions,
): Promise<AskedEvidence> {
  if (options.attestationsFirst === true) {
    const evidence = await askProvenance(id, askAt, options);
    if (evidence !== null) return { evidence, claimsProof: true };
  }
  const asked = await askMetadata(id, askAt, options);
  const { result, notes } = asked;
  if (result.status === 'unavailable') {
    return { evidence: result, claimsProof: false };
  }
  const { metadata } = result;
  const manner = { notes, hosts: metadata.hosts ?? [] };
  if (!metadata.advertisesAttestations) {
    const claimsProof = metadata.signatures.length > 0;
    return {
      evidence: { status: 'unattested', metadata },
      claimsProof,
      manner,
    };
  }
  const document = await askDocument(id, askAt, options);
  const evidence: Evidence =
    document.status === 'unavailable'
      ? document
      : { status: 'attested', metadata, document };
  return { evidence, claimsProof: claimsKnownType(document), manner };
}

/** Null where that alone does not tell all there is. */
async function askProvenance(
  id: PackageId,
  askAt: string,
  options: AskOptions,
): Promise<Evidence | null> {
  const request = { kind: 'attestations', id, registry: askAt } as const;
  const document = readAnswer(await askOnce(request, options));
  const hasProvenance =
    document.status === 'parsed' &&
    document.attestations.some(
      ({ predicateType }) =>
        predicateType === PROVENANCE_V1 || predicateType === PROVENANCE_V02,
    );
  return hasProvenance
    ? { status: 'attested', metadata: METADATA_NOT_ASKED, document }
    : null;
}

/**
 * Whether the answer is one of a registry that serves evidence. Anybody can sign
 * something of a type that proves nothing; what claims a known one is verified.
 */
function claimsKnownType(document: AttestationDocument | Unavailable): boolean {
  return (
    document.status !== 'parsed' ||
    document.attestations.some(({ predicateType }) =>
      KNOWN_PREDICATE_TYPES.includes(predicateType),
    )
  );
}

interface AskedMetadata {
  readonly result: VersionMetadataResult;
  readonly notes: AnswerManner['notes'];
}

async function askMetadata(
  id: PackageId,
  askAt: string,
  options: AskOptions,
): Promise<AskedMetadata> {
  const request = { kind: 'version', id, registry: askAt } as const;
  const answer = await askOnce(request, options);
  const first = readMetadata(answer, id, askAt);
  // Whoever spoils what is kept must not make evidence impossible to have.
  if (first.result.status === 'parsed' || !isKept(answer)) return first;
  const again = await askOnce({ ...request, anew: true }, options);
  return readMetadata(again, id, askAt);
}

function readMetadata(
  answer: RegistryAnswer,
  id: PackageId,
  askAt: string,
): AskedMetadata {
  if (answer.status === 'unavailable') return { result: answer, notes: [] };
  if (answer.status === 'absent') {
    return { result: versionNotFound(id, askAt), notes: [] };
  }
  const { body, reading, notes = [] } = answer;
  return { result: reading?.version ?? parseVersionMetadata(body, id), notes };
}

async function askDocument(
  id: PackageId,
  askAt: string,
  options: AskOptions,
): Promise<AttestationDocument | Unavailable> {
  const request = { kind: 'attestations', id, registry: askAt } as const;
  const answer = await askOnce(request, options);
  const first = readAnswer(answer);
  // Nothing: seen on the public registry as a passing fault, so it is asked once
  // more; that answer then counts (SECURITY.md C8). So is it where something
  // unreadable was kept.
  const isFinal = first.status === 'parsed' || !isKept(answer);
  if (first.status !== 'none' && isFinal) return first;
  const again = { ...request, anew: true } as const;
  const second = readAnswer(await askOnce(again, options));
  return second.status === 'none' ? withheld(id, askAt) : second;
}

async function askOnce(
  request: RegistryRequest,
  { registry, signal }: AskOptions,
): Promise<RegistryAnswer> {
  if (isStopped(signal)) return stopped(request.id);
  const answer = await registry.ask(request, signal);
  // Whatever the interrupted request looked like to the port.
  return answer.status === 'unavailable' && isStopped(signal)
    ? stopped(request.id)
    : answer;
}

function isKept(answer: RegistryAnswer): boolean {
  return answer.status === 'found' && answer.isKept === true;
}

/** A call, because a property read twice is taken for unchanged. */
function isStopped(signal: AbortSignal): boolean {
  return signal.aborted;
}

function readAnswer(
  answer: RegistryAnswer,
): AttestationDocument | { readonly status: 'none' } | Unavailable {
  if (answer.status === 'unavailable') return answer;
  if (answer.status === 'absent') return { status: 'none' };
  const { body, reading } = answer;
  const document = reading?.attestations ?? parseAttestationDocument(body);
  return document.status === 'empty' ? { status: 'none' } : document;
}

function versionNotFound(id: PackageId, askAt: string): Unavailable {
  return {
    status: 'unavailable',
    code: 'version-not-found',
    message: `${askAt} has no ${formatPackageId(id)}`,
  };
}

function withheld(id: PackageId, askAt: string): Unavailable {
  return {
    status: 'unavailable',
    code: 'attestations-withheld',
    message: `${askAt} says that ${formatPackageId(id)} has attestations, but does not hand them out`,
  };
}

function stopped(id: PackageId): Unavailable {
  return {
    status: 'unavailable',
    code: 'deadline',
    message: `the audit ended before ${formatPackageId(id)} was answered for`,
  };
}

import { formatPackageId, type PackageId } from '../package/package-id.js';
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
  const parsed = await askMetadata(id, askAt, options);
  if (parsed.status === 'unavailable') {
    return { evidence: parsed, claimsProof: false };
  }
  const { metadata } = parsed;
  if (!metadata.advertisesAttestations) {
    const claimsProof = metadata.signatures.length > 0;
    return { evidence: { status: 'unattested', metadata }, claimsProof };
  }
  const document = await askDocument(id, askAt, options);
  const evidence: Evidence =
    document.status === 'unavailable'
      ? document
      : { status: 'attested', metadata, document };
  return { evidence, claimsProof: claimsKnownType(document) };
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

async function askMetadata(
  id: PackageId,
  askAt: string,
  options: AskOptions,
): Promise<VersionMetadataResult> {
  const request = { kind: 'version', id, registry: askAt } as const;
  const answer = await askOnce(request, options);
  const first = readMetadata(answer, id, askAt);
  // Whoever spoils what is kept must not make evidence impossible to have.
  if (first.status === 'parsed' || !isKept(answer)) return first;
  const again = await askOnce({ ...request, anew: true }, options);
  return readMetadata(again, id, askAt);
}

function readMetadata(
  answer: RegistryAnswer,
  id: PackageId,
  askAt: string,
): VersionMetadataResult {
  if (answer.status === 'unavailable') return answer;
  if (answer.status === 'absent') return versionNotFound(id, askAt);
  return parseVersionMetadata(answer.body, id);
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
  const document = parseAttestationDocument(answer.body);
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

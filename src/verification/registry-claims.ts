import type { AttestationDocument } from '../evidence/attestation-document.js';
import type { Evidence } from '../evidence/evidence.js';
import type { VersionMetadata } from '../evidence/version-metadata.js';
import { parseIntegrity } from '../package/integrity.js';
import { failed, notMade, passed, type Check } from './check.js';
import type { ComparedDigest } from './compared-digest.js';

type Answered = Extract<Evidence, { status: 'attested' | 'unattested' }>;

/**
 * Who was asked, and whether the answer is whole and of the form that honest
 * registries use. What it claims is not looked at.
 *
 * Checks C7 to C9 and C40, in so far as the evidence stage has made them: it
 * builds every URL, tells absence from silence and reads strictly.
 */
export function matchAnswer(
  evidence: Evidence,
  {
    registry,
    askedAt,
  }: { readonly registry: string; readonly askedAt: string | null },
): readonly Check[] {
  if (evidence.status === 'not-applicable') {
    throw new Error('a dependency out of scope has no evidence');
  }
  if (evidence.status === 'unavailable') {
    return [notMade('answer', `${evidence.code}: ${evidence.message}`)];
  }
  return [
    passed('registry-asked', { expected: registry, found: askedAt }),
    passed('answer', { found: describeAnswer(evidence) }),
    evidence.status === 'attested'
      ? matchDocument(evidence.document)
      : notMade('document', 'the registry announces no attestations'),
    passed('unsigned-metadata', { found: describeMetadata(evidence.metadata) }),
  ];
}

function describeAnswer(evidence: Answered): string {
  if (evidence.metadata.isNotAsked === true) return 'attestations';
  return evidence.status === 'attested'
    ? 'metadata and attestations'
    : 'metadata, which announces no attestations';
}

/** All that is taken over from the metadata of a version. */
function describeMetadata({
  integrity,
  signatures,
  advertisesAttestations,
  advertisesProvenance,
}: VersionMetadata): string {
  const taken = [
    ...(integrity === null ? [] : ['integrity']),
    ...(signatures.length === 0 ? [] : ['signatures']),
    ...(advertisesAttestations ? ['that there are attestations'] : []),
    ...(advertisesProvenance ? ['that there is provenance'] : []),
  ];
  return taken.length === 0 ? 'nothing taken' : `taken: ${taken.join(', ')}`;
}

function matchDocument(document: AttestationDocument): Check {
  if (document.status === 'malformed') {
    const { code, message } = document;
    return failed('document', { kind: 'invalid', code, message });
  }
  const count = document.attestations.length;
  return passed('document', {
    found: count === 1 ? '1 attestation' : `${count} attestations`,
  });
}

/**
 * A registry that states other bytes than those evidence is held against; null
 * where there are none. Check C39.
 */
export function matchRegistryIntegrity(
  { integrity: claimed }: VersionMetadata,
  compared: ComparedDigest | null,
): Check {
  const stated = parseIntegrity(claimed);
  if (compared === null) {
    return notMade('registry-integrity', 'the lockfile pins no SHA-512');
  }
  const { binding, sha512 } = compared;
  if (binding === 'registry') {
    return notMade('registry-integrity', 'it is itself what is compared');
  }
  if (stated.status === 'missing') {
    return notMade('registry-integrity', 'the registry states none');
  }
  // Only weaker hashes: old versions on some registries. Nothing is compared.
  if (stated.status === 'weak' || stated.status === 'no-sha512') {
    return notMade('registry-integrity', 'the registry states no SHA-512');
  }
  const sides = {
    expected: `sha512-${Buffer.from(sha512, 'hex').toString('base64')}`,
    found: claimed,
  };
  if (stated.status === 'sha512' && stated.sha512 === sha512) {
    return passed('registry-integrity', sides);
  }
  return failed('registry-integrity', {
    kind: 'mismatch',
    code: 'integrity-mismatch',
    message:
      binding === 'lockfile'
        ? 'the registry has other bytes than this lockfile would install'
        : 'the registry states other bytes than it serves',
    ...sides,
  });
}

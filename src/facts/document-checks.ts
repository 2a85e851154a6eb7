import { KNOWN_PREDICATE_TYPES, PUBLISH } from '../evidence/predicate-types.js';
import { sriOfSha512 } from '../package/integrity.js';
import {
  failed,
  notMade,
  passed,
  rejectionsOf,
  undecided,
  unverifiableOf,
  type Check,
} from '../verification/check.js';
import type {
  Verification,
  VerifiedAttestation,
} from '../verification/verification.js';
import type { ProvenanceFacts } from './facts.js';
import { isProvenance } from './provenance.js';

/** Two genuine provenances cannot both be how these bytes came about. C34. */
export function checkAgreement(
  provenances: readonly ProvenanceFacts[],
): readonly Check[] {
  const [first, ...others] = provenances;
  if (first === undefined || others.length === 0) {
    return [
      notMade('provenance-agreement', 'there are not several to compare'),
    ];
  }
  const expected = describeBuild(first);
  const differing = others
    .map(describeBuild)
    .filter((each) => each !== expected);
  if (differing.length === 0) {
    return [passed('provenance-agreement', { expected, found: expected })];
  }
  return differing.map((found) =>
    failed('provenance-agreement', {
      kind: 'mismatch',
      code: 'provenance-conflict',
      message: 'two provenances disagree about where the package was built',
      expected,
      found,
    }),
  );
}

/**
 * Attestations of one package version are about the same bytes. Follows from
 * C23 and C24 where the lockfile pins a SHA-512, and matters where it does not.
 * C37.
 */
export function checkSubjects(
  attestations: readonly VerifiedAttestation[],
): readonly Check[] {
  const [first, ...others] = attestations
    .filter(({ statement }) =>
      KNOWN_PREDICATE_TYPES.includes(statement.predicateType),
    )
    .map(describeSubjects);
  if (first === undefined || others.length === 0) {
    return [notMade('subjects-agree', 'there are not several to compare')];
  }
  const differing = others.filter((each) => each !== first);
  if (differing.length === 0) {
    return [passed('subjects-agree', { expected: first, found: first })];
  }
  return differing.map((found) =>
    failed('subjects-agree', {
      kind: 'mismatch',
      code: 'subject-digest',
      message: 'two attestations of this version are about different bytes',
      expected: first,
      found,
    }),
  );
}

/**
 * The public registry attests each publication that it accepted with
 * provenance; without that, nobody says that these bytes were ever published.
 * One that was rejected, or whose keys are missing, has its own reason. C38.
 */
export function checkPublishPresent(
  { attestations, checks }: Verification,
  {
    registry,
    publicRegistry,
  }: { readonly registry: string; readonly publicRegistry: string },
): Check {
  const skip = (reason: string): Check => notMade('publish-present', reason);
  const types = attestations.map(({ statement }) => statement.predicateType);
  if (registry !== publicRegistry) {
    return skip('only the public registry is known to make one each time');
  }
  if (!types.some(isProvenance)) return skip('there is no provenance');
  if (types.includes(PUBLISH)) {
    return passed('publish-present', { found: 'a publish attestation' });
  }
  if (
    unverifiableOf(checks).some(({ code }) => code === 'registry-keys-missing')
  ) {
    return skip('there are no keys to verify one with');
  }
  if (rejectionsOf(checks).some(({ attestation }) => attestation !== null)) {
    return skip('an attestation was rejected');
  }
  return failed('publish-present', {
    kind: 'mismatch',
    code: 'publish-missing',
    message: 'provenance without the registry’s publish attestation',
    expected: 'a publish attestation',
  });
}

/**
 * Metadata that name a provenance which is not there: somebody on the way may
 * keep it back. `checks` are all others. C8.
 */
export function checkServed(
  provenances: readonly ProvenanceFacts[],
  advertised: boolean,
  checks: readonly Check[],
): Check {
  if (!advertised) {
    return notMade('provenance-served', 'the metadata names no provenance');
  }
  if (provenances.length > 0) return passed('provenance-served');
  if (rejectionsOf(checks).length > 0) {
    return notMade('provenance-served', 'what is served was rejected');
  }
  return undecided('provenance-served', {
    code: 'provenance-withheld',
    message: 'the registry says that there is provenance, but serves none',
  });
}

function describeBuild({
  sourceRepository,
  sourceRevision,
  builder,
}: ProvenanceFacts): string {
  return `${sourceRepository} ${sourceRevision ?? ''} ${builder}`;
}

function describeSubjects({ statement }: VerifiedAttestation): string {
  return statement.subjects
    .map(
      ({ name, digest }) =>
        `${name} ${sriOfSha512(digest.get('sha512') ?? '')}`,
    )
    .join(', ');
}

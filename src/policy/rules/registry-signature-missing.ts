import type { Rule } from '../rule.js';
import type { Subject } from '../verdict.js';

/** One version may lack a signature for a reason of its own. */
const SEVERAL = 2;

export const registrySignatureMissing: Rule = {
  id: 'registry-signature-missing',
  title: 'No registry signature that counts',
  meaning:
    'The registry signs other versions of this audit but not this one, so not ' +
    'even the registry stands for these bytes; or its signature is by a key ' +
    'that has ended; or a mirror hands out no signature of any version, though ' +
    'attestations show that the registry behind it signs.',
  remedy: 'Compare with the registry’s own page of the package, and report it.',
  example: 'the registry signs other versions, but not this one',
  defaultLevel: 'warning',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects) => {
    const signing = new Set(
      subjects
        .filter(({ facts }) => facts?.registrySignature === 'verified')
        .map(({ registry }) => registry),
    );
    const stripping = strippingMirrors(subjects);
    return subjects.flatMap((subject) => {
      const { facts, registry, askedAt } = subject;
      const common = { subject, expected: 'a registry signature', found: null };
      if (hasEndedKey(subject)) {
        const message =
          'the registry’s signature is by a key that has ended, and when it was made is not known';
        return [{ ...common, message }];
      }
      if (facts?.registrySignature !== 'missing') return [];
      if (signing.has(registry)) {
        const message = 'the registry signs other versions, but not this one';
        return [{ ...common, message }];
      }
      if (askedAt === null || !stripping.has(askedAt)) return [];
      const message = `${askedAt} hands out no registry signature, of any version asked: it passes attestations on, but not signatures`;
      return [{ ...common, message, remedy: ASK_PUBLIC }];
    });
  },
};

const ASK_PUBLIC =
  'Ask the public registry instead of this mirror, with --registry, or for ' +
  'evidence only, with evidence: { registry: public } for it below registries ' +
  'in the policy.';

/**
 * Where no version has a signature though the registry itself, by a verified
 * publish attestation, is one that signs.
 */
function strippingMirrors(subjects: readonly Subject[]): ReadonlySet<string> {
  const answered = subjects.filter(
    ({ facts, evidence: { status } }) =>
      facts !== null && (status === 'attested' || status === 'unattested'),
  );
  const registries = new Set(
    answered.flatMap(({ askedAt }) => (askedAt === null ? [] : [askedAt])),
  );
  const isStripping = (registry: string): boolean => {
    const same = answered.filter(({ askedAt }) => askedAt === registry);
    return (
      same.length >= SEVERAL &&
      same.every(({ facts }) => facts?.registrySignature === 'missing') &&
      same.some(({ facts }) => facts !== null && facts.publish !== null)
    );
  };
  return new Set([...registries].filter(isStripping));
}

/** Every other reason for not checking has a finding or a rejection already. */
function hasEndedKey({ facts, evidence }: Subject): boolean {
  return (
    facts?.registrySignature === 'not-checked' &&
    (evidence.status === 'attested' || evidence.status === 'unattested') &&
    (facts.verification === 'verified' || facts.verification === 'none')
  );
}

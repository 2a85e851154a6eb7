import type { Rule } from '../rule.js';

export const attestationsGone: Rule = {
  id: 'attestations-gone',
  title: 'The registry had attestations, and says now that there are none',
  meaning:
    'An earlier run on this machine was given an attestation document of this ' +
    'version by the same registry, and the cache still has it; now the version’s ' +
    'metadata does not mention any. Registries do not take attestations back, so ' +
    'something on the way may leave them out. Where nothing was kept, in CI for ' +
    'one, nobody can tell: pins can (level-downgrade).',
  remedy:
    'Ask the public registry instead of a mirror, with --registry, or for ' +
    'evidence only, with evidence: { registry: public } for it below registries ' +
    'in the policy. If there really are none any longer, provenance-audit cache ' +
    'clear forgets the earlier ones.',
  example:
    'https://npm.acme.example/ names no attestations of it, of which an earlier run was given some',
  defaultLevel: 'warning',
  consequence: 'incomplete',
  about: 'packages',
  evaluate: (subjects) =>
    subjects.flatMap((subject) => {
      const { evidence, manner, askedAt } = subject;
      const isGone =
        evidence.status === 'unattested' &&
        (manner?.notes.includes('attested-before') ?? false);
      return isGone && askedAt !== null
        ? [
            {
              subject,
              message: `${askedAt} names no attestations of it, of which an earlier run was given some`,
              expected: 'the attestations of earlier runs',
              found: 'none',
            },
          ]
        : [];
    }),
};

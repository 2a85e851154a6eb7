import { provenSubjects } from '../identity-demand.js';
import type { Rule } from '../rule.js';

export const publishMissing: Rule = {
  id: 'publish-missing',
  title: 'The registry has not attested the publication',
  meaning:
    'There is verified provenance, but no attestation by the registry ' +
    'that it accepted this publication. Only the public registry is known ' +
    'to attest every publication with provenance; there its absence is a ' +
    'rejection (evidence-rejected), so this rule is about other ' +
    'registries.',
  remedy:
    'Ask whoever runs the registry whether it attests publications; if it ' +
    'does, find out how this version came about.',
  example:
    'provenance is verified, but the registry has not attested the ' +
    'publication',
  setting: `rules:
  publish-missing:
    level: error
    for: { registry: https://npm.acme.example/ }
`,
  defaultLevel: 'off',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects) =>
    provenSubjects(subjects)
      .filter(({ subject }) => subject.facts?.publish === null)
      .map(({ subject }) => ({
        subject,
        message:
          'provenance is verified, but the registry has not attested the publication',
        expected: 'a publish attestation',
        found: null,
      })),
};

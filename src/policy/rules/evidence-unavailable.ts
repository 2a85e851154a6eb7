import type { UnavailableCode } from '../../evidence/evidence.js';
import type { Rule } from '../rule.js';

/** These have rules of their own. */
const ELSEWHERE: readonly UnavailableCode[] = [
  'attestations-withheld',
  'registry-not-configured',
];

/** What helps depends on why the registry could not be asked. */
const REMEDIES: Partial<Record<UnavailableCode, string>> = {
  auth: 'Configure a token for this registry in your own .npmrc.',
  offline:
    'Run the audit with a network, or save its evidence elsewhere with ' +
    'provenance-audit evidence save and name that file with --evidence.',
  timeout: 'Run again, or allow more time with --timeout and --deadline.',
  deadline: 'Run again, or allow more time with --deadline.',
  tls: 'Name the registry’s certificate authority with npm’s cafile setting.',
  'too-large':
    'Find out who answers with so much: no honest registry does. Where the ' +
    'message names the memory of Node.js, allow it more.',
  'registry-without-evidence':
    'This registry or mirror serves no signatures or attestations: ask the ' +
    'public registry instead, with --registry, or for evidence only, with ' +
    'evidence: { registry: public } for it below registries in the policy.',
  'version-not-found':
    'Find out why the lockfile pins a version that the registry does not have.',
  'version-not-pinned':
    'The entry says nothing of what would be installed, and npm may pass over ' +
    'it: let the package manager write the lockfile anew.',
};

export const evidenceUnavailable: Rule = {
  id: 'evidence-unavailable',
  title: 'The registry could not be asked',
  meaning:
    'Nothing is known about this package’s evidence, because the registry did ' +
    'not answer usably. That is not the same as there being none.',
  remedy: 'Run the audit again when the registry can be reached.',
  example: 'npm.acme.example did not answer within 30 s',
  defaultLevel: 'error',
  consequence: 'incomplete',
  about: 'packages',
  evaluate: (subjects) =>
    subjects.flatMap((subject) => {
      const { evidence } = subject;
      if (
        evidence.status !== 'unavailable' ||
        ELSEWHERE.includes(evidence.code)
      ) {
        return [];
      }
      const remedy = REMEDIES[evidence.code];
      return [
        {
          subject,
          message: evidence.message,
          expected: null,
          found: null,
          ...(remedy === undefined ? {} : { remedy }),
        },
      ];
    }),
};

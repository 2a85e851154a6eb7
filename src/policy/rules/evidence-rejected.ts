import type { Rule } from '../rule.js';

/** What an honest mirror in the lockfile looks like too. */
const OF_A_MIRROR =
  'Do not install it, unless the registry that the lockfile names is a mirror ' +
  'of the one found: then say so in the policy, with mirrorOf for it below ' +
  'registries.';

export const evidenceRejected: Rule = {
  id: 'evidence-rejected',
  title: 'Evidence is forged, damaged or about something else',
  meaning:
    'The registry’s evidence for this package does not hold: a signature is ' +
    'wrong, or it is well signed but about other bytes, another package or ' +
    'another build than it claims. Registries and builds that are known here do ' +
    'not cause this; somebody on the way may have, or the build is of a type ' +
    'that is not known (build-type, builder-id).',
  remedy:
    'Do not install it. Look at how this lockfile entry came about, and compare ' +
    'the package with its source or an earlier version.',
  example: 'the signed digest is not the one this lockfile would install',
  setting: `acknowledged:
  - package: left-widget@1.4.2
    integrity: sha512-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==
    codes: [publish-missing]
    reason: published during an outage of the registry, compared with the tag
    expires: 2027-01-01
`,
  defaultLevel: 'error',
  consequence: 'tampered',
  about: 'packages',
  evaluate: (subjects) =>
    subjects.flatMap((subject) => {
      // The first one is the most telling; the report lists all.
      const reason = subject.facts?.rejections[0];
      if (reason === undefined) return [];
      const { message, expected, found, code } = reason;
      const isPerhapsMirror =
        code === 'publish-predicate' &&
        // Of its parts, only the registry is an address.
        [expected, found].every((each) => each !== null && URL.canParse(each));
      return [
        {
          ...{ subject, message, expected, found },
          ...(isPerhapsMirror && { remedy: OF_A_MIRROR }),
        },
      ];
    }),
};

import { compileGlob, matchesGlob } from '../glob.js';
import { observeIdentity, type IdentityDemand } from '../identity-demand.js';
import type { Rule } from '../rule.js';

const DEMAND: IdentityDemand = {
  what: 'the source ref',
  allowed: ({ ref }) => ref,
  found: ({ sourceRef }) => sourceRef,
  allows: (allowed, found) => matchesGlob(compileGlob(allowed), found),
};

export const refNotAllowed: Rule = {
  id: 'ref-not-allowed',
  title: 'Built from another ref than the policy allows',
  meaning:
    'The branch or tag that was built is none that the policy allows for ' +
    'this package. A star does not cross a slash, so refs/tags/v* does ' +
    'not allow refs/tags/v1/x. Judged is the signing certificate of ' +
    'verified provenance; one that does not say satisfies no demand.',
  remedy:
    'Look at what was built: a release from another branch or tag may ' +
    'hold code that was never reviewed. If it is right, change ref for ' +
    'this package in the policy.',
  example: 'the source ref is not one that the policy allows',
  setting: `packages:
  '@acme/widget':
    ref: [refs/heads/main, refs/tags/v*]
`,
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects, { policy }) => observeIdentity(subjects, policy, DEMAND),
};

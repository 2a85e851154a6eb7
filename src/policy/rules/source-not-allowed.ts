import { matchesSource, parseSourcePattern } from '../source-pattern.js';
import { observeIdentity, type IdentityDemand } from '../identity-demand.js';
import type { Rule } from '../rule.js';

const DEMAND: IdentityDemand = {
  what: 'the source repository',
  allowed: ({ source }) => source,
  found: ({ sourceRepository }) => sourceRepository,
  allows: (allowed, found) => {
    const parsed = parseSourcePattern(allowed);
    return parsed.ok && matchesSource(parsed.pattern, found);
  },
};

export const sourceNotAllowed: Rule = {
  id: 'source-not-allowed',
  title: 'Built from another source repository than the policy allows',
  meaning:
    'The package has verified provenance, but of a build whose source ' +
    'repository is none that the policy names for it. Host and owner must ' +
    'be the same, a star stands within the repository’s name only; on ' +
    'github.com case does not count. Judged is the signing certificate of ' +
    'verified provenance; one that does not say satisfies no demand.',
  remedy:
    'Find out whether the project has moved. If so, change source for ' +
    'this package in the policy; if not, do not install it.',
  example: 'the source repository is not one that the policy allows',
  setting: `packages:
  '@acme/*':
    source: https://github.com/acme/*
`,
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects, { policy }) => observeIdentity(subjects, policy, DEMAND),
};

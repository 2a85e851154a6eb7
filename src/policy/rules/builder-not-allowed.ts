import { observeIdentity, type IdentityDemand } from '../identity-demand.js';
import type { Rule } from '../rule.js';

const DEMAND: IdentityDemand = {
  what: 'the builder',
  allowed: ({ builder }) => builder,
  // Without the certificate's word on the runner, the id stands on nothing.
  found: ({ builder, limitedIdentity }) => (limitedIdentity ? null : builder),
};

export const builderNotAllowed: Rule = {
  id: 'builder-not-allowed',
  title: 'Built by another builder than the policy allows',
  meaning:
    'The builder that the provenance names is none that the policy names ' +
    'for this package. Ids are compared exactly: one without /github- ' +
    'hosted or /self-hosted allows neither. The id is the signed ' +
    'statement’s word, which must agree with the certificate about the ' +
    'runner; where the certificate is too old to say so, no demand is ' +
    'satisfied.',
  remedy:
    'Find out whether the project has changed how it builds. If so, ' +
    'change builder for this package in the policy.',
  example: 'the builder is not one that the policy allows',
  setting: `packages:
  '@acme/widget':
    builder: https://github.com/actions/runner/github-hosted
`,
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects, { policy }) => observeIdentity(subjects, policy, DEMAND),
};

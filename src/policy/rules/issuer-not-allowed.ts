import { observeIdentity, type IdentityDemand } from '../identity-demand.js';
import type { Rule } from '../rule.js';

const DEMAND: IdentityDemand = {
  what: 'the OIDC issuer',
  allowed: ({ issuer }) => issuer,
  found: ({ issuer }) => issuer,
};

export const issuerNotAllowed: Rule = {
  id: 'issuer-not-allowed',
  title: 'Signed for another identity provider than the policy allows',
  meaning:
    'Whoever vouched for the identity of the build, the OIDC issuer, is ' +
    'none that the policy names for this package. Issuers are compared ' +
    'exactly. Judged is the signing certificate of verified provenance; ' +
    'one that does not say satisfies no demand.',
  remedy:
    'Find out whether the project has moved to another build platform. If ' +
    'so, change issuer for this package in the policy.',
  example: 'the OIDC issuer is not one that the policy allows',
  setting: `packages:
  '@acme/*':
    issuer: https://token.actions.githubusercontent.com
`,
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects, { policy }) => observeIdentity(subjects, policy, DEMAND),
};

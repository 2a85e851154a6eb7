import { observeIdentity, type IdentityDemand } from '../identity-demand.js';
import type { Rule } from '../rule.js';

const DEMAND: IdentityDemand = {
  what: 'the calling workflow',
  allowed: ({ workflow }) => workflow,
  found: ({ workflow }) => workflow,
};

export const workflowNotAllowed: Rule = {
  id: 'workflow-not-allowed',
  title: 'Started by another workflow than the policy allows',
  meaning:
    'The workflow that called for the build, by its path in the source ' +
    'repository, is none that the policy names for this package. Another ' +
    'workflow of the same repository may run code that nobody reviewed ' +
    'for a release. The workflow that signs may be another one, a ' +
    'reusable one: see signer-not-allowed. Judged is the signing ' +
    'certificate of verified provenance; one that does not say satisfies ' +
    'no demand.',
  remedy:
    'Find out whether the project has changed how it releases. If so, ' +
    'change workflow for this package in the policy.',
  example: 'the calling workflow is not one that the policy allows',
  setting: `packages:
  '@acme/widget':
    workflow: .github/workflows/release.yml
`,
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects, { policy }) => observeIdentity(subjects, policy, DEMAND),
};

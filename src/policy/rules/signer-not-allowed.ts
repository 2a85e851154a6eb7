import { observeIdentity, type IdentityDemand } from '../identity-demand.js';
import type { Rule } from '../rule.js';

const DEMAND: IdentityDemand = {
  what: 'the signing workflow',
  allowed: ({ signer }) => signer,
  found: ({ signer }) => signer,
  allows: (allowed, found) =>
    allowed === found || allowed === withoutRef(found),
};

export const signerNotAllowed: Rule = {
  id: 'signer-not-allowed',
  title: 'Signed by another workflow than the policy allows',
  meaning:
    'The workflow for which the certificate was issued is none that the ' +
    'policy names for this package. An address without @ref allows every ' +
    'ref of that workflow, one with it that ref alone. Judged is the ' +
    'signing certificate of verified provenance; one that does not say ' +
    'satisfies no demand.',
  remedy:
    'Find out whether the project has changed how it releases. If so, ' +
    'change signer for this package in the policy.',
  example: 'the signing workflow is not one that the policy allows',
  setting: `packages:
  '@acme/widget':
    signer: https://github.com/acme/workflows/.github/workflows/publish.yml
`,
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects, { policy }) => observeIdentity(subjects, policy, DEMAND),
};

/**
 * The signer's address up to its ref, which is a ref's full name or, where the
 * caller names a commit, its id. No workflow file lies in a folder, so that the
 * first `@refs/` ends its path, while a tag may hold further ones.
 */
function withoutRef(signer: string): string {
  const at = signer.indexOf('@refs/');
  return at === -1
    ? signer.replace(/@(?:[0-9a-f]{64}|[0-9a-f]{40})$/, '')
    : signer.slice(0, at);
}

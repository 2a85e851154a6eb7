import type { ProvenanceFacts } from '../../facts/facts.js';
import { observeIdentity, type IdentityDemand } from '../identity-demand.js';
import type { Rule } from '../rule.js';

const HOSTED: readonly string[] = [
  'github-hosted',
  'gitlab-hosted',
] satisfies readonly ProvenanceFacts['runner'][];
const DEMAND: IdentityDemand = {
  what: 'the runner',
  allowed: ({ runner }) => runner,
  found: ({ runner }) => runner,
  allows: (allowed, found) =>
    allowed === 'hosted' ? HOSTED.includes(found) : allowed === found,
};

export const runnerNotAllowed: Rule = {
  id: 'runner-not-allowed',
  title: 'Built on another kind of machine than the policy allows',
  meaning:
    'The policy allows hosted runners, which the build platform provides ' +
    'afresh for each build, or self-hosted ones, which whoever runs the ' +
    'project keeps and can change, and this build ran on the other kind. ' +
    'Judged is the signing certificate of verified provenance; one that ' +
    'does not say satisfies no demand.',
  remedy:
    'Ask the project to release from hosted runners, or allow self-hosted ' +
    'for this package if you trust their machines.',
  example: 'the runner is not one that the policy allows',
  setting: `packages:
  '@acme/*':
    runner: hosted
`,
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects, { policy }) => observeIdentity(subjects, policy, DEMAND),
};

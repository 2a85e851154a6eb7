import { withoutCredentials } from '../../package/web-address.js';
import type { Rule } from '../rule.js';

export const resolvedHostNotAllowed: Rule = {
  id: 'resolved-host-not-allowed',
  title: 'The lockfile names a registry that you have not configured',
  meaning:
    'The entry’s tarball lies below none of the registries that your npm ' +
    'configuration names, so nobody was asked about it. Whoever edits a ' +
    'lockfile can make it download from a place of their own in this way.',
  remedy:
    'Find out why the lockfile names it. If it is right, configure npm ' +
    'for this registry (registry or @scope:registry).',
  example:
    'its address in the lockfile is not below any registry of your npm ' +
    'configuration',
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects) =>
    subjects.flatMap((subject) => {
      const { evidence, dependency } = subject;
      if (
        evidence.status !== 'unavailable' ||
        evidence.code !== 'registry-not-configured'
      ) {
        return [];
      }
      const { resolved } = dependency.origin;
      return [
        {
          subject,
          message: evidence.message,
          expected: 'a registry of your npm configuration',
          found: resolved === null ? null : withoutCredentials(resolved),
        },
      ];
    }),
};

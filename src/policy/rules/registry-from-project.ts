import { isLoopbackHost } from '../../package/web-address.js';
import type { Rule } from '../rule.js';

export const registryFromProject: Rule = {
  id: 'registry-from-project',
  title: 'Only the audited project says which registry to ask',
  meaning:
    'The registry that was asked is named in the project’s own .npmrc and ' +
    'nowhere in your configuration. Whoever writes that file, the author of a ' +
    'pull request for one, then chooses who answers about these packages. ' +
    'Registries on this machine’s own addresses are exempt.',
  remedy:
    'If it is the right one, name it in your own .npmrc, with ' +
    'npm_config_registry or with --registry. If you do not know it, find out ' +
    'why .npmrc names it before you install.',
  example:
    'only the project’s .npmrc names the registry that was asked (packages: 12)',
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects) => {
    const counts = new Map<string, number>();
    for (const { askedAt, askedByProject } of subjects) {
      if (askedAt === null || !askedByProject || isOnThisMachine(askedAt)) {
        continue;
      }
      counts.set(askedAt, (counts.get(askedAt) ?? 0) + 1);
    }
    return [...counts].map(([registry, count]) => ({
      subject: null,
      message: `only the project’s .npmrc names the registry that was asked (packages: ${count})`,
      expected: 'a registry of your own configuration',
      found: registry,
    }));
  },
};

function isOnThisMachine(registry: string): boolean {
  return isLoopbackHost(new URL(registry).hostname);
}

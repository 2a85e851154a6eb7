import { isLoopbackHost } from '../../package/web-address.js';
import type { Rule } from '../rule.js';

export const registryFromProject: Rule = {
  id: 'registry-from-project',
  title: 'Only the audited project says which registry to ask',
  meaning:
    'The registry that was asked is named in the project’s own .npmrc or ' +
    '.yarnrc.yml and nowhere in your configuration. Whoever writes that file, the author of a ' +
    'pull request for one, then chooses who answers about these packages. ' +
    'The same goes for a registry whose packages only the project’s policy takes ' +
    'out of the audit (evidence: none). ' +
    'Registries on this machine’s own addresses are exempt.',
  remedy:
    'If it is the right one, name it in your own .npmrc, with ' +
    'npm_config_registry or with --registry; for evidence: none, there for a ' +
    'scope, or in a policy that the project does not write (--policy-from). If ' +
    'you do not know it, find out why the project names it before you install.',
  example:
    'only the project’s settings name the registry that was asked (packages: 12)',
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects) => {
    const asked = subjects.map((each) =>
      each.askedByProject ? each.askedAt : null,
    );
    const excluded = subjects.map((each) => each.excludedByProject ?? null);
    return [
      ...countElsewhere(asked).map(([registry, count]) => ({
        subject: null,
        message: `only the project’s settings name the registry that was asked (packages: ${count})`,
        expected: 'a registry of your own configuration',
        found: registry,
      })),
      ...countElsewhere(excluded).map(([registry, count]) => ({
        subject: null,
        message: `only the project’s policy says that the registry has no evidence (packages: ${count})`,
        expected: 'a registry that your own configuration names for a scope',
        found: registry,
      })),
    ];
  },
};

/** How often each registry occurs, those on this machine left out. */
function countElsewhere(
  registries: readonly (string | null)[],
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const registry of registries) {
    if (registry === null || isOnThisMachine(registry)) continue;
    counts.set(registry, (counts.get(registry) ?? 0) + 1);
  }
  return [...counts];
}

function isOnThisMachine(registry: string): boolean {
  return isLoopbackHost(new URL(registry).hostname);
}

import type { ProvenanceFacts } from '../../facts/facts.js';
import { isProvenBuild } from '../history/downgrade.js';
import { observeHistory } from '../history/observe-history.js';
import type { Observation, Rule } from '../rule.js';
import type { EarlierBuild } from '../verdict.js';

/** What tells how a build was started. */
const TRAITS: readonly (readonly [
  what: string,
  read: (provenance: ProvenanceFacts) => string | null,
])[] = [
  ['event', ({ event }) => event],
  ['kind of ref', ({ sourceRef }) => refKindOf(sourceRef)],
];

export const unusualBuild: Rule = {
  id: 'unusual-build',
  title: 'Built on another event or kind of ref than earlier versions',
  meaning:
    'The certificate names an event (push, issue_comment …) or a kind of ref ' +
    '(branch, tag) that none of the last three attested versions before it has; ' +
    'their attestations are fetched and verified too. What it can tell: the ' +
    'workflow was started in a way that is new for this package, which is how a ' +
    'workflow that can be abused publishes with correct provenance. What it ' +
    'cannot tell: whether the project changed how it releases, nor anything of a ' +
    'workflow that was abused in the usual way. Costs up to seven requests for ' +
    'each package.',
  remedy:
    'Look at the run, and at what changed in the workflow. To allow certain ' +
    'events only, name them in events of the package’s entry.',
  example: 'built on an event that none of 1.4.1, 1.4.0, 1.3.9 was built on',
  defaultLevel: 'off',
  consequence: 'violated',
  about: 'packages',
  needs: 'builds',
  evaluate: (subjects) =>
    observeHistory(subjects, ({ facts, earlier }) => {
      const provenance = isProvenBuild(facts) ? facts?.provenance : null;
      if (provenance === null || provenance === undefined) return null;
      const builds = earlier ?? new Map<string, EarlierBuild>();
      if (builds.size === 0) return null;
      return judge(provenance, builds);
    }),
};

function judge(
  provenance: ProvenanceFacts,
  earlier: ReadonlyMap<string, EarlierBuild>,
): Omit<Observation, 'subject'> | null {
  const proven = [...earlier].flatMap(([version, { facts }]) =>
    isProvenBuild(facts) && facts.provenance !== null
      ? [[version, facts.provenance] as const]
      : [],
  );
  const versions = proven.map(([version]) => version).join(', ');
  if (proven.length === 0) {
    return {
      message: `cannot be compared with earlier builds: nothing is verified of ${[...earlier.keys()].join(', ')}`,
      expected: null,
      found: null,
      consequence: 'incomplete',
    };
  }
  for (const [what, read] of TRAITS) {
    const found = read(provenance);
    const usual = new Set(proven.map(([, each]) => read(each)));
    // What an old certificate does not say may have been the same.
    if (found === null || usual.has(found) || usual.has(null)) continue;
    return {
      message: `built on ${what === 'event' ? 'an event' : 'a kind of ref'} that none of ${versions} was built on`,
      expected: [...usual].join(' or '),
      found,
    };
  }
  return null;
}

function refKindOf(ref: string | null): string | null {
  if (ref === null) return null;
  if (ref.startsWith('refs/heads/')) return 'branch';
  if (ref.startsWith('refs/tags/')) return 'tag';
  return 'other';
}

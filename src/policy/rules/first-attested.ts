import { isProvenBuild } from '../history/downgrade.js';
import { observeHistory } from '../history/observe-history.js';
import { dayOf } from '../history/placed-release.js';
import type { Rule } from '../rule.js';

export const firstAttested: Rule = {
  id: 'first-attested',
  title: 'The first version of the package with provenance',
  meaning:
    'Its provenance is verified, and the registry claims none for any earlier ' +
    'version. Mostly a project has begun to attest, which is good. What it ' +
    'can tell: nothing earlier exists to compare repository and workflow with, ' +
    'so whoever took the package over could attest as well. What it cannot ' +
    'tell: whether that happened. The earlier versions are the registry’s ' +
    'unsigned word. Costs a request for each package.',
  remedy:
    'Look whether the repository is the one that the project has always named, ' +
    'then pin it (provenance-audit pin).',
  example: 'first with provenance, after 12 versions without since 2021-04-01',
  defaultLevel: 'off',
  consequence: 'violated',
  about: 'packages',
  needs: 'history',
  evaluate: (subjects) =>
    observeHistory(subjects, ({ facts }, { earlier }) => {
      const [first] = earlier;
      const isFirst =
        first !== undefined &&
        isProvenBuild(facts) &&
        earlier.every(({ level }) => level === 'none');
      if (!isFirst) return null;
      const count =
        earlier.length === 1 ? '1 version' : `${earlier.length} versions`;
      return {
        message: `first with provenance, after ${count} without since ${dayOf(first.publishedAt)}`,
        expected: null,
        found: facts?.provenance?.sourceRepository ?? null,
      };
    }),
};

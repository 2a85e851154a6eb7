import {
  COVERAGE_GROUPS,
  countCoverage,
  partialGroups,
  shareOf,
  type CoverageCount,
  type CoverageGroup,
} from '../coverage.js';
import { isLeftOut } from '../left-out.js';
import type { Threshold } from '../policy.js';
import type { Rule } from '../rule.js';

const NAMES: Readonly<Record<CoverageGroup, string>> = {
  all: 'all packages',
  production: 'production packages',
  direct: 'direct dependencies',
};

export const coverageBelow: Rule = {
  id: 'coverage-below',
  title: 'Fewer packages have verified provenance than the policy demands',
  meaning:
    'Packages with verified provenance, divided by all packages of ' +
    'registries that are audited, by count; for production and direct ' +
    'only those. Nothing is rounded, what could not be asked counts below ' +
    'the line, acknowledged packages are not verified, and where there is ' +
    'no package at all a threshold is not met. Where a selection has left out ' +
    'some of the packages that a threshold is about, it is not judged, and the ' +
    'report says so.',
  remedy:
    'Look at what changed: a package that lost its provenance is a ' +
    'warning sign. Take versions that have it, or lower the threshold in ' +
    'the policy.',
  example: 'verified provenance of all packages: 1799 of 2000 (89.95%)',
  setting: `coverage:
  production: 60%
  direct: 80%
`,
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects, { policy }) => {
    const counts = countCoverage(
      subjects.flatMap(({ dependency, facts }) =>
        facts === null
          ? []
          : {
              production: dependency.production,
              direct: dependency.direct,
              verification: facts.verification,
              provenance: facts.provenance,
            },
      ),
    );
    const partial = partialGroups(
      subjects.filter(isLeftOut).map(({ dependency }) => dependency),
    );
    return COVERAGE_GROUPS.flatMap((group) => {
      const threshold = policy.coverage[group];
      if (threshold === null || partial.includes(group)) return [];
      if (isMet(threshold, counts[group])) return [];
      const found = describeCount(counts[group]);
      return [
        {
          subject: null,
          message: `verified provenance of ${NAMES[group]}: ${found}`,
          expected: `at least ${threshold.text}`,
          found,
        },
      ];
    });
  },
};

/** By whole numbers, so that nothing is rounded. None of none is not enough. */
function isMet(
  { hundredths }: Threshold,
  { verified, eligible }: CoverageCount,
): boolean {
  return eligible > 0 && verified * 10_000 >= hundredths * eligible;
}

function describeCount(count: CoverageCount): string {
  const percent = (shareOf(count) / 100).toFixed(2);
  return `${count.verified} of ${count.eligible} (${percent}%)`;
}

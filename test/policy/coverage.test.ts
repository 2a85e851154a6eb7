import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluatePolicy } from '../../src/policy/evaluate-policy.js';
import { COVERAGE_GROUPS, shareOf } from '../../src/policy/coverage.js';
import type { Policy, Threshold } from '../../src/policy/policy.js';
import { RULES } from '../../src/policy/rules/index.js';
import type { Subject } from '../../src/policy/verdict.js';
import { buildReport } from '../../src/report/build-report.js';
import { sampleInput } from '../report/sample-report.js';
import {
  UNATTESTED,
  UNPROVEN,
  contextOf,
  inScope,
  outOfScope,
  rejection,
  unavailable,
} from './subjects.js';

function percent(text: string): Threshold {
  return { text, hundredths: Math.round(Number(text.slice(0, -1)) * 100) };
}

function thresholds(
  texts: Partial<Record<keyof Policy['coverage'], string>>,
): Pick<Policy, 'coverage'> {
  const of = (text: string | undefined): Threshold | null =>
    text === undefined ? null : percent(text);
  return {
    coverage: {
      all: of(texts.all),
      production: of(texts.production),
      direct: of(texts.direct),
    },
  };
}

/** `verified` packages with provenance and as many without as `eligible` needs. */
function packages(verified: number, eligible: number): readonly Subject[] {
  return Array.from({ length: eligible }, (_, index) =>
    index < verified
      ? inScope({ name: `p${index}` })
      : inScope({ name: `p${index}`, evidence: UNATTESTED, facts: UNPROVEN }),
  );
}

function below(
  subjects: readonly Subject[],
  policy: Partial<Policy>,
): readonly (string | null)[] {
  const { findings } = evaluatePolicy(subjects, contextOf(policy), RULES);
  return findings
    .filter(({ rule }) => rule === 'coverage-below')
    .map(({ found }) => found);
}

describe('coverage-below', () => {
  it.each<[string, number, number, string, string | null]>([
    ['no package', 0, 0, '0%', '0 of 0 (0.00%)'],
    ['no package, and something demanded', 0, 0, '60%', '0 of 0 (0.00%)'],
    ['nothing demanded', 0, 1, '0%', null],
    ['all', 3, 3, '100%', null],
    ['one less than all', 19_999, 20_000, '100%', '19999 of 20000 (99.99%)'],
    ['just enough', 9, 10, '90%', null],
    ['exactly two thirds, cut off', 2, 3, '66.66%', null],
    ['less than two thirds, rounded up', 2, 3, '66.67%', '2 of 3 (66.66%)'],
    ['P16 89.95 % against 90', 1799, 2000, '90%', '1799 of 2000 (89.95%)'],
    ['P16 89.95 % against 89.95', 1799, 2000, '89.95%', null],
    [
      'P16 89.995 % against 90',
      17_999,
      20_000,
      '90%',
      '17999 of 20000 (89.99%)',
    ],
  ])('%s', (_what, verified, eligible, text, found) => {
    const subjects = packages(verified, eligible);
    expect(below(subjects, thresholds({ all: text }))).toEqual(
      found === null ? [] : [found],
    );
  });

  it('counts what could not be asked or verified below the line', () => {
    const rejected = inScope({
      facts: { verification: 'rejected', rejections: [rejection()] },
    });
    const unverifiable = inScope({
      facts: {
        verification: 'unverifiable',
        unverifiable: [{ code: 'registry-keys-missing', message: '' }],
      },
    });
    const subjects = [
      inScope(),
      unavailable('timeout'),
      rejected,
      unverifiable,
      outOfScope('git'),
    ];
    expect(below(subjects, thresholds({ all: '26%' }))).toEqual([
      '1 of 4 (25.00%)',
    ]);
  });

  it('judges each group by its own packages', () => {
    const subjects = [
      inScope({ place: { production: true, direct: false } }),
      inScope({ facts: UNPROVEN, place: { production: true, direct: true } }),
      inScope({ facts: UNPROVEN, place: { production: false, direct: false } }),
    ];
    const all = { all: '34%', production: '51%', direct: '1%' };
    expect(below(subjects, thresholds(all))).toEqual([
      '1 of 3 (33.33%)',
      '1 of 2 (50.00%)',
      '0 of 1 (0.00%)',
    ]);
    const met = { all: '33.33%', production: '50%', direct: '0%' };
    expect(below(subjects, thresholds(met))).toEqual([]);
  });

  it('is about the audit as a whole', () => {
    const { findings } = evaluatePolicy(
      packages(0, 1),
      contextOf(thresholds({ direct: '1%' })),
      RULES,
    );
    expect(findings).toMatchObject([
      {
        rule: 'coverage-below',
        level: 'error',
        consequence: 'violated',
        subject: null,
        message: 'verified provenance of direct dependencies: 0 of 1 (0.00%)',
        expected: 'at least 1%',
      },
    ]);
  });
});

describe('coverage', () => {
  const place = fc.record({ production: fc.boolean(), direct: fc.boolean() });
  const subject = fc
    .tuple(
      place,
      fc.constantFrom(
        inScope(),
        inScope({ facts: UNPROVEN }),
        inScope({ evidence: UNATTESTED, facts: UNPROVEN }),
        inScope({
          facts: { verification: 'rejected', rejections: [rejection()] },
        }),
        unavailable('timeout'),
        outOfScope('git'),
      ),
    )
    .map(([where, one]): Subject => ({
      ...one,
      dependency: { ...one.dependency, ...where },
    }));

  it('is the same for the policy and in the report', () => {
    fc.assert(
      fc.property(fc.array(subject, { maxLength: 12 }), (subjects) => {
        const { summary } = buildReport(sampleInput(subjects, []));
        for (const group of COVERAGE_GROUPS) {
          const { verified, eligible, ratio } = summary.coverage[group];
          // What nothing can reach says what was counted.
          const [found] = below(subjects, {
            coverage: {
              ...thresholds({}).coverage,
              [group]: { text: '101%', hundredths: 10_100 },
            },
          });
          const share = (ratio * 100).toFixed(2);
          expect(found).toBe(`${verified} of ${eligible} (${share}%)`);
        }
      }),
    );
  });

  it('is cut off, never rounded up', () => {
    const counts = fc.tuple(fc.nat(200_000), fc.nat(200_000)).map(([a, b]) => ({
      verified: Math.min(a, b),
      eligible: Math.max(a, b),
    }));
    fc.assert(
      fc.property(counts, (count) => {
        const share = BigInt(shareOf(count));
        const [verified, eligible] = [
          BigInt(count.verified),
          BigInt(count.eligible),
        ];
        expect(share * eligible <= verified * 10_000n).toBe(true);
        if (eligible > 0n) {
          expect((share + 1n) * eligible > verified * 10_000n).toBe(true);
        }
      }),
    );
  });
});

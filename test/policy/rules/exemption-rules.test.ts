import { describe, expect, it } from 'vitest';
import { evaluatePolicy } from '../../../src/policy/evaluate-policy.js';
import { EVERYTHING, type Policy } from '../../../src/policy/policy.js';
import type { RuleLevel } from '../../../src/policy/rule.js';
import { RULES } from '../../../src/policy/rules/index.js';
import type { Finding, Subject } from '../../../src/policy/verdict.js';
import { resultOf } from '../../../src/report/result.js';
import { OTHER_SRI, SRI } from '../../verification/samples.js';
import { acknowledgement, exemption } from '../entries.js';
import {
  UNATTESTED,
  UNPROVEN,
  contextOf,
  inScope,
  outOfScope,
  rejection,
} from '../subjects.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const MISSING = level('provenance-missing', 'error');

function level(rule: string, to: RuleLevel): Policy['rules'] {
  return new Map([[rule, [{ level: to, for: EVERYTHING }]]]);
}

function findings(
  subjects: readonly Subject[],
  policy: Partial<Policy>,
): readonly Finding[] {
  const context = contextOf({ rules: MISSING, ...policy }, NOW);
  return evaluatePolicy(subjects, context, RULES).findings;
}

function of(rule: string, all: readonly Finding[]): readonly Finding[] {
  return all.filter((each) => each.rule === rule);
}

const unattested = inScope({ evidence: UNATTESTED, facts: UNPROVEN });
const rejected = inScope({
  facts: { ...UNPROVEN, verification: 'rejected', rejections: [rejection()] },
});
const twice = inScope({
  facts: {
    ...UNPROVEN,
    verification: 'rejected',
    rejections: [rejection(), rejection({ code: 'signature' })],
  },
});
const elsewhere = inScope({
  integrity: OTHER_SRI,
  facts: { ...UNPROVEN, verification: 'rejected', rejections: [rejection()] },
});

const EXEMPTED = 'the exemption of @acme/widget@1.2.3';
const ACKNOWLEDGED = 'the acknowledgement of @acme/widget@1.2.3';

describe('exemption-unused', () => {
  it.each<[string, readonly Subject[], Partial<Policy>]>([
    ['no entry', [unattested], {}],
    [
      'an exemption that is needed',
      [unattested],
      { exemptions: [exemption()] },
    ],
    [
      'one that takes the weight of a warning',
      [unattested],
      {
        rules: level('provenance-missing', 'warning'),
        exemptions: [exemption()],
      },
    ],
    [
      'one of whose rules only one finds something',
      [unattested],
      {
        exemptions: [
          exemption({ rules: ['insecure-source', 'provenance-missing'] }),
        ],
      },
    ],
    [
      'an acknowledgement that is needed',
      [rejected],
      { acknowledged: [acknowledgement()] },
    ],
    [
      'one that has expired: that is said instead',
      [inScope()],
      {
        exemptions: [exemption({ expires: '2026-05-31' })],
        acknowledged: [acknowledgement({ expires: '2026-05-31' })],
      },
    ],
  ])('is silent: %s', (_what, subjects, policy) => {
    expect(of('exemption-unused', findings(subjects, policy))).toEqual([]);
  });

  it.each<
    [
      string,
      readonly Subject[],
      Partial<Policy>,
      readonly [string, string | null, string | null],
    ]
  >([
    [
      'P08: a package that is not in the lockfile',
      [inScope({ name: 'other' })],
      { exemptions: [exemption()] },
      [
        `${EXEMPTED} has no effect: the lockfile does not have the package`,
        null,
        null,
      ],
    ],
    [
      'P10: the lockfile has another version',
      [inScope({ version: '1.2.4' }), inScope({ version: '2.0.0' })],
      { exemptions: [exemption()] },
      [
        `${EXEMPTED} has no effect: the lockfile has other versions of the package`,
        '1.2.3',
        '1.2.4, 2.0.0',
      ],
    ],
    [
      'the rule finds nothing',
      [inScope()],
      { exemptions: [exemption({ range: null })] },
      [
        'the exemption of @acme/widget, any version has no effect: none of its rules finds anything about the package',
        'provenance-missing',
        null,
      ],
    ],
    [
      'other rules find something',
      [unattested],
      { exemptions: [exemption({ rules: ['a', 'b'] })] },
      [
        `${EXEMPTED} has no effect: none of its rules finds anything about the package`,
        'a, b',
        'provenance-missing',
      ],
    ],
    [
      'the rule is off',
      [unattested],
      { rules: new Map(), exemptions: [exemption()] },
      [
        `${EXEMPTED} has no effect: none of its rules finds anything about the package`,
        'provenance-missing',
        null,
      ],
    ],
    [
      'the package is out of scope',
      [outOfScope('git'), inScope({ name: 'other' })],
      { exemptions: [exemption()] },
      [`${EXEMPTED} has no effect: the package is out of scope`, null, null],
    ],
    [
      'rejected evidence',
      [rejected],
      { exemptions: [exemption({ rules: ['evidence-rejected'] })] },
      [
        `${EXEMPTED} has no effect: rejected evidence can be acknowledged only`,
        null,
        null,
      ],
    ],
    [
      'an entry before it',
      [unattested],
      { exemptions: [exemption({ range: '1.x', line: 1 }), exemption()] },
      [
        `${EXEMPTED} has no effect: an entry before it is about the same findings`,
        null,
        null,
      ],
    ],
    [
      'acknowledged: not in the lockfile',
      [inScope({ name: 'other' })],
      { acknowledged: [acknowledgement({ line: 12 })] },
      [
        `${ACKNOWLEDGED} has no effect: the lockfile does not have the package`,
        null,
        null,
      ],
    ],
    [
      'acknowledged: another version',
      [inScope({ version: '1.2.4' })],
      { acknowledged: [acknowledgement({ line: 12 })] },
      [
        `${ACKNOWLEDGED} has no effect: the lockfile has other versions of the package`,
        '1.2.3',
        '1.2.4',
      ],
    ],
    [
      'acknowledged: other bytes',
      [inScope({ version: '1.2.4' }), elsewhere],
      { acknowledged: [acknowledgement({ line: 12 })] },
      [
        `${ACKNOWLEDGED} has no effect: the lockfile pins other bytes of this version`,
        SRI,
        OTHER_SRI,
      ],
    ],
    [
      'acknowledged: no bytes',
      [inScope({ integrity: null })],
      { acknowledged: [acknowledgement({ line: 12 })] },
      [
        `${ACKNOWLEDGED} has no effect: the lockfile pins other bytes of this version`,
        SRI,
        'no integrity',
      ],
    ],
    [
      'acknowledged: not rejected any more',
      [inScope()],
      { acknowledged: [acknowledgement({ line: 12 })] },
      [
        `${ACKNOWLEDGED} has no effect: the evidence is not rejected`,
        null,
        null,
      ],
    ],
    [
      'acknowledged: another code',
      [elsewhere, twice],
      { acknowledged: [acknowledgement({ line: 12 })] },
      [
        `${ACKNOWLEDGED} has no effect: the evidence is rejected for other reasons, too`,
        'subject-digest',
        'subject-digest, signature',
      ],
    ],
    [
      'acknowledged: twice',
      [rejected],
      {
        acknowledged: [acknowledgement(), acknowledgement({ line: 12 })],
      },
      [
        `${ACKNOWLEDGED} has no effect: an entry before it is about the same findings`,
        null,
        null,
      ],
    ],
  ])('warns and says why: %s', (_what, subjects, policy, said) => {
    const [message, expected, found] = said;
    expect(of('exemption-unused', findings(subjects, policy))).toEqual([
      expect.objectContaining({
        level: 'warning',
        subject: null,
        message,
        expected,
        found,
        policyLine: 12,
        exempted: null,
      }),
    ]);
  });

  it('does not make the audit fail, as a warning', () => {
    const all = findings([inScope()], { exemptions: [exemption()] });
    expect(resultOf(all).exitCode).toBe(0);
  });

  it('names no line where none is known', () => {
    const all = findings([inScope()], {
      exemptions: [exemption({ line: null })],
    });
    expect(of('exemption-unused', all)).toMatchObject([{ policyLine: null }]);
  });
});

describe('exemption-expired', () => {
  const YESTERDAY = { expires: '2026-05-31' };

  it.each<[string, readonly Subject[], Partial<Policy>, string, string]>([
    [
      'P09: an exemption that would be needed',
      [unattested],
      { exemptions: [exemption(YESTERDAY)] },
      `${EXEMPTED} expired: findings that count: 1`,
      'Look at it again',
    ],
    [
      'one that nothing needs',
      [inScope()],
      { exemptions: [exemption(YESTERDAY)] },
      `${EXEMPTED} expired, and nothing needs it`,
      'Remove the entry.',
    ],
    [
      'one behind which another holds',
      [unattested],
      { exemptions: [exemption(YESTERDAY), exemption()] },
      `${EXEMPTED} expired, and nothing needs it`,
      'Remove the entry.',
    ],
    [
      'an acknowledgement',
      [rejected],
      { acknowledged: [acknowledgement({ ...YESTERDAY, line: 12 })] },
      `${ACKNOWLEDGED} expired: findings that count: 1`,
      'Look at it again',
    ],
  ])('fails: %s', (_what, subjects, policy, message, remedy) => {
    expect(of('exemption-expired', findings(subjects, policy))).toEqual([
      expect.objectContaining({
        level: 'error',
        consequence: 'violated',
        subject: null,
        message,
        expected: '2026-06-01 or later',
        found: '2026-05-31',
        remedy: expect.stringContaining(remedy) as string,
        policyLine: 12,
      }),
    ]);
  });

  it.each([
    ['today is the last day', '2026-06-01', []],
    ['yesterday was', '2026-05-31', ['exemption-expired']],
  ])('decides on the day alone: %s', (_what, expires, rules) => {
    const all = findings([inScope()], { exemptions: [exemption({ expires })] });
    expect(
      all.filter((each) => each.level === 'error').map(({ rule }) => rule),
    ).toEqual(rules);
    expect(resultOf(all).exitCode).toBe(rules.length);
  });
});

describe('exemption-too-long', () => {
  it.each([
    ['two years', '2028-06-01', 0],
    ['two years and a day', '2028-06-02', 1],
    ['P09: the year 9999', '9999-12-31', 1],
    ['expired', '2020-01-01', 0],
  ])('warns beyond two years: %s', (_what, expires, count) => {
    const all = findings([unattested, rejected], {
      exemptions: [exemption({ expires })],
      acknowledged: [acknowledgement({ expires })],
    });
    const warnings = of('exemption-too-long', all);
    expect(warnings).toHaveLength(2 * count);
    for (const warning of warnings) {
      expect(warning).toMatchObject({ level: 'warning', found: expires });
    }
    expect(warnings.map(({ policyLine }) => policyLine)).toEqual(
      count === 0 ? [] : [12, 20],
    );
  });
});

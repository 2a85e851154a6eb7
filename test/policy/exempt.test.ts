import { describe, expect, it } from 'vitest';
import { evaluatePolicy } from '../../src/policy/evaluate-policy.js';
import { hasExpired, isFarAhead } from '../../src/policy/expiry.js';
import {
  EVERYTHING,
  type Exemption,
  type Policy,
} from '../../src/policy/policy.js';
import { RULES } from '../../src/policy/rules/index.js';
import type { Subject, Verdict } from '../../src/policy/verdict.js';
import { resultOf } from '../../src/report/result.js';
import { ID, OTHER_SRI, SRI } from '../verification/samples.js';
import { acknowledgement, exemption } from './entries.js';
import {
  UNATTESTED,
  UNPROVEN,
  contextOf,
  inScope,
  rejection,
  unavailable,
} from './subjects.js';

const NOW = new Date('2026-06-01T12:00:00Z');
/** An error where there is no provenance. */
const STRICT = new Map([
  ['provenance-missing', [{ level: 'error', for: EVERYTHING } as const]],
]);

function unattested(version = ID.version, name = ID.name): Subject {
  return inScope({ name, version, evidence: UNATTESTED, facts: UNPROVEN });
}

function rejected(
  rejections = [rejection()],
  shape: Parameters<typeof inScope>[0] = {},
): Subject {
  return inScope({
    ...shape,
    facts: { ...UNPROVEN, verification: 'rejected', rejections },
  });
}

function judge(
  subjects: readonly Subject[],
  policy: Partial<Policy>,
  now = NOW,
): Verdict {
  return evaluatePolicy(
    subjects,
    contextOf({ rules: STRICT, ...policy }, now),
    RULES,
  );
}

/** Rules whose errors count. */
function failing({ findings }: Verdict): readonly string[] {
  return findings
    .filter(({ level, exempted }) => level === 'error' && exempted === null)
    .map(({ rule }) => rule);
}

function exitCode({ findings }: Verdict): number {
  return resultOf(findings).exitCode;
}

describe('an exemption', () => {
  it('takes the weight of a finding, which stays with the reason', () => {
    const verdict = judge([unattested()], { exemptions: [exemption()] });
    expect(verdict.findings).toMatchObject([
      {
        rule: 'provenance-missing',
        level: 'error',
        exempted: {
          by: 'exemption',
          reason: 'vendored copy reviewed',
          owner: 'security',
          expires: '2027-01-01',
          policyLine: 12,
        },
      },
    ]);
    expect(exitCode(verdict)).toBe(0);
  });

  it('leaves order and number of the findings as they are', () => {
    const subjects = [unattested('1.0.0'), unattested(), unattested('2.0.0')];
    const plain = judge(subjects, {}).findings;
    const exempting = judge(subjects, { exemptions: [exemption()] }).findings;
    expect(
      exempting.map(({ subject, exempted }) => [subject, exempted !== null]),
    ).toEqual(plain.map(({ subject }, index) => [subject, index === 1]));
  });

  it.each<[string, Partial<Exemption>, Subject]>([
    ['another package', { name: '@acme/widge' }, unattested()],
    ['the name in another case', { name: '@ACME/widget' }, unattested()],
    ['a glob for a name', { name: '*' }, unattested()],
    ['another rule', { rules: ['publish-missing'] }, unattested()],
    ['no rule', { rules: [] }, unattested()],
    ['another version', { range: '1.2.4' }, unattested()],
    ['P10: 1.2.3, where the lockfile has 1.2.4', {}, unattested('1.2.4')],
    ['a range that ends before', { range: '<1.2.3' }, unattested()],
    ['a prerelease of the version', {}, unattested('1.2.3-beta.1')],
    [
      'a prerelease within a range',
      { range: '^1.2.0' },
      unattested('1.3.0-beta.1'),
    ],
    [
      'a prerelease below the end of a range',
      { range: '<2.0.0' },
      unattested('2.0.0-beta.1'),
    ],
    [
      'a prerelease of another version than the range names',
      { range: '>=1.2.3-beta.1' },
      unattested('1.3.0-beta.1'),
    ],
    ['no range', { range: 'latest' }, unattested()],
    ['no version in the lockfile', { range: '>=0.0.0' }, unattested('')],
    [
      'P09: the last day was yesterday',
      { expires: '2026-05-31' },
      unattested(),
    ],
    ['P09: never', { expires: 'never' }, unattested()],
    ['30 February', { expires: '2027-02-30' }, unattested()],
    ['a month', { expires: '2027-03' }, unattested()],
  ])('does nothing: %s', (_what, change, subject) => {
    const verdict = judge([subject], { exemptions: [exemption(change)] });
    expect(failing(verdict)).toContain('provenance-missing');
    expect(exitCode(verdict)).toBe(1);
  });

  it.each<[string, Partial<Exemption>, Subject]>([
    ['the last day is today', { expires: '2026-06-01' }, unattested()],
    ['P09: the year 9999', { expires: '9999-12-31' }, unattested()],
    ['a range', { range: '^1.2.0' }, unattested()],
    ['one of several ranges', { range: '<1.0.0 || 1.2.x' }, unattested()],
    [
      'one of several rules',
      { rules: ['a', 'provenance-missing'] },
      unattested(),
    ],
    [
      'a prerelease that the range names',
      { range: '>=1.2.3-beta.1 <1.2.4' },
      unattested('1.2.3-beta.2'),
    ],
    ['any version', { range: null }, unattested('7.0.0-rc.1')],
    ['any version, even none', { range: null }, unattested('')],
    ['nobody’s', { owner: null, line: null }, unattested()],
  ])('holds: %s', (_what, change, subject) => {
    const verdict = judge([subject], { exemptions: [exemption(change)] });
    expect(exitCode(verdict)).toBe(0);
  });

  it('is of no use against rejected evidence, whatever it lists', () => {
    const entry = exemption({ range: null, rules: ['evidence-rejected'] });
    const verdict = judge([rejected()], { exemptions: [entry] });
    expect(failing(verdict)).toEqual(['evidence-rejected']);
    expect(exitCode(verdict)).toBe(4);
  });

  it.each([
    [
      'coverage-below',
      { coverage: { all: { text: '90%', hundredths: 9000 } } },
    ],
    ['registry-from-project', {}],
  ])('is of no use against what is about all: %s', (rule, coverage) => {
    const subject = inScope({
      askedByProject: true,
      facts: UNPROVEN,
      evidence: UNATTESTED,
    });
    const verdict = judge([subject], {
      ...('coverage' in coverage
        ? {
            coverage: { production: null, direct: null, ...coverage.coverage },
          }
        : {}),
      rules: new Map(),
      exemptions: [exemption({ rules: [rule] })],
    });
    expect(failing(verdict)).toContain(rule);
  });

  it('is of no use against the rules about the policy itself', () => {
    const rules = ['exemption-expired', 'exemption-unused'];
    const verdict = judge([unattested()], {
      exemptions: [
        exemption(),
        exemption({ rules, expires: '2026-01-01' }),
        exemption({ rules }),
      ],
    });
    expect(failing(verdict)).toEqual(['exemption-expired']);
  });

  it('of several the first that holds is named', () => {
    const { findings } = judge([unattested()], {
      exemptions: [
        exemption({ expires: '2026-05-31', reason: 'over' }),
        exemption({ range: '2.x', reason: 'other' }),
        exemption({ reason: 'first' }),
        exemption({ reason: 'second' }),
      ],
    });
    expect(findings.flatMap(({ exempted }) => exempted?.reason ?? [])).toEqual([
      'first',
    ]);
  });

  it('leaves what else is found of the package', () => {
    const subject = {
      ...unattested(),
      dependency: inScope({ resolved: 'http://npm.acme.example/x' }).dependency,
    };
    const verdict = judge([subject], { exemptions: [exemption()] });
    expect(failing(verdict)).toEqual(['insecure-source']);
    expect(exitCode(verdict)).toBe(1);
  });

  it('can be from an incomplete audit', () => {
    const subjects = [unavailable('timeout')];
    const entry = exemption({ rules: ['evidence-unavailable'] });
    expect(exitCode(judge(subjects, {}))).toBe(3);
    expect(exitCode(judge(subjects, { exemptions: [entry] }))).toBe(0);
  });
});

describe('an acknowledgement', () => {
  const policy = { acknowledged: [acknowledgement()] };

  it('takes the weight of a rejection, which stays in sight', () => {
    const verdict = judge([rejected()], policy);
    expect(verdict.findings).toMatchObject([
      {
        rule: 'evidence-rejected',
        level: 'error',
        consequence: 'tampered',
        exempted: {
          by: 'acknowledged',
          reason: 'compared with the tag',
          owner: null,
          expires: '2027-01-01',
          policyLine: 20,
        },
      },
    ]);
    expect(verdict.subjects[0]?.facts?.verification).toBe('rejected');
    expect(exitCode(verdict)).toBe(0);
  });

  it.each<[string, Partial<ReturnType<typeof acknowledgement>>, Subject]>([
    ['another package', { name: '@acme/widge' }, rejected()],
    ['another version', { version: '1.2.4' }, rejected()],
    ['a range', { version: '^1.2.0' }, rejected()],
    ['other bytes', { integrity: OTHER_SRI }, rejected()],
    [
      'other bytes in the lockfile',
      {},
      rejected([rejection()], { integrity: OTHER_SRI }),
    ],
    [
      'no bytes in the lockfile',
      {},
      rejected([rejection()], { integrity: null }),
    ],
    [
      'equal pins that are too weak',
      { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' },
      rejected([rejection()], {
        integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=',
      }),
    ],
    [
      'two pins in the lockfile, one of which is meant',
      {},
      rejected([rejection()], { integrity: `${SRI} ${OTHER_SRI}` }),
    ],
    ['no text of an integrity', { integrity: '' }, rejected()],
    ['another code', { codes: ['signature'] }, rejected()],
    ['no code', { codes: [] }, rejected()],
    [
      'another code added',
      {},
      rejected([rejection(), rejection({ code: 'signature' })]),
    ],
    [
      'another code before it',
      {},
      rejected([rejection({ code: 'signature' }), rejection()]),
    ],
    [
      'something else could not be decided',
      {},
      inScope({
        facts: {
          ...UNPROVEN,
          verification: 'rejected',
          rejections: [rejection()],
          unverifiable: [{ code: 'registry-keys-missing', message: '' }],
        },
      }),
    ],
    ['the last day was yesterday', { expires: '2026-05-31' }, rejected()],
    ['never', { expires: 'never' }, rejected()],
  ])('is void: %s', (_what, change, subject) => {
    const verdict = judge([subject], {
      acknowledged: [acknowledgement(change)],
    });
    expect(failing(verdict)).toContain('evidence-rejected');
    expect(exitCode(verdict)).toBe(4);
  });

  it.each<[string, Partial<ReturnType<typeof acknowledgement>>, Subject]>([
    ['the last day is today', { expires: '2026-06-01' }, rejected()],
    [
      'the same bytes beside a weaker hash',
      {},
      rejected([rejection()], {
        integrity: `sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk= ${SRI}`,
      }),
    ],
    [
      'two codes, both named',
      { codes: ['signature', 'subject-digest'] },
      rejected([rejection(), rejection({ code: 'signature' })]),
    ],
    [
      'the same code twice',
      {},
      rejected([rejection(), rejection({ attestation: 2 })]),
    ],
  ])('holds: %s', (_what, change, subject) => {
    const verdict = judge([subject], {
      acknowledged: [acknowledgement(change)],
    });
    expect(exitCode(verdict)).toBe(0);
  });

  it('of one pin leaves the same version with another pin', () => {
    const other = rejected([rejection()], { integrity: OTHER_SRI });
    const { findings } = judge([rejected(), other], policy);
    expect(findings.filter(({ exempted }) => exempted === null)).toMatchObject([
      { rule: 'evidence-rejected', subject: other },
    ]);
  });

  it('exempts from nothing else', () => {
    const subject = {
      ...rejected(),
      dependency: inScope({ resolved: 'http://npm.acme.example/x' }).dependency,
    };
    expect(failing(judge([subject], policy))).toEqual(['insecure-source']);
    const missing = judge([unattested()], policy);
    expect(failing(missing)).toEqual(['provenance-missing']);
  });

  it('does not make the package count as covered', () => {
    const verdict = judge([rejected(), inScope({ name: 'other' })], {
      ...policy,
      coverage: {
        all: { text: '51%', hundredths: 5100 },
        production: { text: '50%', hundredths: 5000 },
        direct: null,
      },
    });
    expect(failing(verdict)).toEqual(['coverage-below']);
    expect(verdict.findings).toContainEqual(
      expect.objectContaining({ found: '1 of 2 (50.00%)' }),
    );
    expect(exitCode(verdict)).toBe(1);
  });
});

describe('a last day', () => {
  const at = (instant: string): Date => new Date(instant);

  it.each([
    ['the day before', '2027-02-28T23:59:59.999Z', false],
    ['its first instant', '2027-03-01T00:00:00.000Z', false],
    ['its last instant', '2027-03-01T23:59:59.999Z', false],
    ['the next day', '2027-03-02T00:00:00.000Z', true],
    ['still that day west of UTC', '2027-03-01T23:30:00-05:00', true],
    ['the next day already east of UTC', '2027-03-02T01:00:00+09:00', false],
  ])('is counted in UTC: %s', (_what, now, isOver) => {
    expect(hasExpired({ expires: '2027-03-01' }, at(now))).toBe(isOver);
  });

  it.each([
    ['never', false],
    ['', false],
    ['2027-02-29', false],
    ['2027-02-30', false],
    ['2027-13-01', false],
    ['2027-00-10', false],
    ['2027-3-1', false],
    ['2027-03', false],
    ['2027-03-01T00:00:00Z', false],
    [' 2027-03-01', false],
    ['2027-03-01\n', false],
    ['+012027-03-01', false],
    ['12027-03-01', false],
    ['2028-02-29', true],
    ['2027-03-01', true],
    ['9999-12-31', true],
    ['0001-01-01', true],
  ])('is a day of the calendar, or over: %j', (text, isDay) => {
    const before = at('0000-01-01T00:00:00Z');
    expect(hasExpired({ expires: text }, before)).toBe(!isDay);
  });

  it('is over where nobody knows the time', () => {
    expect(hasExpired({ expires: '9999-12-31' }, new Date(NaN))).toBe(true);
  });

  it.each([
    ['two years', '2029-03-01', false],
    ['two years and a day', '2029-03-02', true],
    ['past', '2026-01-01', false],
    ['no date', 'never', false],
    ['the year 9999', '9999-12-31', true],
  ])('is far ahead: %s', (_what, expires, isFar) => {
    expect(isFarAhead({ expires }, at('2027-03-01T12:00:00Z'))).toBe(isFar);
  });

  it('is not far ahead at the very instant two years before', () => {
    const now = at('2027-03-01T00:00:00Z');
    expect(isFarAhead({ expires: '2029-03-01' }, now)).toBe(false);
  });

  it('is far ahead by the calendar, over a leap day too', () => {
    const now = at('2028-02-29T12:00:00Z');
    expect(isFarAhead({ expires: '2030-03-01' }, now)).toBe(false);
    expect(isFarAhead({ expires: '2030-03-02' }, now)).toBe(true);
  });
});

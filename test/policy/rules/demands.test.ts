import { describe, expect, it } from 'vitest';
import { LEVELS, type Level } from '../../../src/facts/facts.js';
import type { PackagePolicy, Policy } from '../../../src/policy/policy.js';
import type { Observation } from '../../../src/policy/rule.js';
import { RULES } from '../../../src/policy/rules/index.js';
import type { Subject } from '../../../src/policy/verdict.js';
import { packageEntry } from '../entries.js';
import {
  SIGNED_AT,
  UNATTESTED,
  UNPROVEN,
  inScope,
  outOfScope,
  rejection,
  ruleContextOf,
  unavailable,
} from '../subjects.js';

const HOUR = 3_600_000;
const UNATTESTED_SUBJECT = inScope({ evidence: UNATTESTED, facts: UNPROVEN });
const REJECTED = inScope({
  facts: {
    ...UNPROVEN,
    level: 'none',
    verification: 'rejected',
    rejections: [rejection()],
  },
});
const UNVERIFIABLE = inScope({
  facts: {
    ...UNPROVEN,
    level: 'none',
    verification: 'unverifiable',
    unverifiable: [{ code: 'no-sha512', message: '' }],
  },
});

function observe(
  id: string,
  subjects: readonly Subject[],
  policy: Partial<Policy> = {},
  now: Date = SIGNED_AT,
): readonly Observation[] {
  const rule = RULES.find((each) => each.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return rule.evaluate(subjects, ruleContextOf(policy, now));
}

describe('required-level-missing', () => {
  function requiring(demands: Partial<PackagePolicy>): Partial<Policy> {
    return { packages: [packageEntry('@acme/*', demands)] };
  }

  it.each(
    LEVELS.flatMap((required, least) =>
      LEVELS.map((level, rank) => [level, required, rank >= least] as const),
    ),
  )('%s where %s is required: enough is %s', (level, require, isEnough) => {
    const subject = inScope({ facts: { level } });
    expect(
      observe('required-level-missing', [subject], requiring({ require })),
    ).toMatchObject(
      isEnough ? [] : [{ subject, expected: require, found: level }],
    );
  });

  it.each<[string, Subject, Partial<PackagePolicy>, Level | null]>([
    ['nothing demanded', UNATTESTED_SUBJECT, {}, null],
    ['a source demanded of what is proven', inScope(), { source: ['x'] }, null],
    [
      'a source demanded of what has no provenance',
      UNATTESTED_SUBJECT,
      { source: ['x'] },
      'provenance',
    ],
    [
      'a source demanded where there is provenance',
      UNATTESTED_SUBJECT,
      { source: ['x'], require: 'none' },
      null,
    ],
    [
      'a publish attestation, but no provenance',
      inScope({
        facts: { provenance: null, level: 'registry-signature' },
      }),
      { require: 'provenance' },
      'provenance',
    ],
    [
      'another package',
      inScope({ name: 'x', evidence: UNATTESTED, facts: UNPROVEN }),
      { require: 'provenance' },
      null,
    ],
    ['not in scope', outOfScope('git'), { require: 'provenance' }, null],
    ['rejected', REJECTED, { require: 'provenance' }, null],
    ['unverifiable', UNVERIFIABLE, { require: 'provenance' }, 'provenance'],
    [
      'not answered',
      unavailable('timeout'),
      { require: 'provenance' },
      'provenance',
    ],
  ])('%s', (_what, subject, demands, expected) => {
    const observations = observe(
      'required-level-missing',
      [subject],
      requiring(demands),
    );
    expect(observations.map((each) => each.expected)).toEqual(
      expected === null ? [] : [expected],
    );
  });

  it('says where the policy requires it', () => {
    const policy = requiring({ require: 'staged', line: 7 });
    expect(
      observe('required-level-missing', [inScope()], policy),
    ).toMatchObject([{ policyLine: 7 }]);
  });
});

describe('a level that is not known to be met', () => {
  it.each<[string, Subject, string | undefined, string]>([
    ['known', UNATTESTED_SUBJECT, undefined, 'registry-signature'],
    ['unverifiable', UNVERIFIABLE, 'incomplete', 'not known'],
    ['not answered', unavailable('timeout'), 'incomplete', 'not known'],
  ])('%s', (_what, subject, consequence, found) => {
    const [observation] = observe('required-level-missing', [subject], {
      packages: [packageEntry('@acme/*', { require: 'provenance' })],
    });
    expect(observation?.consequence).toBe(consequence);
    expect(observation?.found).toBe(found);
  });
});

describe('publish-missing', () => {
  it.each<[string, Subject, boolean]>([
    ['attested', inScope(), false],
    ['not attested', inScope({ facts: { publish: null } }), true],
    ['without provenance', UNATTESTED_SUBJECT, false],
    ['rejected', REJECTED, false],
    ['not answered', unavailable('timeout'), false],
    ['not in scope', outOfScope('git'), false],
  ])('%s', (_what, subject, isFound) => {
    const observations = observe('publish-missing', [subject]);
    expect(observations.map((each) => each.subject)).toEqual(
      isFound ? [subject] : [],
    );
  });
});

describe('resolved-host-not-allowed', () => {
  it.each<[string, Subject, boolean]>([
    ['a configured registry', inScope(), false],
    ['no answer', unavailable('timeout'), false],
    ['not in scope', outOfScope('remote-tarball'), false],
    ['no configured registry', unavailable('registry-not-configured'), true],
  ])('%s', (_what, subject, isFound) => {
    const observations = observe('resolved-host-not-allowed', [subject]);
    expect(observations.map((each) => each.subject)).toEqual(
      isFound ? [subject] : [],
    );
  });

  it('shows the address without credentials', () => {
    const subject = {
      ...unavailable('registry-not-configured'),
      dependency: inScope({ resolved: 'https://me:secret@evil.example/x.tgz' })
        .dependency,
    };
    expect(observe('resolved-host-not-allowed', [subject])).toMatchObject([
      { found: 'https://evil.example/x.tgz' },
    ]);
  });
});

describe('declared-repository-differs', () => {
  function declaring(declaredRepository: string): Subject {
    return inScope({ declaredRepository });
  }

  it.each<[string, Subject, boolean]>([
    ['the same', declaring('https://github.com/acme/widget'), false],
    ['other case', declaring('https://github.com/Acme/Widget'), false],
    ['none declared', inScope(), false],
    ['another', declaring('https://github.com/acme/widget-evil'), true],
    ['another owner', declaring('https://github.com/acme-evil/widget'), true],
    ['another host', declaring('https://gitlab.com/acme/widget'), true],
    [
      'other case on another host',
      inScope({
        declaredRepository: 'https://gitlab.com/Acme/widget',
        provenance: { sourceRepository: 'https://gitlab.com/acme/widget' },
      }),
      true,
    ],
    [
      'another, but no provenance',
      inScope({
        declaredRepository: 'https://github.com/acme/other',
        facts: UNPROVEN,
      }),
      false,
    ],
    [
      'another, but rejected',
      inScope({
        declaredRepository: 'https://github.com/acme/other',
        facts: { verification: 'rejected', rejections: [rejection()] },
      }),
      false,
    ],
    ['not answered', unavailable('timeout'), false],
  ])('%s', (_what, subject, isFound) => {
    const observations = observe('declared-repository-differs', [subject]);
    expect(observations.map((each) => each.subject)).toEqual(
      isFound ? [subject] : [],
    );
  });

  it('shows both sides', () => {
    const subject = declaring('https://github.com/acme/other');
    expect(observe('declared-repository-differs', [subject])).toMatchObject([
      {
        expected: 'https://github.com/acme/widget',
        found: 'https://github.com/acme/other',
      },
    ]);
  });
});

describe('release-too-young', () => {
  const THREE_DAYS = { minimumReleaseAge: 72 * HOUR };
  const PUBLISH = {
    registry: 'https://npm.acme.example',
    keyId: 'SHA256:one',
    signedAt: SIGNED_AT,
  };

  function after(milliseconds: number): Date {
    return new Date(SIGNED_AT.getTime() + milliseconds);
  }

  it.each<[string, Subject, Partial<Policy>, number, boolean]>([
    ['no age demanded', inScope(), {}, 0, false],
    ['just old enough', inScope(), THREE_DAYS, 72 * HOUR, false],
    ['a millisecond too young', inScope(), THREE_DAYS, 72 * HOUR - 1, true],
    ['published after the audit', inScope(), THREE_DAYS, -HOUR, true],
    [
      'an age of nothing demanded',
      inScope(),
      { minimumReleaseAge: 0 },
      0,
      false,
    ],
    [
      'a publication without provenance',
      inScope({ facts: { provenance: null } }),
      THREE_DAYS,
      HOUR,
      true,
    ],
    [
      'a provenance without publication',
      inScope({ facts: { publish: null } }),
      THREE_DAYS,
      HOUR,
      true,
    ],
    [
      'published long after it was built',
      inScope({
        facts: { publish: { ...PUBLISH, signedAt: after(72 * HOUR) } },
      }),
      THREE_DAYS,
      73 * HOUR,
      true,
    ],
    [
      'published long before it says to be built',
      inScope({
        provenance: { signedAt: after(72 * HOUR) },
        facts: {},
      }),
      THREE_DAYS,
      73 * HOUR,
      false,
    ],
    ['no time that is known', UNATTESTED_SUBJECT, THREE_DAYS, 0, false],
    ['rejected', REJECTED, THREE_DAYS, 0, false],
    ['unverifiable', UNVERIFIABLE, THREE_DAYS, 0, false],
    ['not answered', unavailable('timeout'), THREE_DAYS, 0, false],
    ['not in scope', outOfScope('git'), THREE_DAYS, 0, false],
  ])('%s', (_what, subject, policy, age, isFound) => {
    const observations = observe(
      'release-too-young',
      [subject],
      policy,
      after(age),
    );
    expect(observations.map((each) => each.subject)).toEqual(
      isFound ? [subject] : [],
    );
  });

  it.each([
    [0, 'less than a minute'],
    [59_999, 'less than a minute'],
    [60_000, '1 minute'],
    [-HOUR, 'less than a minute'],
    [26 * HOUR + 120_000, '1 day 2 hours 2 minutes'],
    [48 * HOUR, '2 days'],
  ])('writes an age of %i ms as %s', (age, text) => {
    expect(
      observe('release-too-young', [inScope()], THREE_DAYS, after(age)),
    ).toMatchObject([
      {
        message: `published ${text} ago`,
        expected: 'at least 3 days ago',
        found: '2026-06-01T12:00:00.000Z',
      },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import {
  DEFAULT_POLICY,
  DEFAULT_WINDOWS,
  EVERYTHING,
  type Policy,
  type RegistryPolicy,
  type RuleSetting,
  type Selector,
} from '../../../src/policy/policy.js';
import type { RuleLevel } from '../../../src/policy/rule.js';
import { RULES } from '../../../src/policy/rules/index.js';
import { findWeakenings } from '../../../src/policy/weaker/find-weakenings.js';
import { OTHER_SRI } from '../../verification/samples.js';
import { acknowledgement, exemption, packageEntry } from '../entries.js';

type Part = Partial<Policy>;
type Row = readonly [
  what: string,
  base: Part,
  proposed: Part,
  expected: readonly (readonly [string, string, string])[],
];

function setting(
  level: RuleLevel,
  change: Partial<Selector> = {},
): RuleSetting {
  return { level, for: { ...EVERYTHING, ...change } };
}
function rule(id: string, ...settings: readonly RuleSetting[]): Part {
  return { rules: new Map([[id, settings]]) };
}
function share(text: string) {
  return { text, hundredths: Number.parseFloat(text) * 100 };
}
function covered(production: string | null): Part {
  const threshold = production === null ? null : share(production);
  return { coverage: { all: null, production: threshold, direct: null } };
}
function demands(...entries: readonly ReturnType<typeof packageEntry>[]): Part {
  return { packages: entries };
}
function registry(change: Partial<RegistryPolicy>): Part {
  return {
    registries: [
      {
        url: 'https://npm.acme.example/',
        mirrorOf: null,
        hasNoEvidence: false,
        evidenceFrom: null,
        ...change,
      },
    ],
  };
}
const WHOLE = { for: EVERYTHING };
const GITLAB = {
  issuer: 'https://gitlab.acme.example',
  platform: 'gitlab',
  server: 'https://gitlab.acme.example/',
} as const;
const SOURCE = 'https://github.com/acme/widget';

const ROWS: readonly Row[] = [
  ['nothing', {}, {}, []],
  [
    'a lower level',
    rule('provenance-missing', setting('error')),
    rule('provenance-missing', setting('warning')),
    [['rules, provenance-missing', 'error', 'warning']],
  ],
  [
    'a rule that is no longer named',
    rule('provenance-missing', setting('error')),
    {},
    [['rules, provenance-missing', 'error', 'off by default']],
  ],
  [
    'a level for a part',
    rule('provenance-missing', setting('error')),
    rule('provenance-missing', setting('error', { scope: 'production' })),
    [
      [
        'rules, provenance-missing',
        'error',
        'error for production, off by default',
      ],
    ],
  ],
  [
    'a laxer setting before another',
    rule('evidence-unavailable', setting('error')),
    rule(
      'evidence-unavailable',
      setting('off', { packages: ['@acme/*'] }),
      setting('error'),
    ),
    [['rules, evidence-unavailable', 'error', 'off for @acme/*, error']],
  ],
  [
    'a stricter setting before another, and one written out',
    rule('evidence-unavailable', setting('warning')),
    rule('evidence-unavailable', setting('error', { direct: true }), {
      level: 'warning',
      ...WHOLE,
    }),
    [],
  ],
  [
    'the same in other words',
    rule('provenance-missing', setting('error', { packages: ['a', 'b'] })),
    rule(
      'provenance-missing',
      setting('error', { packages: ['a'] }),
      setting('error', { packages: ['b'] }),
    ),
    // Cannot be told without looking into what selectors mean together.
    [
      [
        'rules, provenance-missing',
        'error for a b, off by default',
        'error for a, error for b, off by default',
      ],
    ],
  ],
  ['a rule at its default', {}, rule('provenance-missing', setting('off')), []],
  [
    'a lower threshold',
    covered('60%'),
    covered('59.99%'),
    [['coverage, production', 'at least 60%', 'at least 59.99%']],
  ],
  [
    'no threshold',
    covered('0%'),
    covered(null),
    [['coverage, production', 'at least 0%', 'nothing']],
  ],
  ['a higher threshold', covered('60%'), covered('61%'), []],
  ['a new threshold', covered(null), covered('0%'), []],
  [
    'an event allowed',
    { deniedEvents: ['issue_comment', 'push'] },
    { deniedEvents: ['push', 'workflow_run'] },
    [['events, issue_comment', 'denied', 'allowed']],
  ],
  [
    'a lower age',
    { minimumReleaseAge: 7_200_000 },
    { minimumReleaseAge: 3_600_000 },
    [['minimumReleaseAge', '2h', '1h']],
  ],
  [
    'no age',
    { minimumReleaseAge: 7_200_000 },
    {},
    [['minimumReleaseAge', '2h', 'nothing']],
  ],
  [
    'shorter spans of history',
    { history: { ...DEFAULT_WINDOWS, compareWithin: 86_400_000 * 100 } },
    {
      history: {
        ...{ compareWithin: 86_400_000 * 50, byHandAfter: 86_400_000 },
        atOnceWithin: 60_000,
      },
    },
    [
      ['history, compareWithin', '100 days', '50 days'],
      ['history, byHandAfter', '30 days', '1 day'],
      ['history, atOnceWithin', '10 minutes', '1 minute'],
    ],
  ],
  [
    // With more in sight a line may be one that is done by hand.
    'a longer span of history, which may find less',
    {},
    { history: { ...DEFAULT_WINDOWS, compareWithin: 86_400_000 * 731 } },
    [['history, compareWithin', '730 days', '731 days']],
  ],
  [
    'longer spans that find more',
    {},
    {
      history: {
        ...DEFAULT_WINDOWS,
        ...{ byHandAfter: 86_400_000 * 31, atOnceWithin: 700_000 },
      },
    },
    [],
  ],
  ['a greater age', { minimumReleaseAge: 1 }, { minimumReleaseAge: 2 }, []],
  [
    'an entry less',
    demands(packageEntry('@acme/*', { require: 'provenance' })),
    {},
    [['packages, @acme/*', 'require provenance', 'require none']],
  ],
  [
    'a lower level of an entry',
    demands(packageEntry('a', { require: 'provenance' })),
    demands(packageEntry('a', { require: 'registry-signature' })),
    [['packages, a', 'require provenance', 'require registry-signature']],
  ],
  [
    'an allowed source more',
    demands(packageEntry('a', { source: [SOURCE] })),
    demands(packageEntry('a', { source: [SOURCE, 'https://github.com/x/y'] })),
    [
      [
        'packages, a',
        `source ${SOURCE}`,
        `source ${SOURCE} or https://github.com/x/y`,
      ],
    ],
  ],
  [
    'a wider source',
    demands(packageEntry('a', { source: [SOURCE] })),
    demands(packageEntry('a', { source: ['https://github.com/acme/*'] })),
    [['packages, a', `source ${SOURCE}`, 'source https://github.com/acme/*']],
  ],
  [
    'a narrower source in other case, and a demand more',
    demands(packageEntry('a', { source: ['https://github.com/acme/*'] })),
    demands(
      packageEntry('a', {
        source: ['https://github.com/Acme/widget'],
        runner: ['hosted'],
      }),
    ),
    [],
  ],
  [
    'a demand less',
    demands(packageEntry('a', { require: 'provenance', ref: ['refs/tags/*'] })),
    demands(packageEntry('a', { require: 'provenance' })),
    [['packages, a', 'ref refs/tags/*', 'ref any (nothing demanded)']],
  ],
  [
    'a signer with a ref instead of any',
    demands(packageEntry('a', { signer: ['https://github.com/x/y'] })),
    demands(
      packageEntry('a', { signer: ['https://github.com/x/y@refs/tags/v1'] }),
    ),
    [],
  ],
  [
    'a more specific entry that demands less',
    demands(packageEntry('@acme/*', { require: 'provenance' })),
    demands(
      packageEntry('@acme/*', { require: 'provenance' }),
      packageEntry('@acme/w*', { require: 'none' }),
    ),
    [['packages, @acme/*', 'require provenance', 'require none']],
  ],
  [
    'the same by a name',
    demands(packageEntry('@acme/*', { require: 'provenance' })),
    demands(
      packageEntry('@acme/*', { require: 'provenance' }),
      packageEntry('@acme/widget', { require: 'none' }),
    ),
    [['packages, @acme/widget', 'require provenance', 'require none']],
  ],
  [
    'a more specific entry that demands more',
    demands(packageEntry('@acme/*', { require: 'registry-signature' })),
    demands(
      packageEntry('@acme/*', { require: 'registry-signature' }),
      packageEntry('@acme/w*', { require: 'provenance' }),
    ),
    [],
  ],
  [
    'an exception less',
    demands(
      packageEntry('@acme/*', { require: 'provenance' }),
      packageEntry('@acme/widget', { require: 'none' }),
    ),
    demands(packageEntry('@acme/*', { require: 'provenance' })),
    [],
  ],
  [
    'an entry for others',
    demands(packageEntry('@acme/*', { require: 'provenance' })),
    demands(
      packageEntry('@acme/*', { require: 'provenance' }),
      packageEntry('@other/*', { require: 'none' }),
    ),
    [],
  ],
  [
    'entries in another order, at other lines',
    demands(
      packageEntry('a*', { require: 'provenance' }),
      packageEntry('*b', { require: 'registry-signature' }),
    ),
    demands(
      { ...packageEntry('*b', { require: 'registry-signature' }), line: 99 },
      packageEntry('a*', { require: 'provenance' }),
    ),
    [],
  ],
  [
    'an exemption',
    {},
    { exemptions: [exemption()] },
    [
      [
        'exemptions, @acme/widget@1.2.3',
        'nothing',
        'provenance-missing until 2027-01-01',
      ],
    ],
  ],
  [
    'an exemption for longer',
    { exemptions: [exemption()] },
    { exemptions: [exemption({ expires: '2027-01-02' })] },
    [
      [
        'exemptions, @acme/widget@1.2.3',
        'provenance-missing until 2027-01-01',
        'provenance-missing until 2027-01-02',
      ],
    ],
  ],
  [
    'an exemption from more',
    { exemptions: [exemption()] },
    {
      exemptions: [
        exemption({ rules: ['provenance-missing', 'level-downgrade'] }),
      ],
    },
    [
      [
        'exemptions, @acme/widget@1.2.3',
        'nothing',
        'level-downgrade until 2027-01-01',
      ],
    ],
  ],
  [
    'an exemption of more versions',
    { exemptions: [exemption({ range: '1.2.3' })] },
    { exemptions: [exemption({ range: '^1.2.3' })] },
    [
      [
        'exemptions, @acme/widget@^1.2.3',
        'nothing',
        'provenance-missing until 2027-01-01',
      ],
    ],
  ],
  [
    'an exemption of fewer versions, for less time',
    { exemptions: [exemption({ range: '^1.2.0' })] },
    { exemptions: [exemption({ range: '~1.2.3', expires: '2026-12-01' })] },
    [],
  ],
  ['an exemption less', { exemptions: [exemption()] }, {}, []],
  [
    'an acknowledgement',
    { acknowledged: [acknowledgement()] },
    {
      acknowledged: [
        acknowledgement(),
        acknowledgement({ integrity: OTHER_SRI }),
      ],
    },
    [
      [
        'acknowledged, @acme/widget@1.2.3',
        'nothing',
        'subject-digest until 2027-01-01',
      ],
    ],
  ],
  [
    'an acknowledgement of more codes',
    { acknowledged: [acknowledgement()] },
    {
      acknowledged: [
        acknowledgement({ codes: ['subject-digest', 'signature'] }),
      ],
    },
    [
      [
        'acknowledged, @acme/widget@1.2.3',
        'nothing',
        'subject-digest, signature until 2027-01-01',
      ],
    ],
  ],
  [
    'an acknowledgement of fewer codes',
    {
      acknowledged: [
        acknowledgement({ codes: ['subject-digest', 'signature'] }),
      ],
    },
    { acknowledged: [acknowledgement()] },
    [],
  ],
  [
    'a registry without evidence',
    {},
    registry({ hasNoEvidence: true }),
    [['registries, https://npm.acme.example/', 'nothing', 'no evidence']],
  ],
  ['one that has it after all', registry({ hasNoEvidence: true }), {}, []],
  [
    'another mirror',
    registry({ mirrorOf: 'https://a.example/' }),
    registry({ mirrorOf: 'https://b.example/' }),
    [
      [
        'registries, https://npm.acme.example/',
        'a mirror of https://a.example/',
        'a mirror of https://b.example/',
      ],
    ],
  ],
  [
    'another registry that is asked',
    {},
    registry({ evidenceFrom: 'https://b.example/' }),
    [
      [
        'registries, https://npm.acme.example/',
        'nothing',
        'evidence from https://b.example/',
      ],
    ],
  ],
  [
    'an issuer',
    {},
    { issuers: [GITLAB] },
    [
      [
        'issuers, https://gitlab.acme.example',
        'not trusted',
        'gitlab at https://gitlab.acme.example/',
      ],
    ],
  ],
  [
    'an issuer of another server',
    { issuers: [GITLAB] },
    { issuers: [{ ...GITLAB, server: 'https://x.example/' }] },
    [
      [
        'issuers, https://gitlab.acme.example',
        'gitlab at https://gitlab.acme.example/',
        'gitlab at https://x.example/',
      ],
    ],
  ],
  ['an issuer less', { issuers: [GITLAB] }, {}, []],
];

describe('findWeakenings', () => {
  it.each(ROWS)(
    'finds in %s what is less',
    (_what, base, proposed, expected) => {
      const found = findWeakenings(
        { ...DEFAULT_POLICY, ...base },
        { ...DEFAULT_POLICY, ...proposed },
        RULES,
      );
      expect(
        found.map((each) => [each.what, each.expected, each.found]),
      ).toEqual(expected);
    },
  );

  it('takes for weaker what would take too long to compare', () => {
    const entries = (require: 'none' | 'provenance') =>
      Array.from({ length: 150 }, (_, index) =>
        packageEntry(`a${index}*`, { require }),
      );
    const found = findWeakenings(
      { ...DEFAULT_POLICY, packages: entries('none') },
      { ...DEFAULT_POLICY, packages: entries('provenance') },
      RULES,
    );
    expect(found).toMatchObject([{ what: 'packages' }]);
  });

  it('compares many settings of a rule that only rise', () => {
    const settings = (level: RuleLevel) =>
      Array.from({ length: 40 }, (_, index) =>
        setting(level, { packages: [`a${index}`] }),
      );
    const [lax, strict] = (['warning', 'error'] as const).map((level) => ({
      ...DEFAULT_POLICY,
      ...rule('provenance-missing', ...settings(level)),
    }));
    if (lax === undefined || strict === undefined) throw new Error('no policy');
    expect(findWeakenings(lax, strict, RULES)).toEqual([]);
    expect(findWeakenings(strict, lax, RULES)).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';

import type { ClaimedLevel } from '../../../src/evidence/release-history.js';
import type { Facts, ProvenanceFacts } from '../../../src/facts/facts.js';
import {
  DEFAULT_WINDOWS,
  type HistoryWindows,
} from '../../../src/policy/policy.js';
import type { Observation } from '../../../src/policy/rule.js';
import { RULES } from '../../../src/policy/rules/index.js';
import type { Subject } from '../../../src/policy/verdict.js';
import { historyOf, type SampleRelease } from '../histories.js';
import {
  ATTESTED,
  inScope,
  outOfScope,
  PROVEN,
  PROVENANCE,
  rejection,
  ruleContextOf,
  unavailable,
  UNATTESTED,
  UNPROVEN,
} from '../subjects.js';

const NAME = '@acme/widget';
const DAY = 24 * 3_600_000;
const NO_ANSWER = {
  status: 'unavailable',
  code: 'timeout',
  message: 'no answer',
} as const;
const NEEDING = RULES.filter(({ needs }) => needs !== undefined);

function observe(
  id: string,
  ...subjects: readonly Subject[]
): readonly Observation[] {
  return observeWithin(id, {}, ...subjects);
}

/** The same with other windows than the usual ones. */
function observeWithin(
  id: string,
  windows: Partial<HistoryWindows>,
  ...subjects: readonly Subject[]
): readonly Observation[] {
  const rule = RULES.find((each) => each.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  const history = { ...DEFAULT_WINDOWS, ...windows };
  return rule.evaluate(subjects, ruleContextOf({ history }));
}

/** The last release is the one that the lockfile pins. */
function subjectOf(
  releases: readonly SampleRelease[],
  options: {
    readonly name?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly provenance?: Partial<ProvenanceFacts>;
    readonly earlier?: ReadonlyMap<string, Facts>;
  } = {},
): Subject {
  const { name = NAME, tags, provenance, earlier } = options;
  const own = releases.at(-1);
  if (own === undefined) throw new Error('no release');
  const isProven = (own.level ?? 'none') !== 'none';
  const signedAt = new Date(`${own.at?.slice(0, 10) ?? ''}T12:00:00Z`);
  return {
    ...inScope({
      name,
      version: own.version,
      ...(isProven
        ? { provenance: { signedAt, ...provenance }, facts: { publish: null } }
        : { evidence: UNATTESTED, facts: UNPROVEN }),
    }),
    ...(isProven && {
      evidence: ATTESTED,
      facts: {
        ...PROVEN,
        publish: null,
        provenance: { ...PROVENANCE, signedAt, ...provenance },
      },
    }),
    history: historyOf(name, releases, tags),
    ...(earlier !== undefined && {
      earlier: new Map(
        [...earlier].map(([version, facts]) => [
          version,
          { evidence: ATTESTED, facts },
        ]),
      ),
    }),
  };
}

function release(
  version: string,
  at: string,
  level: ClaimedLevel = 'none',
  rest: Partial<SampleRelease> = {},
): SampleRelease {
  return { version, at, level, ...rest };
}

const ATTESTED_LINE = [
  release('1.4.0', '2026-01-10', 'provenance'),
  release('1.4.1', '2026-03-02', 'provenance'),
];

describe('trust-downgrade', () => {
  it('names the version and date that it compares with, and whose word it is', () => {
    const subject = subjectOf([
      ...ATTESTED_LINE,
      release('1.4.2', '2026-06-01'),
    ]);
    expect(observe('trust-downgrade', subject)).toEqual([
      {
        subject,
        message:
          'no provenance, where 1.4.1 of 2026-03-02 had provenance (all by the registry’s word)',
        expected: 'provenance, as 1.4.1 of 2026-03-02 (1.x)',
        found: 'none, published 2026-06-01',
      },
    ]);
  });

  it.each<ClaimedLevel>(['provenance', 'trusted-publisher', 'staged'])(
    'is not put off by the claim %s where nothing is proven',
    (level) => {
      const claimed = subjectOf([
        ...ATTESTED_LINE,
        release('1.4.2', '2026-06-01', level),
      ]);
      expect(observe('trust-downgrade', claimed)).toEqual([]);
      const unproven = { ...claimed, facts: UNPROVEN };
      expect(observe('trust-downgrade', unproven)).toMatchObject([
        { found: 'none, published 2026-06-01' },
      ]);
    },
  );

  it('says so where the provenance it compares with is verified', () => {
    const subject = subjectOf(
      [...ATTESTED_LINE, release('1.4.2', '2026-06-01')],
      { earlier: new Map([['1.4.1', PROVEN]]) },
    );
    expect(observe('trust-downgrade', subject)[0]?.message).toContain(
      'had provenance (verified; dates by the registry’s word)',
    );
  });

  it.each<[string, readonly SampleRelease[], string]>([
    [
      'a trusted publisher given up',
      [
        release('1.0.0', '2026-01-01', 'trusted-publisher'),
        release('1.0.1', '2026-02-01', 'provenance'),
      ],
      'provenance, where 1.0.0',
    ],
    [
      'an approval given up',
      [
        release('1.0.0', '2026-01-01', 'staged'),
        release('1.0.1', '2026-02-01', 'trusted-publisher'),
      ],
      'a trusted publisher, where 1.0.0',
    ],
    [
      'a claim of provenance that nothing proves',
      [
        release('1.0.0', '2026-01-01', 'staged'),
        release('1.0.1', '2026-02-01', 'none'),
      ],
      'no provenance, where 1.0.0',
    ],
    [
      'a new major version',
      [...ATTESTED_LINE, release('2.0.0', '2026-06-01')],
      'no provenance in the new line 2.x, where 1.4.1',
    ],
    [
      'a new minor version of 0.x',
      [
        release('0.3.0', '2026-01-01', 'provenance'),
        release('0.4.0', '2026-02-01'),
      ],
      'no provenance in the new line 0.4.x, where 0.3.0',
    ],
    [
      'an old major version, filled up from behind',
      [
        release('1.9.0', '2024-10-01'),
        release('2.0.0', '2025-11-01', 'provenance'),
        release('1.9.1', '2026-06-01'),
      ],
      'no provenance in the old line 1.x, the first one since, where 2.0.0',
    ],
    [
      'another one soon after it',
      [
        release('1.9.0', '2024-10-01'),
        release('2.0.0', '2025-11-01', 'provenance'),
        release('1.9.1', '2026-06-01'),
        release('1.9.2', '2026-06-02'),
      ],
      'no provenance in the old line 1.x',
    ],
    [
      'a second one in its own line, however long the first has stood',
      [
        ...ATTESTED_LINE,
        release('1.4.2', '2026-04-01'),
        release('1.4.3', '2026-09-01'),
      ],
      'where 1.4.1',
    ],
    [
      'a pre-release of a class that was attested',
      [
        release('2.0.0-beta.1', '2026-01-01', 'provenance'),
        release('2.0.0-beta.2', '2026-02-01'),
      ],
      'where 2.0.0-beta.1',
    ],
  ])('finds %s', (_what, releases, message) => {
    const found = observe('trust-downgrade', subjectOf(releases));
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toContain(message);
  });

  it.each<[string, readonly SampleRelease[]]>([
    [
      'as much',
      [...ATTESTED_LINE, release('1.4.2', '2026-06-01', 'provenance')],
    ],
    [
      'more: staged publishing adopted',
      [
        release('1.0.0', '2026-01-01', 'trusted-publisher'),
        release('1.0.1', '2026-02-01', 'staged'),
      ],
    ],
    [
      'a version from before the first attestation',
      [
        release('1.4.1', '2026-03-02', 'provenance'),
        release('1.4.0', '2026-01-10'),
      ],
    ],
    [
      'an old line that is maintained by hand',
      [
        release('2.0.0', '2025-11-01', 'provenance'),
        release('1.9.1', '2025-12-01'),
        release('1.9.2', '2026-06-01'),
      ],
    ],
    [
      'a build for a platform, published as a version',
      [
        release('1.4.1', '2026-03-02', 'provenance'),
        release('1.4.1-linux-x64', '2026-03-02T12:00:01.000Z'),
      ],
    ],
    [
      'a pre-release beside attested releases',
      [...ATTESTED_LINE, release('2.0.0-rc.1', '2026-06-01')],
    ],
    [
      'a release beside attested pre-releases',
      [
        release('1.4.2-canary.1', '2026-01-01', 'provenance'),
        release('1.4.2', '2026-02-01'),
      ],
    ],
    [
      'what had more more than two years ago',
      [
        release('1.4.1', '2023-01-01', 'provenance'),
        release('1.4.2', '2026-02-01'),
      ],
    ],
    ['the first version of all', [release('1.0.0', '2026-01-01')]],
    [
      'what the registry does not date',
      [
        { version: '1.4.1', at: null, level: 'provenance' },
        release('1.4.2', '2026-02-01'),
      ],
    ],
  ])('finds nothing in %s', (_what, releases) => {
    expect(observe('trust-downgrade', subjectOf(releases))).toEqual([]);
  });

  const BY_HAND = [
    release('2.0.0', '2025-11-01', 'provenance'),
    release('1.9.1', '2025-12-01'),
    release('1.9.2', '2026-01-31'),
  ];
  const LONG_AGO = [
    release('1.4.1', '2025-01-01', 'provenance'),
    release('1.4.2', '2026-01-01'),
  ];

  it.each<[string, readonly SampleRelease[], keyof HistoryWindows, number]>([
    ['a year before', LONG_AGO, 'compareWithin', 365],
    ['a line by hand for two months', BY_HAND, 'byHandAfter', 62],
  ])(
    'compares as far as the policy says: %s',
    (_what, releases, name, days) => {
      const subject = subjectOf(releases);
      const found = (span: number): number =>
        observeWithin('trust-downgrade', { [name]: span * DAY }, subject)
          .length;
      // A longer look back finds more, a longer proof of work by hand too.
      expect([found(days - 1), found(days)]).toEqual([0, 1]);
    },
  );

  it('tells pre-releases without a word apart by their dist-tag', () => {
    const releases = [
      release('2.0.0-1', '2026-01-01', 'provenance'),
      release('2.0.0-2', '2026-02-01'),
    ];
    expect(observe('trust-downgrade', subjectOf(releases))).toHaveLength(1);
    const tags = { nightly: '2.0.0-2' };
    expect(observe('trust-downgrade', subjectOf(releases, { tags }))).toEqual(
      [],
    );
  });

  it('believes verified provenance, whatever the registry says', () => {
    const subject = subjectOf([
      ...ATTESTED_LINE,
      release('1.4.2', '2026-06-01', 'provenance'),
    ]);
    const history = historyOf(NAME, [
      ...ATTESTED_LINE,
      release('1.4.2', '2026-06-01'),
    ]);
    expect(observe('trust-downgrade', { ...subject, history })).toEqual([]);
  });
});

describe('approver-missing', () => {
  it('finds what nobody approved after what somebody did', () => {
    const subject = subjectOf([
      release('1.4.1', '2026-03-02', 'staged'),
      release('1.4.2', '2026-06-01', 'trusted-publisher'),
    ]);
    expect(observe('approver-missing', subject)).toMatchObject([
      { message: 'nobody approved it, as somebody did 1.4.1 of 2026-03-02' },
    ]);
  });

  it.each<[string, readonly SampleRelease[]]>([
    [
      'what is approved again',
      [
        release('1.4.1', '2026-03-02', 'staged'),
        release('1.4.2', '2026-06-01', 'staged'),
      ],
    ],
    [
      'a line in which nobody ever approved',
      [
        release('1.4.1', '2026-03-02', 'staged'),
        release('0.9.0', '2026-03-03'),
        release('0.9.1', '2026-06-01'),
      ],
    ],
    ['the first', [release('1.0.0', '2026-01-01')]],
  ])('finds nothing in %s', (_what, releases) => {
    expect(observe('approver-missing', subjectOf(releases))).toEqual([]);
  });
});

describe('first-attested', () => {
  it('finds the first one with provenance', () => {
    const subject = subjectOf([
      release('1.0.0', '2024-01-01'),
      release('1.1.0', '2025-01-01'),
      release('1.2.0', '2026-06-01', 'provenance'),
    ]);
    expect(observe('first-attested', subject)).toMatchObject([
      {
        message:
          'first with provenance, after 2 versions without since 2024-01-01',
        found: 'https://github.com/acme/widget',
      },
    ]);
  });

  it.each<[string, readonly SampleRelease[]]>([
    [
      'the second',
      [...ATTESTED_LINE, release('1.4.2', '2026-06-01', 'provenance')],
    ],
    ['a new package', [release('1.0.0', '2026-06-01', 'provenance')]],
    [
      'one without',
      [release('1.0.0', '2026-01-01'), release('1.0.1', '2026-02-01')],
    ],
  ])('finds nothing in %s', (_what, releases) => {
    expect(observe('first-attested', subjectOf(releases))).toEqual([]);
  });
});

describe('declared-repository-changed', () => {
  const named = (declaredRepository: string) => ({ declaredRepository });

  it.each<[string, Partial<SampleRelease>, string | null]>([
    ['another', named('mallory/widget'), 'https://github.com/mallory/widget'],
    ['none any more', {}, null],
  ])('finds %s', (_what, own, found) => {
    const subject = subjectOf([
      release('1.4.1', '2026-03-02', 'none', named('acme/widget')),
      release('1.4.2', '2026-06-01', 'none', own),
    ]);
    expect(observe('declared-repository-changed', subject)).toMatchObject([
      { expected: 'https://github.com/acme/widget', found },
    ]);
  });

  it.each<[string, Partial<SampleRelease>, Partial<SampleRelease>]>([
    [
      'the same in another spelling',
      named('acme/widget'),
      named('git+ssh://git@github.com/Acme/widget.git'),
    ],
    ['the first that names one', {}, named('acme/widget')],
  ])('finds nothing in %s', (_what, before, after) => {
    const subject = subjectOf([
      release('1.4.1', '2026-03-02', 'none', before),
      release('1.4.2', '2026-06-01', 'none', after),
    ]);
    expect(observe('declared-repository-changed', subject)).toEqual([]);
  });
});

describe('install-script-added', () => {
  const scripts = (...installScripts: string[]) => ({ installScripts });

  it('finds a script that was not there', () => {
    const subject = subjectOf([
      release('1.4.1', '2026-03-02', 'none', scripts('install')),
      release('1.4.2', '2026-06-01', 'none', scripts('install', 'postinstall')),
    ]);
    expect(observe('install-script-added', subject)).toMatchObject([
      {
        message:
          'runs postinstall on installation, which 1.4.1 of 2026-03-02 did not',
      },
    ]);
  });

  it.each<[string, readonly SampleRelease[]]>([
    [
      'one that was there',
      [
        release('1.4.1', '2026-03-02', 'none', scripts('postinstall')),
        release('1.4.2', '2026-06-01', 'none', scripts('postinstall')),
      ],
    ],
    [
      'the first version',
      [release('1.0.0', '2026-01-01', 'none', scripts('install'))],
    ],
    [
      'one that only the old line has not',
      [
        release('2.0.0', '2026-01-01', 'none', scripts('install')),
        release('1.0.0', '2026-02-01'),
        release('2.0.1', '2026-03-01', 'none', scripts('install')),
      ],
    ],
  ])('finds nothing in %s', (_what, releases) => {
    expect(observe('install-script-added', subjectOf(releases))).toEqual([]);
  });
});

describe('remote-dependency-added', () => {
  it.each([
    'helper: github:mallory/helper',
    'helper: mallory/helper',
    'helper: git+https://git.acme.example/helper.git#v1',
    'helper: https://acme.example/helper.tgz',
    'helper: file:../helper',
  ])('finds %s', (dependency) => {
    const subject = subjectOf([
      release('1.4.1', '2026-03-02'),
      release('1.4.2', '2026-06-01', 'none', {
        remoteDependencies: [dependency],
      }),
    ]);
    expect(observe('remote-dependency-added', subject)).toMatchObject([
      { found: dependency },
    ]);
  });

  it('finds nothing in one that was there, nor in ranges, tags and aliases', () => {
    const remoteDependencies = ['helper: github:acme/helper'];
    const subject = subjectOf([
      release('1.4.1', '2026-03-02', 'none', { remoteDependencies }),
      release('1.4.2', '2026-06-01', 'none', { remoteDependencies }),
    ]);
    expect(observe('remote-dependency-added', subject)).toEqual([]);
    expect(
      observe('remote-dependency-added', subjectOf(ATTESTED_LINE)),
    ).toEqual([]);
  });
});

describe('majors-at-once', () => {
  const BURST = [
    release('2.0.4', '2026-06-01T12:03:00.000Z'),
    release('1.9.9', '2026-06-01T12:00:00.000Z'),
  ];

  it('finds releases of other lines within minutes', () => {
    expect(observe('majors-at-once', subjectOf(BURST))).toMatchObject([
      { message: 'published within 10 minutes of 2.0.4' },
    ]);
  });

  it('looks as far as the policy says', () => {
    const subject = subjectOf(BURST);
    const found = (minutes: number) =>
      observeWithin(
        'majors-at-once',
        { atOnceWithin: minutes * 60_000 },
        subject,
      ).map(({ message }) => message);
    expect(found(2)).toEqual([]);
    expect(found(3)).toEqual(['published within 3 minutes of 2.0.4']);
  });

  it('finds lines that one run has built, whatever time passes', () => {
    const runUrl = 'https://github.com/acme/widget/actions/runs/7/attempts/1';
    const older = release('1.9.9', '2026-06-01', 'provenance');
    const newer = release('2.0.4', '2026-06-02', 'provenance');
    const ofRun = (releases: readonly SampleRelease[], url: string): Subject =>
      subjectOf(releases, { provenance: { runUrl: url } });
    const one = ofRun([older], runUrl);
    const messages = (...subjects: readonly Subject[]) =>
      observe('majors-at-once', ...subjects).map(({ message }) => message);
    expect(messages(one, ofRun([older, newer], runUrl))).toEqual([
      'built by the same run as 2.0.4',
      'built by the same run as 1.9.9',
    ]);
    expect(messages(one, ofRun([older, newer], `${runUrl}0`))).toEqual([]);
    const unproven = { ...ofRun([older, newer], runUrl), facts: UNPROVEN };
    expect(messages(one, unproven)).toEqual([]);
  });

  it.each<[string, readonly SampleRelease[]]>([
    [
      'a day between',
      [release('2.0.4', '2026-06-01'), release('1.9.9', '2026-06-02')],
    ],
    [
      'two of one line',
      [
        release('2.0.3', '2026-06-01T12:03:00.000Z'),
        release('2.0.4', '2026-06-01T12:04:00.000Z'),
      ],
    ],
    [
      'builds for platforms',
      [
        release('2.0.4-linux-x64', '2026-06-01T12:03:00.000Z'),
        release('1.0.0', '2026-06-01T12:04:00.000Z'),
      ],
    ],
  ])('finds nothing in %s', (_what, releases) => {
    expect(observe('majors-at-once', subjectOf(releases))).toEqual([]);
  });
});

describe('packages-at-once', () => {
  function packageOf(
    name: string,
    version: string,
    at: string,
    rest: Partial<SampleRelease> = {},
  ): Subject {
    return subjectOf([release(version, at, 'none', rest)], { name });
  }
  const owner = (path: string) => ({ declaredRepository: path });

  it('finds packages of one owner within minutes', () => {
    const found = observe(
      'packages-at-once',
      packageOf('a', '1.0.1', '2026-06-01T12:00:00.000Z', owner('acme/a')),
      packageOf('b', '3.2.1', '2026-06-01T12:02:00.000Z', owner('acme/b')),
      packageOf('c', '0.0.9', '2026-06-01T12:03:00.000Z', owner('other/c')),
    );
    expect(found.map(({ message }) => message)).toEqual([
      'published within 10 minutes of b@3.2.1',
      'published within 10 minutes of a@1.0.1',
    ]);
  });

  it('looks as far as the policy says', () => {
    const subjects = [
      packageOf('a', '1.0.1', '2026-06-01T12:00:00.000Z', owner('acme/a')),
      packageOf('b', '3.2.1', '2026-06-01T12:02:00.000Z', owner('acme/b')),
    ];
    const found = (minutes: number) =>
      observeWithin(
        'packages-at-once',
        { atOnceWithin: minutes * 60_000 },
        ...subjects,
      );
    expect(found(1)).toEqual([]);
    expect(found(2)).toHaveLength(2);
  });

  it('finds packages of one run, whatever time passes', () => {
    const runUrl = 'https://github.com/acme/widget/actions/runs/7/attempts/1';
    const ofRun = (name: string, version: string, at: string): Subject =>
      subjectOf([release(version, at, 'provenance')], {
        name,
        provenance: { runUrl },
      });
    const found = observe(
      'packages-at-once',
      ofRun('a', '1.0.1', '2026-06-01'),
      ofRun('b', '3.2.1', '2026-06-02'),
      subjectOf([release('9.9.9', '2026-06-03', 'provenance')], { name: 'c' }),
    );
    expect(found.map(({ message }) => message)).toEqual([
      'built by the same run as b@3.2.1',
      'built by the same run as a@1.0.1',
    ]);
  });

  it.each<[string, readonly Subject[]]>([
    [
      'a program and its builds for platforms',
      ['program', '@program/linux-x64', '@program/win32-x64'].map((name) =>
        packageOf(
          name,
          '1.0.1',
          '2026-06-01T12:00:00.000Z',
          owner('acme/program'),
        ),
      ),
    ],
    [
      'days between',
      [
        packageOf('a', '1.0.1', '2026-06-01', owner('acme/a')),
        packageOf('b', '3.2.1', '2026-06-04', owner('acme/b')),
      ],
    ],
    [
      'owners that are not known',
      [
        packageOf('a', '1.0.1', '2026-06-01'),
        packageOf('b', '3.2.1', '2026-06-01'),
      ],
    ],
    [
      'two versions of one package',
      [
        packageOf('a', '1.0.1', '2026-06-01', owner('acme/a')),
        packageOf('a', '3.2.1', '2026-06-01', owner('acme/a')),
      ],
    ],
  ])('finds nothing in %s', (_what, subjects) => {
    expect(observe('packages-at-once', ...subjects)).toEqual([]);
  });
});

describe('unusual-build', () => {
  const built = (provenance: Partial<ProvenanceFacts>): Facts => ({
    ...PROVEN,
    provenance: { ...PROVENANCE, ...provenance },
  });
  function own(
    provenance: Partial<ProvenanceFacts>,
    earlier: Readonly<Record<string, Facts>>,
  ): Subject {
    return subjectOf(
      [...ATTESTED_LINE, release('1.4.2', '2026-06-01', 'provenance')],
      { provenance, earlier: new Map(Object.entries(earlier)) },
    );
  }
  const USUAL = { '1.4.1': built({}), '1.4.0': built({ event: 'release' }) };

  it('finds an event that is new', () => {
    const subject = own({ event: 'issue_comment' }, USUAL);
    expect(observe('unusual-build', subject)).toMatchObject([
      {
        message: 'built on an event that none of 1.4.1, 1.4.0 was built on',
        expected: 'push or release',
        found: 'issue_comment',
      },
    ]);
  });

  it('finds a kind of ref that is new', () => {
    const subject = own({ sourceRef: 'refs/heads/patch-1' }, USUAL);
    expect(observe('unusual-build', subject)).toMatchObject([
      { expected: 'tag', found: 'branch' },
    ]);
  });

  it('says that nothing can be told where nothing earlier is verified', () => {
    const subject = own({ event: 'issue_comment' }, { '1.4.1': UNPROVEN });
    expect(observe('unusual-build', subject)).toMatchObject([
      { consequence: 'incomplete' },
    ]);
  });

  it.each<[string, Subject]>([
    ['the usual', own({ event: 'release' }, USUAL)],
    ['another tag', own({ sourceRef: 'refs/tags/v9' }, USUAL)],
    ['what does not say', own({ event: null }, USUAL)],
    [
      'what old certificates do not say',
      own({ event: 'issue_comment' }, { '1.4.1': built({ event: null }) }),
    ],
    ['what has nothing to be compared with', own({ event: 'x' }, {})],
    [
      'what is not proven',
      subjectOf([...ATTESTED_LINE, release('1.4.2', '2026-06-01')]),
    ],
  ])('finds nothing in %s', (_what, subject) => {
    expect(observe('unusual-build', subject)).toEqual([]);
  });
});

describe.each(NEEDING.map(({ id }) => id))('%s', (id) => {
  const known = subjectOf(ATTESTED_LINE);

  it('is off by default, and says what it cannot tell', () => {
    const rule = RULES.find((each) => each.id === id);
    expect(rule?.defaultLevel).toBe('off');
    expect(rule?.meaning).toContain('it cannot tell: ');
  });

  it.each<[string, Partial<Subject>]>([
    ['could not be had', { history: NO_ANSWER }],
    [
      'has no such version',
      { history: historyOf(NAME, ATTESTED_LINE.slice(0, 1)) },
    ],
    [
      'says no date',
      {
        facts: UNPROVEN,
        history: historyOf(NAME, [{ version: '1.4.1', at: null }]),
      },
    ],
  ])('does not pass where the history %s', (_what, change) => {
    const found = observe(id, { ...known, ...change });
    expect(found).toMatchObject([{ consequence: 'incomplete' }]);
  });

  it('does not pass where nobody was asked', () => {
    const subject = inScope({ version: '1.4.1' });
    expect(observe(id, subject)).toMatchObject([{ consequence: 'incomplete' }]);
  });

  it.each<[string, Subject]>([
    ['out of scope', outOfScope('git')],
    ['unavailable', unavailable('timeout')],
    [
      'rejected',
      inScope({
        facts: {
          ...UNPROVEN,
          verification: 'rejected',
          rejections: [rejection()],
        },
      }),
    ],
  ])('leaves to others what is %s', (_what, subject) => {
    expect(observe(id, subject)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { ProvenanceFacts } from '../../../src/facts/facts.js';
import type { PackagePolicy, Policy } from '../../../src/policy/policy.js';
import type { Observation } from '../../../src/policy/rule.js';
import { RULES } from '../../../src/policy/rules/index.js';
import type { Subject } from '../../../src/policy/verdict.js';
import { packageEntry } from '../entries.js';
import {
  PROVENANCE,
  UNATTESTED,
  UNPROVEN,
  inScope,
  outOfScope,
  rejection,
  ruleContextOf,
  unavailable,
} from '../subjects.js';

function observe(
  id: string,
  subjects: readonly Subject[],
  policy: Partial<Policy>,
): readonly Observation[] {
  const rule = RULES.find((each) => each.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return rule.evaluate(subjects, ruleContextOf(policy));
}

function demanding(demands: Partial<PackagePolicy>): Partial<Policy> {
  return { packages: [packageEntry('@acme/*', demands)] };
}

const HOSTED = 'https://github.com/actions/runner/github-hosted';
const SIGNER =
  'https://github.com/acme/ci/.github/workflows/publish.yml@refs/tags/v3';
const PINNED_SIGNER = SIGNER.replace(/@.*/, `@${'b'.repeat(40)}`);

type Row = readonly [
  rule: string,
  what: string,
  demands: Partial<PackagePolicy>,
  provenance: Partial<ProvenanceFacts>,
  isAllowed: boolean,
];

const ROWS: readonly Row[] = [
  [
    'source-not-allowed',
    'the same',
    { source: [PROVENANCE.sourceRepository] },
    {},
    true,
  ],
  [
    'source-not-allowed',
    'the same in other case',
    { source: ['https://github.com/ACME/Widget'] },
    {},
    true,
  ],
  [
    'source-not-allowed',
    'one of two',
    { source: ['https://github.com/x/y', 'https://github.com/acme/*'] },
    {},
    true,
  ],
  [
    'source-not-allowed',
    'another name',
    { source: ['https://github.com/acme/widge'] },
    {},
    false,
  ],
  [
    'source-not-allowed',
    'a pattern that cannot be read',
    { source: ['*'] },
    {},
    false,
  ],

  [
    'workflow-not-allowed',
    'the same',
    { workflow: ['.github/workflows/release.yml'] },
    {},
    true,
  ],
  [
    'workflow-not-allowed',
    'another',
    { workflow: ['.github/workflows/ci.yml'] },
    {},
    false,
  ],
  [
    'workflow-not-allowed',
    'a file name',
    { workflow: ['release.yml'] },
    {},
    false,
  ],
  [
    'workflow-not-allowed',
    'other case',
    { workflow: ['.github/workflows/Release.yml'] },
    {},
    false,
  ],
  [
    'workflow-not-allowed',
    'a star, which has no meaning here',
    { workflow: ['*'] },
    { workflow: 'release.yml' },
    false,
  ],
  [
    'workflow-not-allowed',
    'one that is not known',
    { workflow: ['.github/workflows/release.yml'] },
    { workflow: null },
    false,
  ],

  [
    'signer-not-allowed',
    'the same with its ref',
    { signer: [SIGNER] },
    { signer: SIGNER },
    true,
  ],
  [
    'signer-not-allowed',
    'any ref',
    { signer: [SIGNER.replace(/@.*/, '')] },
    { signer: SIGNER },
    true,
  ],
  [
    'signer-not-allowed',
    'any ref, found at a commit',
    { signer: [SIGNER.replace(/@.*/, '')] },
    { signer: PINNED_SIGNER },
    true,
  ],
  [
    'signer-not-allowed',
    'any ref, found at a tag with a further @refs/',
    { signer: [SIGNER.replace(/@.*/, '')] },
    { signer: `${SIGNER}@refs/x` },
    true,
  ],
  [
    'signer-not-allowed',
    'another ref',
    { signer: [`${SIGNER}.1`] },
    { signer: SIGNER },
    false,
  ],
  [
    'signer-not-allowed',
    'a ref, found at a commit',
    { signer: [SIGNER] },
    { signer: PINNED_SIGNER },
    false,
  ],
  [
    'signer-not-allowed',
    'a part of its path',
    { signer: ['https://github.com/acme/ci'] },
    { signer: SIGNER },
    false,
  ],
  [
    'signer-not-allowed',
    'a name behind an @ that is no ref',
    { signer: ['https://github.com/acme/ci'] },
    { signer: 'https://github.com/acme/ci@evil' },
    false,
  ],
  [
    'signer-not-allowed',
    'the caller, where another one signs',
    { signer: [PROVENANCE.signer] },
    { signer: SIGNER },
    false,
  ],

  ['ref-not-allowed', 'a tag', { ref: ['refs/tags/v*'] }, {}, true],
  ['ref-not-allowed', 'exactly one', { ref: ['refs/tags/v1.2.3'] }, {}, true],
  ['ref-not-allowed', 'a branch', { ref: ['refs/heads/main'] }, {}, false],
  ['ref-not-allowed', 'a part', { ref: ['refs/tags/v1'] }, {}, false],
  [
    'ref-not-allowed',
    'a tag with a slash',
    { ref: ['refs/tags/v*'] },
    { sourceRef: 'refs/tags/v1/x' },
    false,
  ],
  [
    'ref-not-allowed',
    'a pull request',
    { ref: ['refs/heads/*', 'refs/tags/*'] },
    { sourceRef: 'refs/pull/1/merge' },
    false,
  ],
  [
    'ref-not-allowed',
    'one that is not known',
    { ref: ['*', 'refs/tags/*'] },
    { sourceRef: null },
    false,
  ],

  ['runner-not-allowed', 'hosted by GitHub', { runner: ['hosted'] }, {}, true],
  [
    'runner-not-allowed',
    'hosted by GitLab',
    { runner: ['hosted'] },
    { runner: 'gitlab-hosted' },
    true,
  ],
  [
    'runner-not-allowed',
    'self-hosted',
    { runner: ['self-hosted'] },
    { runner: 'self-hosted' },
    true,
  ],
  [
    'runner-not-allowed',
    'either',
    { runner: ['hosted', 'self-hosted'] },
    { runner: 'self-hosted' },
    true,
  ],
  [
    'runner-not-allowed',
    'hosted, found self-hosted',
    { runner: ['hosted'] },
    { runner: 'self-hosted' },
    false,
  ],
  [
    'runner-not-allowed',
    'self-hosted, found hosted',
    { runner: ['self-hosted'] },
    {},
    false,
  ],
  [
    'runner-not-allowed',
    'either, found unknown',
    { runner: ['hosted', 'self-hosted'] },
    { runner: null },
    false,
  ],

  ['builder-not-allowed', 'the same', { builder: [HOSTED] }, {}, true],
  [
    'builder-not-allowed',
    'the bare id, found hosted',
    { builder: ['https://github.com/actions/runner'] },
    {},
    false,
  ],
  [
    'builder-not-allowed',
    'the hosted id, found bare',
    { builder: [HOSTED] },
    { builder: 'https://github.com/actions/runner' },
    false,
  ],
  [
    'builder-not-allowed',
    'a star, which has no meaning here',
    { builder: ['https://github.com/actions/runner/*'] },
    {},
    false,
  ],
  [
    'builder-not-allowed',
    'the same, but on the build’s own word',
    { builder: [HOSTED] },
    { limitedIdentity: true },
    false,
  ],

  ['issuer-not-allowed', 'the same', { issuer: [PROVENANCE.issuer] }, {}, true],
  [
    'issuer-not-allowed',
    'another',
    { issuer: ['https://gitlab.com'] },
    {},
    false,
  ],
  [
    'issuer-not-allowed',
    'an enterprise’s',
    { issuer: [PROVENANCE.issuer] },
    { issuer: `${PROVENANCE.issuer}/acme` },
    false,
  ],
  [
    'issuer-not-allowed',
    'with a slash',
    { issuer: [`${PROVENANCE.issuer}/`] },
    {},
    false,
  ],

  ['event-denied', 'the same', { events: ['push'] }, {}, true],
  ['event-denied', 'another', { events: ['release'] }, {}, false],
  ['event-denied', 'other case', { events: ['PUSH'] }, {}, false],
  [
    'event-denied',
    'one that is not known',
    { events: ['push'] },
    { event: null },
    false,
  ],
];

describe('identity', () => {
  it.each(ROWS)(
    '%s: allowed is %s',
    (id, _what, demands, provenance, isAllowed) => {
      const subject = inScope({ provenance });
      const observations = observe(id, [subject], demanding(demands));
      expect(observations).toHaveLength(isAllowed ? 0 : 1);
      for (const observation of observations) {
        expect(observation.subject).toBe(subject);
        const allowed: readonly unknown[] = Object.values(demands).flat();
        expect(observation.expected).toBe(allowed.join(' or '));
      }
    },
  );

  const WRONG: Partial<PackagePolicy> = {
    source: ['https://github.com/x/y'],
    workflow: ['x.yml'],
    signer: ['https://github.com/x/y/x.yml'],
    ref: ['refs/heads/x'],
    runner: ['self-hosted'],
    builder: ['https://github.com/x'],
    issuer: ['https://x.example'],
    events: ['x'],
  };
  const IDS = [...new Set(ROWS.map(([id]) => id))];
  const UNJUDGED: readonly (readonly [string, Subject])[] = [
    ['not in scope', outOfScope('git')],
    ['without provenance', inScope({ evidence: UNATTESTED, facts: UNPROVEN })],
    ['that was not answered for', unavailable('timeout')],
    [
      'with rejected evidence',
      inScope({
        facts: { verification: 'rejected', rejections: [rejection()] },
      }),
    ],
    [
      'whose evidence cannot be verified',
      inScope({
        facts: {
          verification: 'unverifiable',
          unverifiable: [{ code: 'registry-keys-missing', message: '' }],
        },
      }),
    ],
    ['of another name', inScope({ name: '@acme-evil/widget' })],
  ];

  it.each(IDS)('%s is said of what is proven, and of that alone', (id) => {
    const proven = inScope();
    const subjects = [...UNJUDGED.map(([, subject]) => subject), proven];
    const observations = observe(id, subjects, demanding(WRONG));
    expect(observations.map(({ subject }) => subject)).toEqual([proven]);
  });

  it.each(IDS)('%s is not said where nothing is demanded', (id) => {
    expect(observe(id, [inScope()], demanding({}))).toEqual([]);
    expect(observe(id, [inScope()], {})).toEqual([]);
  });

  it.each(IDS)('%s goes by the most specific entry alone', (id) => {
    const packages = [
      packageEntry('@acme/*', WRONG),
      packageEntry('@acme/widget'),
    ];
    expect(observe(id, [inScope()], { packages })).toEqual([]);
  });

  it.each(IDS)('%s says where the policy demands it', (id) => {
    const [with42] = observe(
      id,
      [inScope()],
      demanding({ ...WRONG, line: 42 }),
    );
    expect(with42?.policyLine).toBe(42);
    const [without] = observe(
      id,
      [inScope()],
      demanding({ ...WRONG, line: null }),
    );
    expect(without).not.toHaveProperty('policyLine');
  });

  it('says that a certificate does not name something', () => {
    const subject = inScope({ provenance: { sourceRef: null } });
    const policy = demanding({ ref: ['refs/tags/*'] });
    expect(observe('ref-not-allowed', [subject], policy)).toMatchObject([
      { message: 'the certificate does not name the source ref', found: null },
    ]);
  });
});

describe('denied events', () => {
  const DENIED = { deniedEvents: ['pull_request_target', 'issue_comment'] };

  it.each<[string, string | null, Partial<Policy>, string | null]>([
    ['another', 'push', DENIED, null],
    [
      'one of them',
      'issue_comment',
      DENIED,
      'none of pull_request_target, issue_comment',
    ],
    ['a similar one', 'pull_request', DENIED, null],
    ['none is denied', 'pull_request_target', {}, null],
    [
      'it is not known',
      null,
      DENIED,
      'none of pull_request_target, issue_comment',
    ],
    ['it is not known, and none is denied', null, {}, null],
    [
      'the package’s own entry allows it: denied all the same, and said once',
      'issue_comment',
      { ...DENIED, ...demanding({ events: ['issue_comment'] }) },
      'none of pull_request_target, issue_comment',
    ],
    [
      'neither allows it: said once',
      'issue_comment',
      { ...DENIED, ...demanding({ events: ['push'] }) },
      'none of pull_request_target, issue_comment',
    ],
    [
      'the package’s own entry alone does not allow it',
      'schedule',
      { ...DENIED, ...demanding({ events: ['push'] }) },
      'push',
    ],
  ])('%s', (_what, event, policy, expected) => {
    const observations = observe(
      'event-denied',
      [inScope({ provenance: { event } })],
      policy,
    );
    expect(observations.map((each) => each.expected)).toEqual(
      expected === null ? [] : [expected],
    );
  });
});

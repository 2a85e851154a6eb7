import { describe, expect, it } from 'vitest';
import type { JudgedEvidence } from '../../../src/evidence/judged-evidence.js';
import { evaluatePolicy } from '../../../src/policy/evaluate-policy.js';
import {
  DEFAULT_WINDOWS,
  EVERYTHING,
  type PackagePolicy,
  type Policy,
  type RegistryPolicy,
  type RuleSetting,
  type Selector,
} from '../../../src/policy/policy.js';
import type { RuleLevel } from '../../../src/policy/rule.js';
import { RULES } from '../../../src/policy/rules/index.js';
import { settingWithoutEffect } from '../../../src/policy/rules/setting-without-effect.js';
import type { Subject } from '../../../src/policy/verdict.js';
import { resultOf } from '../../../src/report/result.js';
import { ACME_REGISTRY } from '../../verification/samples.js';
import { packageEntry } from '../entries.js';
import { contextOf, inScope, outOfScope, ruleContextOf } from '../subjects.js';

const widget = inScope();
const other = inScope({
  name: 'other',
  place: { production: false, direct: false, workspaces: ['packages/a'] },
});
const GONE: JudgedEvidence = {
  status: 'not-applicable',
  reason: 'private-registry',
};

function privately(resolved: string | null): Subject {
  return { ...outOfScope('git', resolved), evidence: GONE };
}

function said(
  subjects: readonly Subject[],
  policy: Partial<Policy>,
): readonly string[] {
  return settingWithoutEffect
    .evaluate(subjects, ruleContextOf(policy))
    .map(({ message }) => message);
}

function setting(
  level: RuleLevel,
  change: Partial<Selector> = {},
): RuleSetting {
  return { level, for: { ...EVERYTHING, ...change } };
}

function rules(
  id: string,
  ...settings: readonly RuleSetting[]
): Pick<Policy, 'rules'> {
  return { rules: new Map([[id, settings]]) };
}

describe('an entry of packages', () => {
  it.each<[string, readonly PackagePolicy[]]>([
    ['a name that is there', [packageEntry('@acme/widget')]],
    ['a glob that matches', [packageEntry('@acme/*')]],
    ['a glob beside another', [packageEntry('*'), packageEntry('@acme/*')]],
  ])('with an effect: %s', (_what, packages) => {
    expect(said([widget, other], { packages })).toEqual([]);
  });

  it.each<[string, readonly Subject[], readonly PackagePolicy[], string]>([
    [
      'P08: a name that is not there',
      [widget],
      [packageEntry('@acme/wigdet')],
      'packages, @acme/wigdet: matches no package of the lockfile',
    ],
    [
      'a glob that matches nothing',
      [widget],
      [packageEntry('acme*')],
      'packages, acme*: matches no package of the lockfile',
    ],
    [
      'only what is out of scope',
      [outOfScope('git'), other],
      [packageEntry('@acme/*')],
      'packages, @acme/*: every package that it matches is out of scope',
    ],
    [
      'a more specific entry for each package',
      [widget, inScope({ name: '@acme/gadget' })],
      [
        packageEntry('@acme/*', { line: 31 }),
        packageEntry('@acme/widget'),
        packageEntry('@acme/gadget'),
      ],
      'packages, @acme/*: another entry counts for every package that it matches: @acme/widget, @acme/gadget',
    ],
    [
      'the same pattern again',
      [widget],
      [packageEntry('@acme/widget'), packageEntry('@acme/widget')],
      'packages, @acme/widget: another entry counts for every package that it matches: @acme/widget',
    ],
  ])('without: %s', (_what, subjects, packages, message) => {
    expect(said(subjects, { packages })).toEqual([message]);
  });

  it('is named with its line', () => {
    const context = ruleContextOf({
      packages: [
        packageEntry('a', { line: 31 }),
        packageEntry('b', { line: null }),
      ],
    });
    expect(
      settingWithoutEffect
        .evaluate([widget], context)
        .map(({ subject, policyLine }) => [subject, policyLine]),
    ).toEqual([
      [null, 31],
      [null, undefined],
    ]);
  });
});

describe('a setting of a rule', () => {
  const REGISTRIES = [ACME_REGISTRY];

  it.each<[string, readonly RuleSetting[]]>([
    ['for everything', [setting('error')]],
    ['for production', [setting('error', { scope: 'production' })]],
    ['for what is not direct', [setting('error', { direct: false })]],
    ['for a workspace', [setting('error', { workspaces: ['packages/a'] })]],
    ['for a package', [setting('error', { packages: ['x', '@acme/*'] })]],
    ['for a registry', [setting('error', { registries: REGISTRIES })]],
    [
      'for the rest, of which there is none',
      [
        setting('error', { scope: 'all', registries: REGISTRIES }),
        setting('off'),
      ],
    ],
  ])('with an effect: %s', (_what, settings) => {
    const policy = rules('provenance-missing', ...settings);
    expect(said([widget, other], policy)).toEqual([]);
  });

  it.each<[string, readonly RuleSetting[], string]>([
    [
      'a package that is not there',
      [setting('error', { packages: ['@acme/wigdet', 'x'] })],
      'error for packages @acme/wigdet or x: selects no audited package',
    ],
    [
      'a workspace that is not there',
      [setting('off', { workspaces: ['packages/b'] })],
      'off for workspaces packages/b: selects no audited package',
    ],
    [
      'another registry',
      [setting('off', { registries: ['https://npm.example/'] })],
      'off for registries https://npm.example/: selects no audited package',
    ],
    [
      'members that no package has together',
      [setting('error', { scope: 'production', direct: false })],
      'error for production, not direct: selects no audited package',
    ],
    [
      'a package that is out of scope',
      [setting('error', { direct: true, packages: ['gone'] })],
      'error for direct, packages gone: selects no audited package',
    ],
    [
      'one behind another for everything',
      [setting('error'), setting('off', { direct: true })],
      'off for direct: an earlier setting counts for everything',
    ],
    [
      'two for everything',
      [setting('error'), setting('off')],
      'off: an earlier setting counts for everything',
    ],
  ])('without: %s', (_what, settings, message) => {
    const gone: Subject = {
      ...outOfScope('git'),
      dependency: inScope({ name: 'gone' }).dependency,
    };
    const policy = rules('provenance-missing', ...settings);
    expect(said([widget, other, gone], policy)).toEqual([
      `rules, provenance-missing, ${message}`,
    ]);
  });
});

describe('an entry of registries', () => {
  const MIRROR = 'https://mirror.example/npm/';
  const plain = (url: string): RegistryPolicy => ({
    url,
    mirrorOf: null,
    hasNoEvidence: false,
    evidenceFrom: null,
  });

  it.each<[string, Subject]>([
    ['a package belongs to it', inScope({ registry: MIRROR })],
    ['it was not asked', { ...inScope({ registry: MIRROR }), askedAt: null }],
    ['it was asked', { ...inScope(), askedAt: MIRROR }],
    [
      'it serves a package of another registry',
      inScope({ resolved: `${MIRROR}other/-/other-1.0.0.tgz` }),
    ],
    [
      'its package is out of scope for that',
      privately('https://MIRROR.example/npm/x/-/x-1.0.0.tgz'),
    ],
    ['that may be so, without an address', privately(null)],
  ])('with an effect: %s', (_what, subject) => {
    expect(said([widget, subject], { registries: [plain(MIRROR)] })).toEqual(
      [],
    );
  });

  it.each<[string, Subject]>([
    ['all belong elsewhere', inScope()],
    [
      'a folder beside it',
      inScope({ registry: 'https://mirror.example/npm2/' }),
    ],
    [
      'its address within another',
      inScope({ resolved: `https://npm.example/?${MIRROR}` }),
    ],
    ['out of scope for another reason', outOfScope('git')],
    ['no address', inScope({ resolved: 'x.tgz' })],
  ])('without: %s', (_what, subject) => {
    expect(said([widget, subject], { registries: [plain(MIRROR)] })).toEqual([
      `registries, ${MIRROR}: no package belongs to it`,
    ]);
  });
});

const DEMANDS: readonly [string, string, Partial<PackagePolicy>][] = [
  ['require', 'required-level-missing', { require: 'registry-signature' }],
  ['source', 'source-not-allowed', { source: ['https://github.com/acme/*'] }],
  ['workflow', 'workflow-not-allowed', { workflow: ['release.yml'] }],
  ['signer', 'signer-not-allowed', { signer: ['https://acme.example/x'] }],
  ['ref', 'ref-not-allowed', { ref: ['refs/tags/*'] }],
  ['runner', 'runner-not-allowed', { runner: ['hosted'] }],
  ['builder', 'builder-not-allowed', { builder: ['https://acme.example/b'] }],
  ['issuer', 'issuer-not-allowed', { issuer: ['https://acme.example/i'] }],
  ['events', 'event-denied', { events: ['push'] }],
];

describe('a demand whose rule is off', () => {
  it.each(DEMANDS)('in packages: %s, %s', (key, rule, demand) => {
    const packages = [packageEntry('@acme/*', demand)];
    const message = `packages, @acme/*, ${key}: ${rule}, which sees to it, is off`;
    const off = rules(rule, setting('off'));
    expect(said([widget, other], { ...off, packages })).toEqual([message]);
    const offThere = rules(rule, setting('off', { packages: ['@acme/*'] }));
    expect(said([widget, other], { ...offThere, packages })).toEqual([message]);
    const warning = rules(rule, setting('warning'));
    expect(said([widget, other], { ...warning, packages })).toEqual([]);
    const offElsewhere = rules(rule, setting('off', { packages: ['other'] }));
    expect(said([widget, other], { ...offElsewhere, packages })).toEqual([]);
    expect(said([widget, other], { ...off, packages: [] })).toEqual([]);
  });

  it('in packages: the level that a demanded identity implies', () => {
    const off = rules('required-level-missing', setting('off'));
    const source = ['https://github.com/acme/*'];
    const implied = [packageEntry('@acme/*', { source })];
    expect(said([widget], { ...off, packages: implied })).toEqual([
      'packages, @acme/*, require: required-level-missing, which sees to it, is off',
    ]);
    const without = [packageEntry('@acme/*', { source, require: 'none' })];
    expect(said([widget], { ...off, packages: without })).toEqual([]);
  });

  it('in packages: off for some of its packages is a choice', () => {
    const packages = [packageEntry('@acme/*', { events: ['push'] })];
    const off = rules(
      'event-denied',
      setting('off', { packages: [widget.dependency.id.name] }),
    );
    const gadget = inScope({ name: '@acme/gadget' });
    expect(said([widget, gadget], { ...off, packages })).toEqual([]);
  });

  it('in packages: of no package, only that is said', () => {
    const packages = [packageEntry('x', { events: ['push'] })];
    const off = rules('event-denied', setting('off'));
    expect(said([widget], { ...off, packages })).toEqual([
      'packages, x: matches no package of the lockfile',
    ]);
  });

  it.each<[string, string, Partial<Policy>]>([
    ['events.deny', 'event-denied', { deniedEvents: ['issue_comment'] }],
    ['minimumReleaseAge', 'release-too-young', { minimumReleaseAge: 1 }],
    [
      'coverage',
      'coverage-below',
      {
        coverage: {
          all: null,
          production: null,
          direct: { text: '1%', hundredths: 100 },
        },
      },
    ],
  ])('of the whole: %s', (key, rule, demand) => {
    const off = rules(rule, setting('off'));
    expect(said([widget], { ...off, ...demand })).toEqual([
      `${key}: ${rule}, which sees to it, is off`,
    ]);
    expect(said([widget], off)).toEqual([]);
    expect(said([widget], demand)).toEqual([]);
    const warning = rules(rule, setting('warning'));
    expect(said([widget], { ...warning, ...demand })).toEqual([]);
  });
});

describe('the rule', () => {
  it('P08: warns of a package that is not there, and does not fail', () => {
    const context = contextOf({ packages: [packageEntry('@acme/wigdet')] });
    const { findings } = evaluatePolicy([widget], context, RULES);
    expect(findings).toMatchObject([
      { rule: 'setting-without-effect', level: 'warning', policyLine: 30 },
    ]);
    expect(resultOf(findings).exitCode).toBe(0);
  });
});

it.each(['compareWithin', 'byHandAfter'] as const)(
  'of %s where trust-downgrade is off, as it is by default',
  (name) => {
    const history = { ...DEFAULT_WINDOWS, [name]: 1 };
    expect(said([widget], { history })).toEqual([
      `history.${name}: trust-downgrade, which sees to it, is off`,
    ]);
    const on = rules('trust-downgrade', setting('error'));
    expect(said([widget], { history, ...on })).toEqual([]);
  },
);

it('of a span only where every rule that looks as far is off', () => {
  const history = { ...DEFAULT_WINDOWS, atOnceWithin: 1 };
  expect(said([widget], { history })).toEqual([
    'history.atOnceWithin: packages-at-once and majors-at-once, which see to it, are off',
  ]);
  const on = rules('majors-at-once', setting('warning'));
  expect(said([widget], { history, ...on })).toEqual([]);
});

describe('nothing is said', () => {
  it('of a threshold, whatever it is about', () => {
    const threshold = { text: '50%', hundredths: 5000 };
    const coverage = {
      all: threshold,
      production: threshold,
      direct: threshold,
    };
    expect(said([other], { coverage })).toEqual([]);
  });

  it('where nothing is audited: nothing has an effect then', () => {
    expect(
      said([outOfScope('git')], {
        packages: [packageEntry('x')],
        deniedEvents: ['push'],
        ...rules('event-denied', setting('off', { packages: ['x'] })),
      }),
    ).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { evaluatePolicy } from '../../src/policy/evaluate-policy.js';
import {
  DEFAULT_POLICY,
  EVERYTHING,
  type Policy,
  type RuleSetting,
  type Selector,
} from '../../src/policy/policy.js';
import type { Rule, RuleLevel } from '../../src/policy/rule.js';
import { RULES } from '../../src/policy/rules/index.js';
import type { Subject } from '../../src/policy/verdict.js';
import {
  UNATTESTED,
  UNPROVEN,
  contextOf,
  inScope,
  outOfScope,
  rejection,
  unavailable,
} from './subjects.js';

const first = inScope({ name: 'a' });
const second = inScope({ name: 'b' });

/** A rule that finds every subject. */
function ruleAbout(id: string, defaultLevel: RuleLevel): Rule {
  return {
    id,
    title: '',
    meaning: '',
    remedy: `remedy of ${id}`,
    example: '',
    defaultLevel,
    consequence: 'violated',
    about: 'packages',
    evaluate: (subjects) =>
      subjects.map((subject) => ({
        subject,
        message: id,
        expected: null,
        found: null,
      })),
  };
}

function withLevels(levels: Readonly<Record<string, RuleLevel>>): Policy {
  return withSettings(
    Object.fromEntries(
      Object.entries(levels).map(([id, level]) => [
        id,
        [{ level, for: EVERYTHING }],
      ]),
    ),
  );
}

function withSettings(
  settings: Readonly<Record<string, readonly RuleSetting[]>>,
): Policy {
  return { ...DEFAULT_POLICY, rules: new Map(Object.entries(settings)) };
}

function setting(
  level: RuleLevel,
  selector: Partial<Selector> = {},
): RuleSetting {
  return { level, for: { ...EVERYTHING, ...selector } };
}

function namesOf(
  rules: readonly Rule[],
  policy: Policy = DEFAULT_POLICY,
): readonly string[] {
  const { findings } = evaluatePolicy(
    [first, second],
    contextOf(policy),
    rules,
  );
  return findings.map(
    ({ level, rule, subject }) =>
      `${level} ${rule} ${subject?.dependency.id.name ?? ''}`,
  );
}

describe('findings', () => {
  const warning = ruleAbout('w', 'warning');
  const error = ruleAbout('e', 'error');
  const late = ruleAbout('x', 'error');

  it('come errors first, then by rule, then by subject', () => {
    expect(namesOf([warning, error, late])).toEqual([
      'error e a',
      'error e b',
      'error x a',
      'error x b',
      'warning w a',
      'warning w b',
    ]);
  });

  it.each<[string, Readonly<Record<string, RuleLevel>>, readonly string[]]>([
    [
      'none: the rules’ own',
      {},
      ['error e a', 'error e b', 'warning w a', 'warning w b'],
    ],
    [
      'an error made a warning',
      { e: 'warning' },
      ['warning w a', 'warning w b', 'warning e a', 'warning e b'],
    ],
    [
      'a warning made an error',
      { w: 'error' },
      ['error w a', 'error w b', 'error e a', 'error e b'],
    ],
    ['one off', { e: 'off' }, ['warning w a', 'warning w b']],
    ['all off', { e: 'off', w: 'off' }, []],
    [
      'one of no rule',
      { other: 'off' },
      ['error e a', 'error e b', 'warning w a', 'warning w b'],
    ],
  ])('have the policy’s levels: %s', (_what, levels, names) => {
    expect(namesOf([warning, error], withLevels(levels))).toEqual(names);
  });

  it('of a rule that is off by default come with a level', () => {
    const off = ruleAbout('o', 'off');
    expect(namesOf([off])).toEqual([]);
    expect(namesOf([off], withLevels({ o: 'warning' }))).toEqual([
      'warning o a',
      'warning o b',
    ]);
  });

  it('have the rule’s remedy and consequence unless there is a better', () => {
    const better: Rule = {
      ...error,
      consequence: 'tampered',
      evaluate: (subjects, context) =>
        error
          .evaluate(subjects, context)
          .map((each, index) =>
            index === 0 ? { ...each, remedy: 'own' } : each,
          ),
    };
    const { findings } = evaluatePolicy([first, second], contextOf(), [better]);
    expect(findings).toMatchObject([
      { remedy: 'own', consequence: 'tampered' },
      { remedy: 'remedy of e', consequence: 'tampered' },
    ]);
  });

  it.each<[string, readonly RuleSetting[], readonly string[]]>([
    [
      'one for some packages',
      [setting('off', { packages: ['a'] })],
      ['error e b'],
    ],
    [
      'the first that holds',
      [setting('warning', { packages: ['b'] }), setting('off')],
      ['warning e b'],
    ],
    [
      'one that holds for all before another',
      [setting('warning'), setting('off', { packages: ['a'] })],
      ['warning e a', 'warning e b'],
    ],
    [
      'none that holds: the rule’s own',
      [setting('off', { packages: ['c'] })],
      ['error e a', 'error e b'],
    ],
    ['none at all', [], ['error e a', 'error e b']],
  ])('have the level of the setting about them: %s', (_what, list, names) => {
    expect(namesOf([error], withSettings({ e: list }))).toEqual(names);
  });

  it.each<[string, readonly RuleSetting[], readonly string[]]>([
    ['the rule’s own', [], ['error e']],
    ['one for all', [setting('warning')], ['warning e']],
    [
      'the gravest of several, whoever they are for',
      [
        setting('off', { packages: ['a'] }),
        setting('error', { scope: 'production' }),
        setting('warning'),
      ],
      ['error e'],
    ],
    [
      'a warning before off',
      [setting('off'), setting('warning', { packages: ['a'] })],
      ['warning e'],
    ],
    ['off for some, if no other is there', [setting('off')], []],
  ])('about the whole have as their level %s', (_what, list, names) => {
    const whole: Rule = {
      ...error,
      evaluate: () => [
        { subject: null, message: 'e', expected: null, found: null },
      ],
    };
    const { findings } = evaluatePolicy(
      [first],
      contextOf(withSettings({ e: list })),
      [whole],
    );
    expect(findings.map(({ level, rule }) => `${level} ${rule}`)).toEqual(
      names,
    );
  });

  it('are seen by the rules about the policy, which come last', () => {
    const seen: string[][] = [];
    const policyRule: Rule = {
      ...ruleAbout('p', 'warning'),
      about: 'policy',
      evaluate: (_subjects, { findings }) => {
        seen.push(findings.map(({ rule }) => rule));
        return [{ subject: null, message: 'p', expected: null, found: null }];
      },
    };
    const blind: Rule = {
      ...error,
      evaluate: (subjects, context) => {
        expect(context.findings).toEqual([]);
        return error.evaluate(subjects, context);
      },
    };
    expect(namesOf([policyRule, blind, warning])).toEqual([
      'error e a',
      'error e b',
      'warning w a',
      'warning w b',
      'warning p ',
    ]);
    expect(seen).toEqual([['e', 'e', 'w', 'w']]);
  });

  it('leave the subjects as they are, in their order', () => {
    const subjects = [second, first];
    expect(evaluatePolicy(subjects, contextOf(), []).subjects).toBe(subjects);
  });
});

describe('the default policy', () => {
  const rejected = inScope({
    facts: { ...UNPROVEN, verification: 'rejected', rejections: [rejection()] },
  });
  const unattested = inScope({ evidence: UNATTESTED, facts: UNPROVEN });
  const weak = inScope({
    facts: {
      ...UNPROVEN,
      verification: 'unverifiable',
      unverifiable: [{ code: 'no-sha512', message: '' }],
    },
  });
  const keyless = inScope({
    facts: {
      ...UNPROVEN,
      verification: 'unverifiable',
      unverifiable: [{ code: 'registry-keys-missing', message: '' }],
    },
  });
  const unsigned = inScope({
    evidence: UNATTESTED,
    facts: { ...UNPROVEN, level: 'none', registrySignature: 'missing' },
  });
  const unencrypted = inScope({ resolved: 'http://npm.acme.example/x' });

  it.each<[string, readonly Subject[], readonly string[]]>([
    ['provenance', [inScope()], []],
    ['no provenance: counted, not failed', [unattested], []],
    ['out of scope beside others', [outOfScope('git'), inScope()], []],
    ['rejected evidence', [rejected], ['error evidence-rejected tampered']],
    [
      'a registry that only the project names',
      [inScope({ askedByProject: true })],
      ['error registry-from-project violated'],
    ],
    ['http', [unencrypted], ['error insecure-source violated']],
    [
      'withheld evidence',
      [unavailable('attestations-withheld')],
      ['error attestations-withheld incomplete'],
    ],
    [
      'no answer',
      [unavailable('timeout')],
      ['error evidence-unavailable incomplete'],
    ],
    [
      'an address of no configured registry',
      [unavailable('registry-not-configured')],
      ['error resolved-host-not-allowed violated'],
    ],
    [
      'another repository than the one declared',
      [inScope({ declaredRepository: 'https://github.com/acme/other' })],
      ['warning declared-repository-differs violated'],
    ],
    ['a weak pin', [weak], ['error weak-integrity incomplete']],
    [
      'unknown registry keys',
      [keyless],
      ['error registry-keys-missing incomplete'],
    ],
    [
      'no registry signature where others have one',
      [inScope(), unsigned],
      ['warning registry-signature-missing violated'],
    ],
    [
      'nothing in scope',
      [outOfScope('git')],
      ['warning nothing-to-audit violated'],
    ],
  ])('says of %s', (_what, subjects, said) => {
    const { findings } = evaluatePolicy(subjects, contextOf(), RULES);
    expect(
      findings.map(
        ({ level, rule, consequence }) => `${level} ${rule} ${consequence}`,
      ),
    ).toEqual(said);
  });
});

describe('the catalogue', () => {
  it.each(RULES)('$id documents itself', (rule) => {
    expect(rule.id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    for (const text of [rule.title, rule.meaning, rule.remedy]) {
      expect(text).toMatch(/^[A-Z].+[^ ]$/s);
    }
    expect(rule.title).not.toMatch(/\.$/);
    expect(rule.meaning).toMatch(/\.$/);
    expect(rule.remedy).toMatch(/\.$/);
    // Reads like a finding's message.
    expect(rule.example).toMatch(/^[^A-Z].+[^ .]$/s);
  });

  it('has each id once', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  });
});

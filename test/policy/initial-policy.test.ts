import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { parsePolicyText } from '../../src/io/compose-policy.js';
import {
  draftInitialPolicy,
  renderInitialPolicy,
  type InitialPolicy,
} from '../../src/policy/initial-policy.js';
import type { Finding } from '../../src/policy/verdict.js';
import { inScope } from './subjects.js';

const EMPTY: InitialPolicy = { coverage: [], lowered: [] };

function coverageOf(verified: number, eligible: number): string | undefined {
  const subjects = Array.from({ length: eligible }, (_, index) => {
    const subject = inScope();
    const { facts } = subject;
    if (index < verified || facts === null) return subject;
    return { ...subject, facts: { ...facts, provenance: null } };
  });
  return draftInitialPolicy(subjects, []).coverage.find(
    ({ group }) => group === 'all',
  )?.threshold;
}

function finding(change: Partial<Finding> = {}): Finding {
  return {
    rule: 'insecure-source',
    level: 'error',
    consequence: 'violated',
    subject: inScope(),
    message: '',
    expected: null,
    found: null,
    remedy: '',
    policyLine: null,
    exempted: null,
    ...change,
  };
}

describe('draftInitialPolicy', () => {
  it.each([
    [1, 1, '100%'],
    [1, 2, '50%'],
    [2, 3, '66.66%'],
    [1, 1000, '0.10%'],
    [1, 2000, '0.05%'],
    [1, 20_001, '0%'],
    [0, 3, undefined],
    [0, 0, undefined],
  ])('%i of %i is never rounded up: %s', (verified, eligible, threshold) => {
    expect(coverageOf(verified, eligible)).toBe(threshold);
  });

  it.each([
    ['insecure-source', 1],
    ['resolved-host-not-allowed', 1],
    ['weak-integrity', 1],
    ['evidence-unavailable', 0],
    ['attestations-withheld', 0],
    ['evidence-rejected', 0],
    ['registry-from-project', 0],
    ['level-downgrade', 0],
    ['source-changed', 0],
  ])('turns down what mending the lockfile ends: %s', (rule, count) => {
    const { lowered } = draftInitialPolicy([], [finding({ rule })]);
    expect(lowered).toHaveLength(count);
  });

  it('names a package once, and none for what is only warned of', () => {
    const findings = [
      finding(),
      finding(),
      finding({ rule: 'weak-integrity', level: 'warning' }),
    ];
    expect(draftInitialPolicy([], findings).lowered).toEqual([
      {
        rule: 'insecure-source',
        packages: [inScope().dependency.id.name],
      },
    ]);
  });
});

describe('renderInitialPolicy', () => {
  it('is a policy that demands nothing where nothing is proven', () => {
    const text = renderInitialPolicy(EMPTY, '2026-11-28');
    expect(parseYaml(text)).toEqual({ version: 1 });
    expect(parsePolicyText('p.yaml', text).rules.size).toBe(0);
  });

  it('keeps names what they are, whatever they mean to YAML', () => {
    const packages = ['*', '@acme/widget', 'no', 'null', '~', '1e3', '- a: b'];
    const text = renderInitialPolicy(
      { ...EMPTY, lowered: [{ rule: 'insecure-source', packages }] },
      '2026-11-28',
    );
    expect(parseYaml(text)).toEqual({
      version: 1,
      rules: {
        'insecure-source': [{ level: 'warning', for: { packages } }],
      },
    });
  });

  it('is a valid policy when what it suggests is taken up', () => {
    const text = renderInitialPolicy(EMPTY, '2026-11-28');
    const from = text.indexOf('# packages:');
    const suggested = text
      .slice(from)
      .replaceAll(/^# ?/gm, '')
      .replace('YYYY-MM-DD', '2027-01-01');
    const policy = parsePolicyText('p.yaml', `version: 1\n${suggested}`);
    expect(policy.packages).toHaveLength(1);
    expect(policy.exemptions).toHaveLength(1);
    expect(policy.deniedEvents).toHaveLength(2);
  });
});

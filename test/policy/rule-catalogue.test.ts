import { describe, expect, it } from 'vitest';
import { describeRules } from '../../src/policy/rule-catalogue.js';
import type { Rule } from '../../src/policy/rule.js';
import { RULES } from '../../src/policy/rules/index.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';

const DESCRIBED = describeRules(RULES);

describe('describeRules', () => {
  it.each(DESCRIBED)('gives $id an example of each kind', ({ examples }) => {
    expect(examples.finding).not.toBe('');
    const parsed = parsePolicy(
      {
        path: 'example.yaml',
        bytes: Buffer.from(examples.policy),
        kind: 'yaml',
      },
      { rules: RULES, publicRegistry: PUBLIC_REGISTRY },
    );
    expect(parsed).toMatchObject({ status: 'ok' });
  });

  it.each(DESCRIBED)('says all of $id in sentences', (described) => {
    expect(described.meaning).toMatch(/\.$/);
    expect(described.remedy).toMatch(/[.…]$/);
    expect(described.title).toMatch(/^[A-Z].*[^.]$/);
  });

  it.each<[Rule['consequence'], number]>([
    ['tampered', 4],
    ['violated', 1],
    ['incomplete', 3],
  ])('gives what is %s exit code %i', (consequence, exitCode) => {
    const [first] = RULES;
    const rules = first === undefined ? [] : [{ ...first, consequence }];
    expect(describeRules(rules)).toMatchObject([{ consequence, exitCode }]);
  });

  it('changes the level where a rule has no setting of its own', () => {
    const policyOf = new Map(
      DESCRIBED.map(({ id, examples }) => [id, examples.policy]),
    );
    expect(policyOf.get('weak-integrity')).toBe(
      'version: 1\nrules:\n  weak-integrity: warning\n',
    );
    expect(policyOf.get('nothing-to-audit')).toBe(
      'version: 1\nrules:\n  nothing-to-audit: error\n',
    );
  });
});

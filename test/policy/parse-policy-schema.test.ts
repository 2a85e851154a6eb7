import { Ajv, type ValidateFunction } from 'ajv';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { policyJsonSchema } from '../../src/policy/policy-schema.js';
import { RULES } from '../../src/policy/rules/index.js';
import { EXAMPLE, parse, VOCABULARY } from './policy-vocabulary.js';

const SCHEMA = policyJsonSchema(VOCABULARY.rules);

function compile(schema: object): ValidateFunction {
  return new Ajv({ allErrors: true, strict: true, strictTypes: false }).compile(
    schema,
  );
}

function objectsOf(node: unknown): readonly object[] {
  if (typeof node !== 'object' || node === null) return [];
  return [node, ...Object.values(node).flatMap(objectsOf)];
}

describe('policyJsonSchema', () => {
  it('is what ships: run this test with -u to write it', async () => {
    const text = JSON.stringify(policyJsonSchema(RULES));
    await expect(await format(text, { parser: 'json' })).toMatchFileSnapshot(
      '../../schema/policy.schema.json',
    );
  });

  it('is of the draft that editors of YAML understand', () => {
    expect(SCHEMA).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
    });
    expect(compile(SCHEMA).errors ?? null).toBeNull();
  });

  it('describes every key, and knows them all', () => {
    const objects = objectsOf(SCHEMA).filter(
      (node) => 'type' in node && node.type === 'object',
    );
    expect(objects.length).toBeGreaterThan(10);
    for (const node of objects) {
      const properties = 'properties' in node ? node.properties : {};
      for (const property of Object.values(properties ?? {})) {
        expect(property).toHaveProperty('description');
      }
      expect(node).toHaveProperty('additionalProperties');
    }
  });

  it('accepts the example of the design', () => {
    const validate = compile(SCHEMA);
    validate(parseYaml(EXAMPLE));
    expect(validate.errors).toBeNull();
  });

  it.each([
    ['no version', '{}'],
    ['an unknown key', '{ version: 1, rulez: {} }'],
    ['an unknown rule', '{ version: 1, rules: { no-rule: error } }'],
    ['an unknown level', '{ version: 1, rules: { level-downgrade: fatal } }'],
    [
      'a lower level for rejected evidence',
      '{ version: 1, rules: { evidence-rejected: off } }',
    ],
    [
      'an unknown key in a selection',
      '{ version: 1, rules: { level-downgrade: { level: off, for: { name: a } } } }',
    ],
    ['a share as a number', '{ version: 1, coverage: { all: 90 } }'],
    [
      'a share without a percent sign',
      "{ version: 1, coverage: { all: '90' } }",
    ],
    ['an age in weeks', '{ version: 1, minimumReleaseAge: 3w }'],
    [
      'an exemption without an end',
      '{ version: 1, exemptions: [{ package: a@1.0.0, rules: level-downgrade, reason: r }] }',
    ],
    [
      'an exemption that never ends',
      '{ version: 1, exemptions: [{ package: a@1.0.0, rules: level-downgrade, reason: r, expires: never }] }',
    ],
    [
      'an exemption for rejected evidence',
      '{ version: 1, exemptions: [{ package: a@1.0.0, rules: evidence-rejected, reason: r, expires: 2027-01-01 }] }',
    ],
    ['a list of nothing', '{ version: 1, packages: { a: { source: [] } } }'],
    [
      'a platform',
      '{ version: 1, issuers: { https://a.example: { platform: x, server: https://a.example/ } } }',
    ],
  ])('refuses, as the program does, %s', (_what, text) => {
    expect(compile(SCHEMA)(parseYaml(text))).toBe(false);
    expect(parse(text)).toBeInstanceOf(Array);
  });
});

import { Ajv } from 'ajv';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { parsePins } from '../../../src/policy/pins/parse-pins.js';
import { pinsJsonSchema } from '../../../src/policy/pins/pins-schema.js';
import { MAX_PINS_BYTES } from '../../../src/policy/pins/pins.js';
import { renderPins } from '../../../src/policy/pins/render-pins.js';
import { formatProblem } from '../../../src/policy/policy-problem.js';
import { OLD_PIN, PROVEN_PIN, UNPROVEN_PIN, pinsOf } from './samples.js';

const PINS = pinsOf({
  'left-pad@1.10.0': PROVEN_PIN,
  'left-pad@1.3.0': UNPROVEN_PIN,
  '@acme/widget@1.2.3': PROVEN_PIN,
  'old@0.1.0': OLD_PIN,
});
const TEXT = renderPins(PINS);

function parse(text: string | Uint8Array) {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return parsePins('provenance.lock.json', bytes);
}

function problemsOf(text: string | Uint8Array): readonly string[] {
  const parsed = parse(text);
  return parsed.status === 'ok' ? [] : parsed.problems.map(formatProblem);
}

describe('renderPins', () => {
  it('has one package a line, sorted by name and version', () => {
    const lines = TEXT.split('\n');
    expect(lines.slice(0, 3)).toEqual(['{', '  "version": 1,', '  "pins": {']);
    expect(lines.slice(3, 7).map((line) => line.split(': ')[0])).toEqual([
      '    "@acme/widget@1.2.3"',
      '    "left-pad@1.3.0"',
      '    "left-pad@1.10.0"',
      '    "old@0.1.0"',
    ]);
    expect(lines[4]).toBe(
      '    "left-pad@1.3.0": { "level": "registry-signature" },',
    );
    expect(lines.slice(7)).toEqual(['  }', '}', '']);
  });

  it('gives the same text in whatever order the pins come', () => {
    expect(renderPins(new Map([...PINS].reverse()))).toBe(TEXT);
  });

  it('is JSON without any pins', () => {
    expect(parse(renderPins(new Map()))).toEqual({
      status: 'ok',
      pins: new Map(),
    });
  });
});

describe('parsePins', () => {
  it('reads what only a registry claims as what is proven', () => {
    for (const level of ['trusted-publisher', 'staged']) {
      const text = TEXT.replaceAll('"provenance"', JSON.stringify(level));
      expect(text).not.toBe(TEXT);
      expect(parse(text)).toEqual({ status: 'ok', pins: PINS });
    }
  });

  it('reads what was written', () => {
    const parsed = parse(TEXT);
    expect(parsed.status === 'ok' && renderPins(parsed.pins)).toBe(TEXT);
    expect(parsed.status === 'ok' && parsed.pins).toEqual(PINS);
  });

  it.each<[string, string, string]>([
    ['no JSON', '{', 'provenance.lock.json:1:2: '],
    ['no version', '{ "pins": {} }', 'version: missing, expected the number 1'],
    ['another version', '{ "version": 2, "pins": {} }', ':1:14: version: '],
    ['no pins', '{ "version": 1 }', 'pins: missing, expected an object'],
    [
      'an unknown key',
      '{ "version": 1, "pins": {}, "pin": {} }',
      'pin: unknown key; did you mean pins?',
    ],
    [
      'a package twice',
      '{ "version": 1, "pins": { "a@1.0.0": {"level":"none"}, "a@1.0.0": {"level":"none"} } }',
      'duplicate key',
    ],
    [
      'an unknown level',
      '{ "version": 1,\n "pins": {\n  "a@1.0.0": { "level": "provenence" } } }',
      "provenance.lock.json:3:25: pins.'a@1.0.0'.level: ",
    ],
    [
      'a misspelt member',
      '{ "version": 1, "pins": { "a@1.0.0": { "level": "none", "sauce": "x" } } }',
      'unknown key',
    ],
    [
      'no version behind the name',
      '{ "version": 1, "pins": { "left-pad": { "level": "none" } } }',
      'provenance.lock.json:1:27: pins.left-pad: expected a package with its exact version',
    ],
    [
      'a range behind the name',
      '{ "version": 1, "pins": { "left-pad@^1.0.0": { "level": "none" } } }',
      "pins.'left-pad@^1.0.0': expected a package with its exact version",
    ],
    [
      'provenance without a source',
      '{ "version": 1, "pins": { "a@1.0.0": { "level": "provenance", "issuer": "x" } } }',
      'source and issuer exactly where',
    ],
    [
      'an identity without provenance',
      '{ "version": 1, "pins": { "a@1.0.0": { "level": "none", "workflow": "x" } } }',
      'source and issuer exactly where',
    ],
    [
      'an empty text',
      '{ "version": 1, "pins": { "a@1.0.0": { "level": "provenance", "source": "", "issuer": "x" } } }',
      'a text of 1 to 1024 characters',
    ],
    ['a list', '[]', 'an object'],
  ])('refuses %s', (_what, text, message) => {
    expect(problemsOf(text).join('\n')).toContain(message);
  });

  it('refuses what is not text, or too large', () => {
    expect(problemsOf(Buffer.from([0xff]))).toEqual([
      'provenance.lock.json: not UTF-8',
    ]);
    expect(problemsOf(Buffer.alloc(MAX_PINS_BYTES + 1, ' '))).toEqual([
      `provenance.lock.json: larger than ${MAX_PINS_BYTES} bytes`,
    ]);
  });

  it('reports all problems, but no more than people read', () => {
    const pins = Array.from(
      { length: 150 },
      (_, index) => `"a${index}@1.0.0": { "level": "x" }`,
    );
    const text = `{ "version": 1, "pins": { ${pins.join(', ')} } }`;
    expect(problemsOf(text)).toHaveLength(100);
  });
});

describe('pinsJsonSchema', () => {
  it('is what ships: run this test with -u to write it', async () => {
    const text = JSON.stringify(pinsJsonSchema());
    await expect(await format(text, { parser: 'json' })).toMatchFileSnapshot(
      '../../../schema/pins.schema.json',
    );
  });

  it('accepts what is written, and not what has another key', () => {
    const validate = new Ajv({ strict: true, strictTypes: false }).compile(
      pinsJsonSchema(),
    );
    validate(JSON.parse(TEXT));
    expect(validate.errors).toBeNull();
    expect(validate({ version: 1, pins: { 'a@1.0.0': { levl: 'x' } } })).toBe(
      false,
    );
    expect(validate({ version: 1, pins: {}, more: 1 })).toBe(false);
  });
});

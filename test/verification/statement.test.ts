import { describe, expect, it } from 'vitest';
import { parseStatement } from '../../src/verification/statement.js';
import { failureOf, outcomesOf } from './failures.js';

const TYPE = 'https://slsa.dev/provenance/v1';
const V1 = 'https://in-toto.io/Statement/v1';
const V01 = 'https://in-toto.io/Statement/v0.1';
const HONEST = {
  _type: V1,
  subject: [{ name: 'pkg:npm/x@1.0.0', digest: { sha512: 'ab', sha1: 'cd' } }],
  predicateType: TYPE,
  predicate: { buildDefinition: {} },
};

function parse(payload: unknown, label = TYPE) {
  const bytes =
    payload instanceof Uint8Array
      ? payload
      : Buffer.from(
          typeof payload === 'string' ? payload : JSON.stringify(payload),
        );
  return parseStatement(bytes, label);
}

function codeOf(result: ReturnType<typeof parse>): string {
  return failureOf(...result.checks)?.code ?? 'ok';
}

describe('a statement', () => {
  it('is read with its subjects and predicate', () => {
    const result = parse(HONEST);
    expect(result).toMatchObject({
      statement: { predicateType: TYPE, predicate: HONEST.predicate },
    });
    const [subject] = result.statement?.subjects ?? [];
    expect(subject?.name).toBe('pkg:npm/x@1.0.0');
    expect([...(subject?.digest ?? [])]).toEqual([
      ['sha512', 'ab'],
      ['sha1', 'cd'],
    ]);
  });

  it('says what it was compared with', () => {
    expect(parse(HONEST).checks).toMatchObject([
      { expected: null, found: null },
      { expected: null, found: V1 },
      { expected: TYPE, found: TYPE },
    ]);
  });

  it('of another type may leave out names and predicate', () => {
    const payload = { ...HONEST, predicate: undefined };
    const unnamed = { ...payload, subject: [{ digest: { sha1: 'ab' } }] };
    expect(
      parseStatement(Buffer.from(JSON.stringify(unnamed)), TYPE),
    ).toMatchObject({
      statement: { subjects: [{ name: '' }], predicate: {} },
    });
  });

  it.each<[string, unknown]>([
    ['version 1', HONEST],
    ['version 0.1', { ...HONEST, _type: V01 }],
    ['without subjects', { ...HONEST, subject: [] }],
    ['with a subject without digests', withSubject({ digest: {} })],
    ['with members that nobody knows', { ...HONEST, extra: [1] }],
    ['with an empty predicate', { ...HONEST, predicate: {} }],
    ['behind a byte order mark', `\uFEFF${JSON.stringify(HONEST)}`],
    ['with white space around', ` \n${JSON.stringify(HONEST)}\t`],
    [
      'with digests named like what objects inherit',
      withSubject({ digest: { constructor: 'ab', toString: 'cd' } }),
    ],
  ])('is accepted: %s', (_what, payload) => {
    const result = parse(payload);
    expect(outcomesOf(result.checks)).toEqual([
      'statement-form: passed',
      'statement-type: passed',
      'predicate-type: passed',
    ]);
    expect(result.statement).not.toBeNull();
  });
});

type Row = readonly [defect: string, payload: unknown, code: string];

const DEEP = `${'['.repeat(70)}${']'.repeat(70)}`;
const ROWS: readonly Row[] = [
  ['nothing', '', 'statement-malformed'],
  ['not JSON', 'hello', 'statement-malformed'],
  [
    'JSON with more behind it',
    `${JSON.stringify(HONEST)}{}`,
    'statement-malformed',
  ],
  ['not UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), 'statement-malformed'],
  ['null', null, 'statement-malformed'],
  ['a list', [HONEST], 'statement-malformed'],
  ['nested deeper than 64', withText('"extra":', DEEP), 'statement-malformed'],
  ['__proto__', withText('"__proto__":', '{}'), 'statement-malformed'],
  ['a member twice', withText('"predicate":', '{}'), 'duplicate-key'],
  [
    'a member twice inside the predicate',
    withText('"extra":', '{"a":1,"a":2}'),
    'duplicate-key',
  ],
  [
    'a member twice, once escaped',
    withText(String.raw`"predicat\u0065":`, '{}'),
    'duplicate-key',
  ],
  ['no type', { ...HONEST, _type: undefined }, 'statement-type'],
  ['a type that is null', { ...HONEST, _type: null }, 'statement-type'],
  ['a type in a list', { ...HONEST, _type: [V1] }, 'statement-type'],
  ['a later type', { ...HONEST, _type: `${V1}.1` }, 'statement-type'],
  [
    'a type with http',
    { ...HONEST, _type: V1.replace('s', '') },
    'statement-type',
  ],
  [
    'another predicate type',
    { ...HONEST, predicateType: `${TYPE}/` },
    'predicate-type',
  ],
  [
    'no predicate type',
    { ...HONEST, predicateType: undefined },
    'predicate-type',
  ],
  [
    'a predicate type in a list',
    { ...HONEST, predicateType: [TYPE] },
    'predicate-type',
  ],
  ['no subject', { ...HONEST, subject: undefined }, 'statement-malformed'],
  [
    'a subject that is no list',
    { ...HONEST, subject: HONEST.subject[0] },
    'statement-malformed',
  ],
  [
    'a subject that is null',
    { ...HONEST, subject: [null] },
    'statement-malformed',
  ],
  [
    'a subject whose name is a list',
    withSubject({ name: ['x'] }),
    'statement-malformed',
  ],
  [
    'a subject without digests',
    withSubject({ digest: undefined }),
    'statement-malformed',
  ],
  ['digests in a list', withSubject({ digest: ['ab'] }), 'statement-malformed'],
  [
    'a digest in a list',
    withSubject({ digest: { sha512: ['ab'] } }),
    'statement-malformed',
  ],
  [
    'a digest that is null',
    withSubject({ digest: { sha512: null } }),
    'statement-malformed',
  ],
  [
    'a second subject that is malformed',
    { ...HONEST, subject: [...HONEST.subject, 'x'] },
    'statement-malformed',
  ],
  [
    'a predicate that is null',
    { ...HONEST, predicate: null },
    'statement-malformed',
  ],
  [
    'a predicate that is a list',
    { ...HONEST, predicate: [] },
    'statement-malformed',
  ],
];

describe('a payload that is none', () => {
  it.each(ROWS)('%s', (_defect, payload, code) => {
    const result = parse(payload);
    expect(codeOf(result)).toBe(code);
    expect(failureOf(...result.checks)?.kind).toBe('invalid');
    expect(result.statement).toBeNull();
  });

  it.each<[string, unknown, object]>([
    [
      'no object',
      null,
      { check: 'statement-form', message: 'the statement is not an object' },
    ],
    [
      'no subjects',
      { ...HONEST, subject: {} },
      {
        check: 'statement-form',
        message: 'a subject has no name and digests',
      },
    ],
    [
      'no predicate that is one',
      { ...HONEST, predicate: [] },
      { check: 'statement-form', message: 'the predicate is no object' },
    ],
    [
      'another type',
      { ...HONEST, _type: 'x' },
      {
        check: 'statement-type',
        message: 'not a known in-toto statement',
        expected: `${V01} or ${V1}`,
        found: '"x"',
      },
    ],
    [
      'no type',
      { ...HONEST, _type: undefined },
      { check: 'statement-type', found: 'null' },
    ],
    [
      'no predicate type',
      { ...HONEST, predicateType: undefined },
      {
        check: 'predicate-type',
        message:
          'the signed predicate type is not the one the registry labels it with',
        expected: TYPE,
        found: 'null',
      },
    ],
  ])('says what fails: %s', (_defect, payload, failure) => {
    expect(parse(payload).checks.at(-1)).toMatchObject(failure);
  });

  it('passes nothing behind what fails', () => {
    expect(outcomesOf(parse({ ...HONEST, _type: 'x' }).checks)).toEqual([
      'statement-form: passed',
      'statement-type: failed',
    ]);
    expect(outcomesOf(parse('').checks)).toEqual(['statement-form: failed']);
  });

  it('says which label and which type differ', () => {
    const { checks } = parse(HONEST, 'https://example.com/label');
    expect(failureOf(...checks)).toMatchObject({
      code: 'predicate-type',
      expected: 'https://example.com/label',
      found: JSON.stringify(TYPE),
    });
  });
});

function withSubject(change: Readonly<Record<string, unknown>>): unknown {
  return { ...HONEST, subject: [{ ...HONEST.subject[0], ...change }] };
}

/** The honest text with one more member in front. */
function withText(key: string, value: string): string {
  return JSON.stringify(HONEST).replace('{', () => `{${key}${value},`);
}

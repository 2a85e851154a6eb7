import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { LEVELS } from '../../src/facts/facts.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { REJECTION_CODES } from '../../src/verification/verification.js';
import {
  EXAMPLE,
  INTEGRITY,
  parseValid,
  VOCABULARY,
} from './policy-vocabulary.js';

const NAMES = ['left-pad', '@acme/widget', 'constructor', 'Legacy'];
const PIECES = [
  '*',
  '&a ',
  '*a',
  '!!str ',
  '- ',
  ': ',
  '? ',
  '{',
  ']',
  '"',
  "'",
  '|',
  '>',
  '#',
  '%',
  '\t',
  '\n',
  '\0',
  '---\n',
  '<<: ',
  'null',
  '1e400',
  '__proto__: ',
  '\\',
  '\u2028',
];

function someOf<Item>(items: readonly Item[]): fc.Arbitrary<Item | Item[]> {
  return fc.oneof(
    fc.constantFrom(...items),
    fc.uniqueArray(fc.constantFrom(...items), { minLength: 1 }),
  );
}

const share = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => ({
  hundredths,
  text: `${(hundredths / 100).toFixed(2)}%`,
}));
const date = fc
  .date({
    min: new Date('2000-01-01'),
    max: new Date('2999-12-31'),
    noInvalidDate: true,
  })
  .map((each) => each.toISOString().slice(0, 10));
const prose = fc
  .string({ minLength: 1, maxLength: 50, unit: 'binary' })
  .filter(
    (text) =>
      text.trim() !== '' &&
      Buffer.from(text).toString() === text &&
      !/[\0\r\u2028\u2029]/.test(text),
  );
const decision = { reason: prose, owner: prose, expires: date };
const file = fc.record({
  // Without the keys that are not there: YAML has no undefined.
  coverage: fc.record(
    { all: share, production: share, direct: share },
    { requiredKeys: [] },
  ),
  age: fc.integer({ min: 1, max: 3650 }),
  rules: fc.dictionary(
    fc.constantFrom('provenance-missing', 'level-downgrade'),
    fc.constantFrom('error', 'warning', 'off'),
  ),
  packages: fc.dictionary(
    fc.constantFrom('*', '@acme/*', ...NAMES),
    fc.record({
      require: fc.constantFrom(...LEVELS),
      source: someOf(['https://github.com/acme/a', 'https://gl.example/a/b/*']),
      ref: someOf(['refs/heads/main', 'refs/tags/v*']),
      runner: someOf(['hosted', 'self-hosted'] as const),
      events: someOf(['push', 'release']),
    }),
  ),
  exemptions: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...NAMES),
      range: fc.constantFrom('1.3.0', '^1', '>=2 <3', null),
      rules: someOf(['provenance-missing', 'level-downgrade']),
      ...decision,
    }),
    { selector: ({ name }) => name },
  ),
  acknowledged: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...NAMES),
      codes: someOf(REJECTION_CODES),
      ...decision,
    }),
    { selector: ({ name }) => name },
  ),
});
type Model = typeof file extends fc.Arbitrary<infer T> ? T : never;

function write(model: Model): object {
  const { coverage, age, rules, packages, exemptions, acknowledged } = model;
  return {
    version: 1,
    rules,
    coverage: Object.fromEntries(
      Object.entries(coverage).map(([key, { text }]) => [key, text]),
    ),
    packages,
    minimumReleaseAge: `${age}d`,
    exemptions: exemptions.map(({ name, range, ...rest }) => ({
      package: range === null ? name : `${name}@${range}`,
      ...(range === null ? { anyVersion: true } : {}),
      ...rest,
    })),
    acknowledged: acknowledged.map(({ name, ...rest }) => ({
      package: `${name}@1.0.0`,
      integrity: INTEGRITY,
      ...rest,
    })),
  };
}

function inText(kind: 'yaml' | 'json', content: object): string {
  return kind === 'json' ? JSON.stringify(content) : stringify(content);
}

describe('parsePolicy, for any input', () => {
  it.each(['yaml', 'json'] as const)(
    'reads from %s what was written',
    (kind) => {
      fc.assert(
        fc.property(file, (model) => {
          const parts = parseValid(inText(kind, write(model)), kind);
          const rules = [...parts.rules].map(([id, [setting]]) => [
            id,
            setting?.level,
          ]);
          expect(Object.fromEntries(rules)).toEqual(model.rules);
          for (const key of ['all', 'production', 'direct'] as const) {
            expect(parts.coverage[key]).toEqual(model.coverage[key] ?? null);
          }
          expect(parts.minimumReleaseAge).toBe(model.age * 86_400_000);
          const packages = parts.packages.map(
            ({ pattern, require, source, ref, runner, events }) => [
              pattern,
              { require, source, ref, runner, events },
            ],
          );
          expect(Object.fromEntries(packages)).toEqual(
            Object.fromEntries(
              Object.entries(model.packages).map(([pattern, entry]) => [
                pattern,
                {
                  require: entry.require,
                  source: [entry.source].flat(),
                  ref: [entry.ref].flat(),
                  runner: [entry.runner].flat(),
                  events: [entry.events].flat(),
                },
              ]),
            ),
          );
          expect(parts.exemptions).toMatchObject(
            model.exemptions.map((each) => ({
              ...each,
              rules: [each.rules].flat(),
            })),
          );
          expect(parts.acknowledged).toMatchObject(
            model.acknowledged.map((each) => ({
              ...each,
              version: '1.0.0',
              codes: [each.codes].flat(),
            })),
          );
        }),
        { numRuns: 60 },
      );
    },
  );

  it.each(['yaml', 'json', 'package.json'] as const)(
    'never throws, and names a problem in whatever it refuses: %s',
    (kind) => {
      const text =
        kind === 'yaml'
          ? EXAMPLE
          : JSON.stringify({ provenanceAudit: { version: 1, packages: {} } });
      const piece = fc.oneof(
        fc.constantFrom(...PIECES),
        fc.string({ unit: 'binary', maxLength: 8 }),
      );
      const change = fc.tuple(fc.nat(text.length), fc.nat(12), piece);
      fc.assert(
        fc.property(
          fc.array(change, { minLength: 1, maxLength: 4 }),
          (changes) => {
            const mutated = changes.reduce(
              (before, [at, length, inserted]) =>
                before.slice(0, at) + inserted + before.slice(at + length),
              text,
            );
            const bytes = Buffer.from(mutated);
            const result = parsePolicy({ path: 'p', bytes, kind }, VOCABULARY);
            const isNamed =
              result.status === 'ok' ||
              (result.problems.length > 0 &&
                result.problems.every(({ message }) => message !== ''));
            expect(isNamed).toBe(true);
          },
        ),
        { numRuns: 400 },
      );
    },
  );

  it('never throws for any bytes', () => {
    const kinds = fc.constantFrom('yaml', 'json', 'package.json' as const);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), kinds, (bytes, kind) => {
        const result = parsePolicy({ path: 'p', bytes, kind }, VOCABULARY);
        expect(result.status).toBe('error');
      }),
    );
  });

  it('takes no value of another kind for one that was asked for', () => {
    const model = fc.sample(file, { numRuns: 1, seed: 7 })[0];
    const content = { ...(model === undefined ? {} : write(model)) };
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(content)),
        fc.oneof(
          fc.integer({ min: 2 }),
          fc.boolean(),
          fc.constant(null),
          fc.constant(['x']),
          fc.constant({ 'no such key': 1 }),
        ),
        (key, value) => {
          const text = JSON.stringify({ ...content, [key]: value });
          const bytes = Buffer.from(text);
          const input = { path: 'p', bytes, kind: 'json' } as const;
          expect(parsePolicy(input, VOCABULARY).status).toBe('error');
        },
      ),
    );
  });
});

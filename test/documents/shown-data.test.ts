import { readFile } from 'node:fs/promises';

import { Ajv, type AnySchema, type ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { RULES } from '../../src/policy/rules/index.js';
import { requireFormat } from '../report/load-formats.js';
import { sampleReport } from '../report/sample-report.js';
import {
  closed,
  compile,
  isObject,
  readSchema,
  walk,
} from '../report/schemas.js';
import { codeBlocks, readPages, ROOT, type CodeBlock } from './markdown.js';

const pages = await readPages();
const blocks = pages.flatMap(codeBlocks);
const jsonBlocks = blocks.filter(({ language }) => language === 'json');
const CONTEXT = {
  ...{ lockfilePath: 'package-lock.json', width: 80, color: false },
  ...{ verbose: false, quiet: false },
};

/** What takes the values of a schema that editors know: of the older draft. */
async function compileOlder(name: string): Promise<ValidateFunction> {
  const ajv = new Ajv({ strictTypes: false, validateFormats: false });
  return ajv.compile((await readSchema(name)) as AnySchema);
}
const isPins = await compileOlder('pins.schema.json');
const isPolicy = await compileOlder('policy.schema.json');

/** A schema by which an excerpt is right: nothing has to be there. */
function lenient(schema: unknown): unknown {
  const copy = closed(schema);
  for (const [, node] of walk(copy)) delete node['required'];
  return copy;
}

/** Members by their paths, without the names of what is counted. */
function pathsOf(value: unknown, path = ''): readonly string[] {
  if (!isObject(value)) return [path];
  if (path.endsWith('/dependencyLevels')) return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    pathsOf(inner, `${path}/${key}`),
  );
}

/** Holds a block against what it shows; the first whose mark it has. */
const KINDS: readonly (readonly [
  mark: RegExp,
  hold: (value: unknown) => Promise<unknown>,
])[] = [
  [/"pins":/, (value) => Promise.resolve(isPins(value) || isPins.errors)],
  [
    /"schemaVersion":/,
    async (value) => {
      const validate = compile(
        lenient(await readSchema('report.schema.json')),
        [await readSchema('history-report.schema.json')],
      );
      return validate(value) || validate.errors;
    },
  ],
  [
    /"predicateType":/,
    (value) => {
      const text = requireFormat('vsa').render(sampleReport(), CONTEXT);
      const known = pathsOf(JSON.parse(text));
      const unknown = pathsOf(value).filter((path) => !known.includes(path));
      return Promise.resolve(unknown.length === 0 || unknown);
    },
  ],
];

function hold({ at, code }: CodeBlock): Promise<unknown> {
  const kind = KINDS.find(([mark]) => mark.test(code));
  if (kind === undefined) throw new Error(`${at}: held against nothing`);
  return kind[1](JSON.parse(code));
}

describe('JSON in the documents', () => {
  it.each(jsonBlocks)('$at is as the program writes it', async (block) => {
    expect(await hold(block)).toBe(true);
  });

  it.each([
    ['a pin', '{"version":1,"pins":{"a@1.0.0":{"level":"provenance","by":1}}}'],
    ['a report', '{"schemaVersion":1,"result":"passed"}'],
    ['a part of one', '{"schemaVersion":1,"summary":{"covered":1}}'],
    ['a summary', '{"predicateType":"a","predicate":{"result":"PASSED"}}'],
  ])('would be noticed where %s is not', async (_what, code) => {
    const block = { at: 'here', language: 'json', code };
    expect(await hold(block)).not.toBe(true);
  });

  it('is all held against something', () => {
    expect(jsonBlocks.length).toBeGreaterThan(2);
    const other = { at: 'here', language: 'json', code: '{}' };
    expect(() => hold(other)).toThrow('held against nothing');
  });
});

describe('policies and parts of them', () => {
  /** Whole ones, and those that show some keys. */
  const parts = blocks
    .filter(({ language }) => language === 'yaml')
    .map((block) => ({ ...block, value: parse(block.code) as unknown }))
    .filter(({ value }) => isObject(value))
    .filter(({ code }) => !/^\s*(?:script|steps):/m.test(code))
    .map(({ at, code }) => {
      // An integrity is too long for a page.
      const text = code.replace('sha512-…', `sha512-${'A'.repeat(86)}==`);
      return {
        at,
        code: /^version:/m.test(text) ? text : `version: 1\n${text}`,
      };
    });

  it('are found', () => {
    const pagesWithSome = new Set(parts.map(({ at }) => at.split(':')[0]));
    expect([...pagesWithSome]).toEqual(
      expect.arrayContaining(['docs/registries.md', 'docs/history.md']),
    );
  });

  it.each(parts)('$at is what the program takes', ({ at, code }) => {
    const file = { path: at, bytes: Buffer.from(code), kind: 'yaml' } as const;
    const vocabulary = { rules: RULES, publicRegistry: PUBLIC_REGISTRY };
    expect(parsePolicy(file, vocabulary)).toMatchObject({ status: 'ok' });
  });

  it.each(parts)('$at is what the shipped schema takes', ({ code }) => {
    expect(isPolicy(parse(code)) || isPolicy.errors).toBe(true);
  });
});

it('show the columns that there are', async () => {
  const [shown] = blocks.filter(({ language }) => language === 'csv');
  const names = (shown?.code.split('\n')[0] ?? '').split(',').slice(0, -1);
  const csv = requireFormat('csv').render(sampleReport(), CONTEXT);
  const columns = (csv.split('\r\n')[0] ?? '').split(',');
  expect(names.length).toBeGreaterThan(2);
  expect(columns.slice(0, names.length)).toEqual(
    names.map((name) => (columns[0]?.startsWith('"') ? `"${name}"` : name)),
  );
  const readme = await readFile(new URL('README.md', ROOT), 'utf8');
  expect(readme).toContain('CSV');
});

describe('recipes for a CI', () => {
  const recipes = blocks.filter(
    ({ language, code }) =>
      language === 'yaml' && /(?:run|script|uses): /.test(code),
  );

  it.each(recipes)(
    '$at pins actions, and starts nothing by npx',
    ({ code }) => {
      for (const [, action] of code.matchAll(/uses: (\S+)/g)) {
        expect(action).toMatch(/@[\da-f]{40}$/);
      }
      // In the checkout npm reads the project's own settings first.
      expect(code).not.toMatch(/\bnpx\b|npm exec/);
    },
  );
});

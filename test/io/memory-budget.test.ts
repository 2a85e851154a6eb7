import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { parseHistory } from '../../src/evidence/history-answer.js';
import type { Registry, RegistryRequest } from '../../src/evidence/registry.js';
import {
  createMemoryBudget,
  parsedSize,
  sizeOf,
} from '../../src/io/memory-budget.js';

const MIB = 1024 * 1024;
const REQUEST: RegistryRequest = {
  kind: 'attestations',
  id: { name: 'gear', version: '1.2.3' },
  registry: 'https://registry.example/',
};
const { signal } = new AbortController();

/** Answers every question with `body`. */
const answering = (body: string): Registry => ({
  ask: () => Promise.resolve({ status: 'found', body: Buffer.from(body) }),
});

describe('what an answer takes', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;

  const many = (count: number, text: (index: number) => string): string =>
    `[${Array.from({ length: count }, (_, index) => text(index)).join(',')}]`;
  it.each<[string, string]>([
    ['a long text', JSON.stringify(['x'.repeat(4 * MIB)])],
    ['empty arrays', many(400_000, () => '[]')],
    ['empty objects', many(400_000, () => '{}')],
    ['small objects', many(200_000, () => '{"a":1}')],
    ['objects of different shapes', many(40_000, (index) => `{"k${index}":1}`)],
    [
      'an object with many members',
      `{"a":0${many(100_000, (index) => `"k${index}":1`)
        .replace('[', ',')
        .replace(']', '')}}`,
    ],
    ['nested arrays', many(40_000, () => '[[[[[[[[[[]]]]]]]]]]')],
    ['short texts', many(400_000, () => '""')],
    ['numbers', many(400_000, () => '1.5')],
  ])('is no more than foreseen: %s', (_what, text) => {
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const value: unknown = JSON.parse(text);
    collectGarbage();
    const taken = process.memoryUsage().heapUsed - before;
    expect(value).toBeTypeOf('object');
    expect(taken).toBeLessThanOrEqual(parsedSize(Buffer.from(text)));
  });

  const DATE = '"2026-03-01T12:00:00.000Z"';
  const SHA512 = `sha512-${'A'.repeat(86)}==`;
  const versions = (
    count: number,
    manifest: (index: number) => string,
    more = '',
  ): string =>
    `{"name":"gear"${more},"versions":{${Array.from({ length: count }, (_, index) => `"1.0.${index}":${manifest(index)}`).join(',')}}}`;
  const dates = (count: number): string =>
    `,"time":{${Array.from({ length: count }, (_, index) => `"1.0.${index}":${DATE}`).join(',')}}`;
  it.each<[string, string]>([
    ['many empty versions', versions(20_000, () => '{}')],
    ['with dates', versions(20_000, () => '{}', dates(20_000))],
    [
      'with digests and repositories',
      versions(
        10_000,
        (index) =>
          `{"repository":"https://github.com/acme/widget-${index}","dist":{"integrity":"${SHA512}"}}`,
      ),
    ],
    [
      'with dependencies from elsewhere',
      versions(
        2000,
        () =>
          `{"dependencies":{${Array.from({ length: 20 }, (_, index) => `"d${index}":"acme/d${index}"`).join(',')}}}`,
      ),
    ],
    [
      'with install scripts',
      versions(
        10_000,
        () => '{"scripts":{"preinstall":"a","install":"b","postinstall":"c"}}',
      ),
    ],
    [
      'with many tags',
      `{"name":"gear","versions":{},"dist-tags":{${Array.from({ length: 50_000 }, (_, index) => `"t${index}":"1.0.${index}"`).join(',')}}}`,
    ],
  ])('is no more than foreseen of a history: %s', (_what, text) => {
    const body = Buffer.from(text);
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const answer = parseHistory(body, 'gear');
    collectGarbage();
    const taken = process.memoryUsage().heapUsed - before;
    if (answer.status !== 'known') throw new Error(answer.message);
    expect(taken).toBeLessThanOrEqual(sizeOf(answer.history));
    // The estimate is to be of use: no ordinary history is refused by it.
    expect(sizeOf(answer.history)).toBeLessThan(taken * 4);
  });
});

describe('a memory budget', () => {
  const document = JSON.stringify({ attestations: ['x'.repeat(1000)] });
  const size = parsedSize(Buffer.from(document));

  it('holds documents until they fill it, and says why no more', async () => {
    const budget = createMemoryBudget(size * 2);
    const registry = budget.holding(answering(document));
    const ask = (name: string) =>
      registry.ask({ ...REQUEST, id: { name, version: '1.2.3' } }, signal);
    const states = [await ask('gear'), await ask('cog'), await ask('widget')];
    expect(states.map(({ status }) => status)).toEqual([
      'found',
      'found',
      'unavailable',
    ]);
    expect(states[2]).toMatchObject({
      code: 'too-large',
      message: expect.stringMatching(
        /https:\/\/registry\.example\/ do not fit into the memory .* NODE_OPTIONS=--max-old-space-size=\d+$/,
      ) as unknown,
    });
  });

  it('counts a document once that is asked for again', async () => {
    const budget = createMemoryBudget(size);
    const registry = budget.holding(answering(document));
    for (let count = 0; count < 3; count += 1) {
      const answer = await registry.ask({ ...REQUEST, anew: true }, signal);
      expect(answer.status).toBe('found');
    }
  });

  const history = (name: string): string =>
    JSON.stringify({ name, versions: { '1.2.3': {}, '1.2.4': {} } });
  const known = parseHistory(Buffer.from(history('gear')), 'gear');
  const historySize = known.status === 'known' ? sizeOf(known.history) : 0;

  it('holds histories beside documents, each package’s once', async () => {
    const budget = createMemoryBudget(size + historySize * 2);
    const registry = budget.holding({
      ask: ({ kind, id: { name } }) => {
        const text = kind === 'history' ? history(name) : document;
        return Promise.resolve({ status: 'found', body: Buffer.from(text) });
      },
    });
    const ask = (name: string, version: string) =>
      registry.ask(
        { ...REQUEST, kind: 'history', id: { name, version } },
        signal,
      );
    expect(await registry.ask(REQUEST, signal)).toMatchObject({
      status: 'found',
    });
    const states = [
      await ask('gear', '1.2.3'),
      await ask('gear', '1.2.4'),
      await ask('cogs', '1.2.3'),
      await ask('axle', '1.2.3'),
    ];
    expect(states.map(({ status }) => status)).toEqual([
      ...['found', 'found', 'found', 'unavailable'],
    ]);
    expect(states[3]).toMatchObject({ code: 'too-large' });
    // Read to be counted, and not again.
    expect(states[0]).toMatchObject({ reading: { history: known } });
  });

  it('holds nothing of a history that is none', async () => {
    const registry = createMemoryBudget(0).holding(answering('{"name":"x"}'));
    const asked = { ...REQUEST, kind: 'history' } as const;
    expect(await registry.ask(asked, signal)).toMatchObject({
      status: 'found',
    });
  });

  it('counts only what an audit holds', async () => {
    const budget = createMemoryBudget(size);
    const registry = budget.holding(answering(document));
    for (let count = 0; count < 3; count += 1) {
      const asked = { ...REQUEST, kind: 'version' } as const;
      expect((await registry.ask(asked, signal)).status).toBe('found');
    }
  });

  it.each(['version', 'attestations', 'history'] as const)(
    'admits no single answer that is larger: %s',
    async (kind) => {
      const request = { ...REQUEST, kind };
      const admit = (bytes: number) =>
        createMemoryBudget(bytes)
          .admitting(answering(document))
          .ask(request, signal);
      expect(await admit(size - 1)).toMatchObject({ code: 'too-large' });
      expect(await admit(size)).toMatchObject({ status: 'found' });
    },
  );

  it.each([
    { status: 'absent' },
    { status: 'unavailable', code: 'auth', message: 'no' },
  ] as const)('leaves other answers as they are: %j', async (answer) => {
    const budget = createMemoryBudget(0);
    const registry = { ask: () => Promise.resolve(answer) };
    const wrapped = budget.holding(budget.admitting(registry));
    expect(await wrapped.ask(REQUEST, signal)).toBe(answer);
  });
});

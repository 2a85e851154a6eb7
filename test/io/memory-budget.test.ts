import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Registry, RegistryRequest } from '../../src/evidence/registry.js';
import { createMemoryBudget, parsedSize } from '../../src/io/memory-budget.js';

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

import { describe, expect, it } from 'vitest';
import type {
  Registry,
  RegistryAnswer,
  RegistryRequest,
} from '../../src/evidence/registry.js';
import { createSharedAnswers } from '../../src/io/shared-answers.js';

const NEVER = new AbortController().signal;
const REQUEST: RegistryRequest = {
  kind: 'version',
  id: { name: 'left-pad', version: '1.3.0' },
  registry: 'https://npm.example/',
};
const FOUND: RegistryAnswer = {
  status: 'found',
  body: Buffer.alloc(10),
  notes: ['from-packument'],
};

function counting(answer: RegistryAnswer): {
  readonly registry: Registry;
  readonly asked: RegistryRequest[];
} {
  const asked: RegistryRequest[] = [];
  const ask = (request: RegistryRequest) => {
    asked.push(request);
    return Promise.resolve(answer);
  };
  return { registry: { ask }, asked };
}

/** How often the second of two registries is asked, after the first. */
async function asksAgain(
  first: RegistryAnswer,
  change: Partial<RegistryRequest> = {},
  {
    maxBytes,
    credentials = null,
  }: { maxBytes?: number; credentials?: string | null } = {},
): Promise<boolean> {
  const share = createSharedAnswers(maxBytes);
  const [one, other] = [counting(first), counting(FOUND)];
  expect(await share(one.registry, () => null).ask(REQUEST, NEVER)).toEqual(
    first,
  );
  const request = { ...REQUEST, ...change };
  expect(
    await share(other.registry, () => credentials).ask(request, NEVER),
  ).toEqual(FOUND);
  return other.asked.length > 0;
}

describe('what one audit of a run was given', () => {
  it('is not asked for again', async () => {
    expect(await asksAgain(FOUND)).toBe(false);
  });

  it.each<[string, Partial<RegistryRequest>]>([
    ['another kind', { kind: 'attestations' }],
    ['another version', { id: { name: 'left-pad', version: '1.3.1' } }],
    ['another package', { id: { name: 'right-pad', version: '1.3.0' } }],
    ['another registry', { registry: 'https://other.example/' }],
    ['one that was of no use', { anew: true }],
  ])('is not taken for %s', async (_what, change) => {
    expect(await asksAgain(FOUND, change)).toBe(true);
  });

  it.each<[string, RegistryAnswer]>([
    ['not found', { status: 'absent' }],
    ['not to be had', { status: 'unavailable', code: 'auth', message: '' }],
  ])('is asked for again where it was %s', async (_what, answer) => {
    expect(await asksAgain(answer)).toBe(true);
  });

  it('is not given to other credentials', async () => {
    expect(await asksAgain(FOUND, {}, { credentials: 'others' })).toBe(true);
  });

  it('is kept up to a limit', async () => {
    expect(await asksAgain(FOUND, {}, { maxBytes: 10 })).toBe(false);
    expect(await asksAgain(FOUND, {}, { maxBytes: 9 })).toBe(true);
  });

  it('is of a package where it is its publish times', async () => {
    const share = createSharedAnswers();
    const { registry, asked } = counting(FOUND);
    for (const version of ['1.0.0', '2.0.0']) {
      const id = { name: 'left-pad', version };
      const request = { ...REQUEST, kind: 'publish-time', id } as const;
      await share(registry, () => null).ask(request, NEVER);
    }
    expect(asked).toHaveLength(1);
  });
});

import { expect, it } from 'vitest';

import type { RegistryRequest } from '../../src/evidence/registry.js';
import {
  createRecordedRegistry,
  recordedKey,
} from '../../src/io/recorded-registry.js';

const REQUEST: RegistryRequest = {
  kind: 'version',
  id: { name: 'x', version: '1.2.3' },
  registry: 'https://registry.example/',
};
const { signal } = new AbortController();

it('gives the answer recorded for a request', async () => {
  const answers = new Map([
    [recordedKey(REQUEST), { status: 'absent' } as const],
  ]);
  const answer = await createRecordedRegistry(answers).ask(REQUEST, signal);
  expect(answer).toEqual({ status: 'absent' });
});

it.each<[string, Partial<RegistryRequest>]>([
  ['another kind', { kind: 'attestations' }],
  ['another registry', { registry: 'https://other.example/' }],
  ['another version', { id: { name: 'x', version: '1.2.4' } }],
])('takes no answer for that to %s', async (_what, other) => {
  const answers = new Map([
    [recordedKey({ ...REQUEST, ...other }), { status: 'absent' } as const],
  ]);
  const answer = await createRecordedRegistry(answers).ask(REQUEST, signal);
  expect(answer).toMatchObject({ status: 'unavailable', code: 'network' });
});

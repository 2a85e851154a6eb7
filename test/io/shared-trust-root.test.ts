import { describe, expect, it } from 'vitest';
import { AuditError } from '../../src/errors.js';
import { createSharedTrustRoot } from '../../src/io/shared-trust-root.js';
import type {
  TrustRootDocuments,
  TrustRootSource,
} from '../../src/verification/trust-root-documents.js';

const NEVER = new AbortController().signal;
const DOCUMENTS: TrustRootDocuments = {
  origin: 'file',
  trustedRoot: Buffer.from('{}'),
  registryKeys: { scope: 'every-registry', keys: Buffer.from('{}') },
  rootVersion: null,
  expires: null,
  refreshedAt: null,
  tuf: null,
};

function counting(failure?: Error): {
  readonly source: TrustRootSource;
  readonly loads: (readonly string[])[];
} {
  const loads: (readonly string[])[] = [];
  const load = (hosts: readonly string[]) => {
    loads.push(hosts);
    return failure === undefined
      ? Promise.resolve(DOCUMENTS)
      : Promise.reject(failure);
  };
  return { source: { load }, loads };
}

describe('the trust root of several audits', () => {
  it('is loaded once for the same registries', async () => {
    const share = createSharedTrustRoot();
    const { source, loads } = counting();
    for (const hosts of [['a', 'b'], ['b', 'a'], ['a']]) {
      expect(await share(source).load(hosts, NEVER)).toBe(DOCUMENTS);
    }
    expect(loads).toEqual([['a', 'b'], ['a']]);
  });

  it('that cannot be had is not waited for again', async () => {
    const share = createSharedTrustRoot();
    const failure = new AuditError('TRUST_ROOT_UNAVAILABLE', 'down');
    const [down, up] = [counting(failure), counting()];
    await expect(share(down.source).load(['a'], NEVER)).rejects.toBe(failure);
    await expect(share(up.source).load(['b'], NEVER)).rejects.toBe(failure);
    expect(up.loads).toEqual([]);
  });

  it.each([
    ['a stop', new AuditError('ABORTED', 'stopped')],
    ['a defect', new Error('defect')],
  ])('is tried again after %s', async (_what, failure) => {
    const share = createSharedTrustRoot();
    const [down, up] = [counting(failure), counting()];
    await expect(share(down.source).load(['a'], NEVER)).rejects.toBe(failure);
    expect(await share(up.source).load(['a'], NEVER)).toBe(DOCUMENTS);
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { attestPackage } from '../../fixtures/statements.js';
import type { Facts } from '../../src/facts/facts.js';
import { sriOfSha512 } from '../../src/package/integrity.js';
import { ID } from '../verification/samples.js';
import { judge, toBytes, trustRootOf, type Circumstances } from './judge.js';

const sigstore = await createSigstore();
const digest = (text: string): string =>
  createHash('sha512').update(text).digest('hex');
const [OURS, THEIRS] = [digest('ours'), digest('theirs')];
const BERRY = { archiveChecksum: '10/0123456789abcdef' };

/** What attestations about `attested` establish for what the lockfile pins. */
function establish(
  attested: string,
  integrity: string | null,
  rest: Partial<Circumstances> = {},
): Facts {
  return judge(
    { ...ID, integrity },
    toBytes(attestPackage(sigstore, ID, attested)),
    { trustRoot: trustRootOf(sigstore), now: sigstore.now, ...rest },
  );
}

describe('a lockfile that pins an archive of its package manager', () => {
  it('is held against what the registry states, and is said to be', () => {
    const facts = establish(OURS, null, {
      ...BERRY,
      stated: sriOfSha512(OURS),
    });
    expect(facts).toMatchObject({
      ...{ verification: 'verified', level: 'provenance', binding: 'registry' },
    });
    expect(facts.checks.find(({ check }) => check === 'digest')).toMatchObject({
      outcome: 'passed',
      expected: 'the SHA-512 that the registry states',
    });
  });

  it('finds out a registry that states other bytes than are attested', () => {
    const facts = establish(OURS, null, {
      ...BERRY,
      stated: sriOfSha512(THEIRS),
    });
    expect(facts.verification).toBe('rejected');
    expect(facts.rejections[0]).toMatchObject({
      code: 'subject-digest',
      message: 'the signed digest is not the one that the registry states',
    });
  });

  it('never passes a consistent lie for what the lockfile pins', () => {
    const lie = { stated: sriOfSha512(THEIRS) };
    expect(establish(THEIRS, null, { ...BERRY, ...lie }).binding).toBe(
      'registry',
    );
    // The same lie where the lockfile does pin the bytes.
    const pinned = establish(THEIRS, sriOfSha512(OURS), { ...BERRY, ...lie });
    expect(pinned).toMatchObject({
      ...{ verification: 'rejected', binding: 'lockfile', level: 'none' },
    });
  });

  it('is not what a lockfile is that pins nothing', () => {
    const facts = establish(OURS, null, { stated: sriOfSha512(OURS) });
    expect(facts).toMatchObject({
      ...{ verification: 'unverifiable', binding: null, level: 'none' },
    });
  });

  it('is undecided where the registry states no digest', () => {
    const facts = establish(OURS, null, BERRY);
    expect(facts.unverifiable.map(({ code }) => code)).toEqual([
      'weak-integrity',
    ]);
    expect(facts.provenance).toBeNull();
  });
});

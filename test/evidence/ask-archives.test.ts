import { describe, expect, it } from 'vitest';
import type {
  ArchiveAnswer,
  ArchiveRequest,
} from '../../src/evidence/archive-source.js';
import { askArchives } from '../../src/evidence/ask-archives.js';
import type { CollectedEvidence } from '../../src/evidence/collect-evidence.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import type { Dependency } from '../../src/lockfile/dependency.js';
import { sriOf } from '../../src/package/integrity.js';
import { dependencyOf, METADATA } from './dependencies.js';

const NEVER = new AbortController().signal;
const SHA1 = sriOf('sha1', '00'.repeat(20));
const SHA512 = sriOf('sha512', '00'.repeat(64));
const ASKED = 'https://npm.example/';
const ANSWERED: Evidence = { status: 'unattested', metadata: METADATA };
const DOWN: ArchiveAnswer = {
  status: 'unavailable',
  code: 'network',
  message: 'down',
};

function collected(
  name: string,
  change: Partial<Dependency> = {},
  evidence: Evidence = ANSWERED,
): CollectedEvidence {
  return {
    dependency: { ...dependencyOf(name), integrity: SHA1, ...change },
    registry: ASKED,
    askedAt: ASKED,
    askedByProject: false,
    evidence,
  };
}

async function ask(all: readonly CollectedEvidence[], concurrency = 16) {
  const requests: ArchiveRequest[] = [];
  let [now, peak] = [0, 0];
  const archives = {
    async hash(request: ArchiveRequest): Promise<ArchiveAnswer> {
      requests.push(request);
      now += 1;
      peak = Math.max(peak, now);
      await Promise.resolve();
      now -= 1;
      return DOWN;
    },
  };
  const answers = await askArchives(all, {
    ...{ archives, concurrency, signal: NEVER },
  });
  return { answers, requests, peak };
}

describe('archives are asked for', () => {
  it.each<[string, CollectedEvidence, boolean]>([
    ['SHA-1 is pinned', collected('a'), true],
    ['nothing is pinned', collected('a', { integrity: null }), true],
    [
      'SHA-256 is pinned',
      collected('a', { integrity: sriOf('sha256', '00'.repeat(32)) }),
      true,
    ],
    ['SHA-512 is pinned', collected('a', { integrity: SHA512 }), false],
    [
      'SHA-512 is pinned beside SHA-1',
      collected('a', { integrity: `${SHA1} ${SHA512}` }),
      false,
    ],
    ['nonsense is pinned', collected('a', { integrity: 'x' }), false],
    [
      'an archive of the package manager is pinned',
      collected('a', { integrity: null, archiveChecksum: '10/ab' }),
      false,
    ],
    [
      'nobody answered',
      collected('a', {}, { ...DOWN, status: 'unavailable' }),
      false,
    ],
    [
      'it is out of scope',
      collected('a', {}, { status: 'not-applicable', reason: 'git' }),
      false,
    ],
    ['nobody was asked', { ...collected('a'), askedAt: null }, false],
  ])('where %s', async (_what, one, isAsked) => {
    const { answers, requests } = await ask([one]);
    expect(requests).toHaveLength(isAsked ? 1 : 0);
    expect(answers).toEqual([
      isAsked ? { ...one, evidence: { ...ANSWERED, archive: DOWN } } : one,
    ]);
  });

  it('once for each version, few at a time, in order', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `p${index % 20}`);
    const { answers, requests, peak } = await ask(
      names.map((name) => collected(name)),
    );
    expect(answers.map(({ dependency }) => dependency.id.name)).toEqual(names);
    expect(requests).toHaveLength(20);
    expect(requests[0]).toEqual({
      id: { name: 'p0', version: '1.2.3' },
      registry: ASKED,
    });
    expect(peak).toBe(4);
    expect(
      (
        await ask(
          names.map((name) => collected(name)),
          1,
        )
      ).peak,
    ).toBe(1);
  });
});

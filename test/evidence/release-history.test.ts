import { describe, expect, it } from 'vitest';

import { askHistories } from '../../src/evidence/ask-histories.js';
import type { CollectedEvidence } from '../../src/evidence/collect-evidence.js';
import { parseHistory } from '../../src/evidence/history-answer.js';
import type { RegistryRequest } from '../../src/evidence/registry.js';
import {
  readHistory,
  type PublishedVersion,
} from '../../src/evidence/release-history.js';
import type { JsonValue } from '../../src/json/strict-json.js';
import { pinned } from '../verification/samples.js';

const bytes = (value: unknown): Uint8Array =>
  Buffer.from(JSON.stringify(value));

/** What is read of the only version, whose manifest this is. */
function versionOf(manifest: JsonValue): PublishedVersion | undefined {
  const packument = { name: 'x', versions: { '1.0.0': manifest } };
  return readHistory(packument, 'x')?.versions[0];
}

const PROVENANCE = { attestations: { provenance: { predicateType: 'p' } } };
const TRUSTED = { trustedPublisher: { id: 'github' } };
const APPROVED = { approver: { name: 'somebody' } };

describe('how a version was published', () => {
  it.each<[string, JsonValue, string]>([
    ['nothing', {}, 'none'],
    ['no manifest', null, 'none'],
    ['provenance', { dist: PROVENANCE }, 'provenance'],
    [
      'a publisher',
      { dist: PROVENANCE, _npmUser: TRUSTED },
      'trusted-publisher',
    ],
    ['a publisher without provenance', { _npmUser: TRUSTED }, 'none'],
    ['a publish attestation alone', { dist: { attestations: {} } }, 'none'],
    [
      'a false publisher',
      { dist: PROVENANCE, _npmUser: { trustedPublisher: false } },
      'provenance',
    ],
    [
      'a publisher that is text',
      { dist: PROVENANCE, _npmUser: { trustedPublisher: 'github' } },
      'provenance',
    ],
    ['an approver', { _npmUser: APPROVED }, 'staged'],
    ['a list of approvers', { _npmUser: { approver: [{}] } }, 'none'],
    [
      'all of it',
      { dist: PROVENANCE, _npmUser: { ...TRUSTED, ...APPROVED } },
      'staged',
    ],
    ['another shape', { dist: 'x', _npmUser: [] }, 'none'],
  ])('is read from %s', (_what, manifest, level) => {
    expect(versionOf(manifest)?.level).toBe(level);
  });
});

describe('a history', () => {
  it('is in the order of its dates, those without one first', () => {
    const packument = {
      name: 'x',
      time: {
        created: '2019-01-01T00:00:00.000Z',
        '2.0.0': '2025-01-01T00:00:00.000Z',
        '1.0.1': '2026-01-01T00:00:00.000Z',
        '1.0.0': '2024-01-01T00:00:00.000Z',
        '3.0.0': 'yesterday',
      },
      versions: { '1.0.0': {}, '1.0.1': {}, '2.0.0': {}, '3.0.0': {} },
    };
    const history = readHistory(packument, 'x');
    expect(history?.versions.map(({ version }) => version)).toEqual([
      '3.0.0',
      '1.0.0',
      '2.0.0',
      '1.0.1',
    ]);
  });

  it('reads no member from a prototype', () => {
    const packument = { name: 'x', time: {}, versions: { constructor: {} } };
    expect(readHistory(packument, 'x')?.versions).toMatchObject([
      { version: 'constructor', publishedAt: null },
    ]);
  });

  it.each<[string, unknown]>([
    ['another package', { name: 'y', versions: {} }],
    ['no versions', { name: 'x' }],
    ['a list', []],
  ])('is not had from %s', (_what, value) => {
    expect(parseHistory(bytes(value), 'x')).toMatchObject({
      status: 'unavailable',
      code: 'metadata-malformed',
    });
  });

  it('is not had from half an answer', () => {
    const body = Buffer.from('{"name":"x","versions":{');
    expect(parseHistory(body, 'x')).toMatchObject({ code: 'truncated' });
  });
});

describe('askHistories', () => {
  const collected = (
    name: string,
    askedAt: string | null,
  ): CollectedEvidence => ({
    dependency: pinned({ id: { name, version: '1.0.0' } }),
    registry: askedAt,
    askedAt,
    askedByProject: false,
    evidence: { status: 'not-applicable', reason: 'git' },
  });
  const REGISTRY = 'https://a.example/';

  it('asks once a package, and only for what is wanted', async () => {
    const asked: RegistryRequest[] = [];
    const answers = await askHistories(
      [
        collected('a', REGISTRY),
        collected('a', REGISTRY),
        collected('b', REGISTRY),
        collected('c', null),
        collected('d', REGISTRY),
      ],
      {
        registry: {
          ask: (request) => {
            asked.push(request);
            const { name } = request.id;
            return Promise.resolve(
              name === 'a'
                ? { status: 'found', body: bytes({ name, versions: {} }) }
                : { status: 'absent' },
            );
          },
        },
        signal: new AbortController().signal,
        concurrency: 4,
        isWanted: ({ dependency }) => dependency.id.name !== 'd',
      },
    );
    expect(asked.map(({ kind, id }) => `${kind} ${id.name}`)).toEqual([
      'history a',
      'history b',
    ]);
    expect(answers.map(({ history }) => history?.status)).toEqual([
      'known',
      'known',
      'unavailable',
      undefined,
      undefined,
    ]);
    expect(answers[2]?.history).toMatchObject({ code: 'version-not-found' });
  });

  it('asks nobody once the audit has ended', async () => {
    const answers = await askHistories([collected('a', REGISTRY)], {
      registry: {
        ask: () => Promise.reject(new Error('asked')),
      },
      signal: AbortSignal.abort(),
      concurrency: 1,
      isWanted: () => true,
    });
    expect(answers).toMatchObject([{ history: { code: 'deadline' } }]);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import {
  startRegistry,
  type LoopbackRegistry,
  type RegistryFault,
} from '../../fixtures/loopback-registry.js';
import {
  collectEvidence,
  type CollectedEvidence,
} from '../../src/evidence/collect-evidence.js';
import { askHistories } from '../../src/evidence/ask-histories.js';
import { askPublishTimes } from '../../src/evidence/publish-times.js';
import { DEFAULT_NETWORK } from '../../src/io/http.js';
import { createNpmRegistry } from '../../src/io/npm-registry.js';
import { dependencyOf } from '../evidence/dependencies.js';

const MIB = 1024 * 1024;
const DOCUMENT = {
  attestations: [
    { predicateType: 'https://slsa.dev/provenance/v1', bundle: {} },
  ],
};
const SIGNATURES = [{ keyid: 'ended', sig: 'c2ln' }];
const PUBLISHED_AT = '2026-06-01T12:00:00.000Z';

/** What is asked, and what else has to happen for it to be asked. */
const KINDS = [
  'manifest',
  'packument',
  'attestations',
  'publish-time',
  'history',
] as const;
type Kind = (typeof KINDS)[number];

/** Ways in which an answer is none, and whether a second try may be one. */
const FAULTS: readonly (readonly [
  string,
  RegistryFault,
  'passes' | 'stays',
])[] = [
  ['a reset connection', { reset: true }, 'passes'],
  ['another protocol', { upgrade: true }, 'passes'],
  ['no answer', { hang: true }, 'passes'],
  ['headers and no body', { hang: true, afterHeaders: true }, 'passes'],
  ['a body that breaks off', { truncate: 7 }, 'passes'],
  ['an empty 200', {}, 'stays'],
  ['204', { status: 204 }, 'stays'],
  ['206 with half of it', { status: 206, body: '{"name":' }, 'stays'],
  ['304 without a cache', { status: 304 }, 'stays'],
  ['401', { status: 401 }, 'stays'],
  ['403', { status: 403 }, 'stays'],
  ['410', { status: 410 }, 'stays'],
  ['429', { status: 429, headers: { 'retry-after': '1' } }, 'passes'],
  ['500', { status: 500, body: '{}' }, 'passes'],
  ['502', { status: 502, body: '<html>' }, 'passes'],
  ['503', { status: 503 }, 'passes'],
  ['a redirect elsewhere', { redirect: 'http://127.0.0.1:1/x' }, 'stays'],
  ['too much', { bodyBytes: 65 * MIB }, 'stays'],
  ['a gzip bomb', { gzipBombBytes: 65 * MIB }, 'stays'],
  [
    'an encoding nobody asked for',
    { headers: { 'content-encoding': 'zstd' }, body: '{}' },
    'stays',
  ],
  ['the page of a portal', { body: '<html>sign in</html>' }, 'stays'],
];
const ROWS = KINDS.flatMap((kind) =>
  FAULTS.map(([what, fault, then]) => [kind, what, fault, then] as const),
);

let server: LoopbackRegistry;
const started: LoopbackRegistry[] = [];
afterEach(async () => {
  for (const each of started.splice(0)) await each.close();
});

/** A registry in which one package is attested and one is not. */
async function start(kind: Kind): Promise<void> {
  server = await startRegistry();
  started.push(server);
  for (const name of ['attested', 'plain']) {
    server.add({
      id: { name, version: '1.2.3' },
      signatures: SIGNATURES,
      ...(name === 'attested' && { attestations: DOCUMENT }),
    });
  }
  if (kind === 'packument') {
    server.script('manifest', { status: 405, repeat: true });
  }
}

/** Short where nobody answers, so that it is waited for in vain only there. */
function timeLimit(fault: RegistryFault | null): number {
  return fault !== null && 'hang' in fault ? 300 : 20_000;
}

async function collect(
  kind: Kind,
  fault: RegistryFault | null,
): Promise<readonly CollectedEvidence[]> {
  const registries = {
    publicRegistry: server.url,
    defaultRegistry: server.url,
    scopes: new Map<string, string>(),
    namedByProject: new Set<string>(),
  };
  const registry = createNpmRegistry(
    {
      registries,
      network: { ...DEFAULT_NETWORK, noProxy: '127.0.0.1' },
      credentials: { registry: server.url },
      warnings: [],
    },
    { timeoutMs: timeLimit(fault), retries: 2, wait: () => Promise.resolve() },
  );
  const { signal } = new AbortController();
  const asking = { registry, concurrency: 1, signal };
  const collected = await collectEvidence(
    [dependencyOf('attested'), dependencyOf('plain')],
    { ...asking, config: registries },
  );
  if (kind === 'history') {
    return askHistories(collected, { ...asking, isWanted: () => true });
  }
  return kind === 'publish-time'
    ? askPublishTimes(collected, { ...asking, isEnded: () => true })
    : collected;
}

/** In one word for each package, as far as `kind` is about it. */
function outcomesOf(
  kind: Kind,
  collected: readonly CollectedEvidence[],
): readonly string[] {
  return collected.map(({ evidence, history }) => {
    if (kind === 'history') return history?.status ?? 'not asked';
    if (kind !== 'publish-time') return evidence.status;
    if (!('metadata' in evidence)) return evidence.status;
    return evidence.metadata.publishedAt?.toISOString() ?? 'unknown';
  });
}

const FAULTLESS: Readonly<Record<Kind, readonly string[]>> = {
  manifest: ['attested', 'unattested'],
  packument: ['attested', 'unattested'],
  attestations: ['attested', 'unattested'],
  'publish-time': [PUBLISHED_AT, PUBLISHED_AT],
  history: ['known', 'known'],
};
const FAULTY: typeof FAULTLESS = {
  manifest: ['unavailable', 'unavailable'],
  packument: ['unavailable', 'unavailable'],
  // Nobody asks for what the metadata does not announce.
  attestations: ['unavailable', 'unattested'],
  'publish-time': ['unknown', 'unknown'],
  history: ['unavailable', 'unavailable'],
};
const ASKED: Readonly<Record<Kind, 'manifest' | 'packument' | 'attestations'>> =
  {
    manifest: 'manifest',
    packument: 'packument',
    attestations: 'attestations',
    'publish-time': 'packument',
    history: 'packument',
  };

describe('21 faults of 5 kinds of request', () => {
  it('are so many', () => {
    expect(ROWS).toHaveLength(105);
  });

  it.each(KINDS)('and none: %s', async (kind) => {
    await start(kind);
    expect(outcomesOf(kind, await collect(kind, null))).toEqual(
      FAULTLESS[kind],
    );
  });

  it.each(ROWS)('%s, %s: never absence', async (kind, _what, fault) => {
    await start(kind);
    server.script(ASKED[kind], { ...fault, repeat: true });
    expect(outcomesOf(kind, await collect(kind, fault))).toEqual(FAULTY[kind]);
  });

  it.each(ROWS)('%s, %s, once', async (kind, _what, fault, then) => {
    await start(kind);
    server.script(ASKED[kind], fault);
    const [first, second] = outcomesOf(kind, await collect(kind, fault));
    const expected = then === 'passes' ? FAULTLESS : FAULTY;
    expect([first, second]).toEqual([expected[kind][0], FAULTLESS[kind][1]]);
  });
});

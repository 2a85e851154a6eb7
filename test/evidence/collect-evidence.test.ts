import { describe, expect, it } from 'vitest';

import {
  collectEvidence,
  type CollectedEvidence,
  type CollectOptions,
} from '../../src/evidence/collect-evidence.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import type { RegistryConfig } from '../../src/evidence/registry-config.js';
import type {
  RegistryAnswer,
  RegistryRequest,
} from '../../src/evidence/registry.js';
import { PUBLISH } from '../../src/evidence/predicate-types.js';
import type { Dependency } from '../../src/lockfile/dependency.js';
import { dependencyOf, jsonBytes, manifestOf, SIGNED } from './dependencies.js';

const PUBLIC = 'https://registry.example/';
const ACME = 'https://npm.acme.example/';
const CONFIG: RegistryConfig = {
  publicRegistry: PUBLIC,
  defaultRegistry: PUBLIC,
  scopes: new Map([['@acme', ACME]]),
  namedByProject: new Set(),
};

const ABSENT: RegistryAnswer = { status: 'absent' };
const EMPTY = found(jsonBytes({ attestations: [] }));
const DOCUMENT = found(
  jsonBytes({ attestations: [{ predicateType: 'x', bundle: {} }] }),
);
const TIMEOUT: RegistryAnswer = {
  status: 'unavailable',
  code: 'timeout',
  message: 'too slow',
};

/** A registry that gives the answers of `script` in turn, and takes notes. */
function registryWith(
  script: Readonly<Record<string, RegistryAnswer | RegistryAnswer[]>>,
) {
  const asked: string[] = [];
  const turns = new Map<string, number>();
  const ask = (request: RegistryRequest): Promise<RegistryAnswer> => {
    const key = `${request.kind} ${request.id.name}`;
    asked.push(key);
    const turn = turns.get(key) ?? 0;
    turns.set(key, turn + 1);
    const answers = [script[key] ?? ABSENT].flat();
    return Promise.resolve(
      answers[Math.min(turn, answers.length - 1)] ?? ABSENT,
    );
  };
  return { ask, asked };
}

function collect(
  dependencies: readonly Dependency[],
  options: Pick<CollectOptions, 'registry'> & Partial<CollectOptions>,
): Promise<readonly CollectedEvidence[]> {
  return collectEvidence(dependencies, {
    config: CONFIG,
    concurrency: 4,
    signal: new AbortController().signal,
    ...options,
  });
}

/** A version that shows that the registry serves evidence at all. */
const WITNESS = { 'version witness': found(manifestOf('witness', SIGNED)) };
const ADVERTISED = found(manifestOf('x', { attestations: {} }));

describe('the evidence of one version', () => {
  it.each<
    [string, RegistryAnswer, RegistryAnswer[], Partial<Evidence>, number]
  >([
    ['attested', ADVERTISED, [DOCUMENT], { status: 'attested' }, 2],
    [
      'unattested, without asking for what is not advertised',
      found(manifestOf('x')),
      [DOCUMENT],
      { status: 'unattested' },
      1,
    ],
    [
      'attested after a second question, where the first found none',
      ADVERTISED,
      [ABSENT, DOCUMENT],
      { status: 'attested' },
      3,
    ],
    [
      'attested after a second question, where the first found an empty list',
      ADVERTISED,
      [EMPTY, DOCUMENT],
      { status: 'attested' },
      3,
    ],
    [
      'withheld where both found none',
      ADVERTISED,
      [ABSENT, ABSENT, DOCUMENT],
      { status: 'unavailable', code: 'attestations-withheld' },
      3,
    ],
    [
      'withheld where both lists are empty',
      ADVERTISED,
      [EMPTY, EMPTY, DOCUMENT],
      { status: 'unavailable', code: 'attestations-withheld' },
      3,
    ],
    [
      'unknown where the second answer does not come',
      ADVERTISED,
      [ABSENT, TIMEOUT],
      { status: 'unavailable', code: 'timeout' },
      3,
    ],
    [
      'unknown where attestations cannot be had',
      ADVERTISED,
      [TIMEOUT, DOCUMENT],
      { status: 'unavailable', code: 'timeout' },
      2,
    ],
    [
      'unknown where metadata cannot be had, even if attestations can',
      TIMEOUT,
      [DOCUMENT],
      { status: 'unavailable', code: 'timeout' },
      1,
    ],
    [
      'unknown where there is no such version',
      ABSENT,
      [DOCUMENT],
      { status: 'unavailable', code: 'version-not-found' },
      1,
    ],
    [
      'unknown where metadata is of another version',
      found(manifestOf('y')),
      [DOCUMENT],
      { status: 'unavailable', code: 'metadata-malformed' },
      1,
    ],
    [
      'unknown where a portal answers',
      ADVERTISED,
      [found(Buffer.from('<html>'))],
      { status: 'unavailable', code: 'not-json' },
      2,
    ],
    [
      'attested where the document is malformed, to be rejected',
      ADVERTISED,
      [found(Buffer.from('[]'))],
      { status: 'attested' },
      2,
    ],
  ])('is %s', async (_what, version, attestations, expected, requests) => {
    const registry = registryWith({
      ...WITNESS,
      'version x': version,
      'attestations x': attestations,
    });
    const dependencies = [dependencyOf('x'), dependencyOf('witness')];
    const [x] = await collect(dependencies, { registry });
    expect(x?.evidence).toMatchObject(expected);
    expect(x?.registry).toBe(PUBLIC);
    expect(registry.asked).toHaveLength(requests + 1);
  });
});

describe('what is not asked about', () => {
  it.each([
    'git',
    'file',
    'link',
    'workspace',
    'remote-tarball',
    'bundled',
  ] as const)('is a dependency of kind %s', async (kind) => {
    const registry = registryWith({});
    const dependency = dependencyOf('x', `${PUBLIC}x/-/x-1.2.3.tgz`, kind);
    expect(await collect([dependency], { registry })).toEqual([
      {
        dependency,
        registry: null,
        askedAt: null,
        askedByProject: false,
        evidence: { status: 'not-applicable', reason: kind },
      },
    ]);
    expect(registry.asked).toEqual([]);
  });

  it('is a registry that only the lockfile names', async () => {
    const registry = registryWith({});
    const url = 'https://me:secret@evil.example/x/-/x-1.2.3.tgz';
    const [x] = await collect([dependencyOf('x', url)], { registry });
    expect(x).toMatchObject({
      registry: 'https://evil.example/',
      evidence: { status: 'unavailable', code: 'registry-not-configured' },
    });
    expect(JSON.stringify(x?.evidence)).not.toContain('secret');
    expect(registry.asked).toEqual([]);
  });

  it('is an entry without a version, whose every version could be meant', async () => {
    const registry = registryWith({});
    const blank = { ...dependencyOf('x'), id: { name: 'x', version: '' } };
    const [x] = await collect([blank], { registry });
    expect(x).toMatchObject({
      registry: PUBLIC,
      askedAt: null,
      evidence: { status: 'unavailable', code: 'version-not-pinned' },
    });
    expect(registry.asked).toEqual([]);
  });

  it('is the same version twice', async () => {
    const registry = registryWith({
      'version x': ADVERTISED,
      'attestations x': DOCUMENT,
    });
    const other = { ...dependencyOf('x'), integrity: 'sha512-other' };
    const collected = await collect([dependencyOf('x'), other], { registry });
    expect(collected.map(({ evidence }) => evidence.status)).toEqual([
      'attested',
      'attested',
    ]);
    expect(registry.asked).toEqual(['version x', 'attestations x']);
  });
});

describe('a registry without evidence', () => {
  const noProof = {
    'version x': found(manifestOf('x')),
    'version y': found(manifestOf('y')),
    'version @acme/x': found(manifestOf('@acme/x')),
  };

  it.each<[string, Readonly<Record<string, RegistryAnswer>>, string[]]>([
    ['for no version', noProof, ['none', 'none', 'none']],
    [
      'but a signature',
      { ...noProof, 'version y': found(manifestOf('y', SIGNED)) },
      ['unattested', 'unattested', 'none'],
    ],
    [
      'but an attestation of a type that proves nothing',
      {
        ...noProof,
        'version y': found(manifestOf('y', { attestations: {} })),
        'attestations y': DOCUMENT,
      },
      ['none', 'attested', 'none'],
    ],
    [
      'but a publish attestation',
      {
        ...noProof,
        'version y': found(manifestOf('y', { attestations: {} })),
        'attestations y': found(
          jsonBytes({ attestations: [{ predicateType: PUBLISH, bundle: {} }] }),
        ),
      },
      ['unattested', 'attested', 'none'],
    ],
    [
      'but withheld attestations',
      { ...noProof, 'version y': found(manifestOf('y', { attestations: {} })) },
      ['unattested', 'attestations-withheld', 'none'],
    ],
    [
      'but a signature at another registry',
      {
        ...noProof,
        'version @acme/x': found(manifestOf('@acme/x', SIGNED)),
      },
      ['none', 'none', 'unattested'],
    ],
    [
      'and versions that cannot be had',
      { ...noProof, 'version y': TIMEOUT },
      ['none', 'timeout', 'none'],
    ],
  ])('is told by its answers: %s', async (_what, script, expected) => {
    const names = ['x', 'y', '@acme/x'];
    const collected = await collect(
      names.map((name) => dependencyOf(name)),
      { registry: registryWith(script) },
    );
    expect(
      collected.map(({ evidence }) => {
        if (evidence.status !== 'unavailable') return evidence.status;
        return evidence.code === 'registry-without-evidence'
          ? 'none'
          : evidence.code;
      }),
    ).toEqual(expected);
  });
});

describe('a collection', () => {
  const names = Array.from({ length: 40 }, (_, index) => `p${index}`);
  const dependencies = names.map((name) => dependencyOf(name));

  it.each([1, 3, 16])('keeps the order, %i at a time', async (concurrency) => {
    let running = 0;
    let peak = 0;
    const registry = {
      async ask({ id }: RegistryRequest): Promise<RegistryAnswer> {
        running += 1;
        peak = Math.max(peak, running);
        // Later ones answer earlier.
        const turns = 40 - Number(id.name.slice(1));
        for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
        running -= 1;
        return found(manifestOf(id.name, SIGNED));
      },
    };
    const progress: string[] = [];
    const collected = await collect(
      [...dependencies, dependencyOf('local', null, 'link')],
      {
        registry,
        concurrency,
        onProgress: (done, total) => progress.push(`${done}/${total}`),
      },
    );
    expect(collected.map(({ dependency }) => dependency.id.name)).toEqual([
      ...names,
      'local',
    ]);
    expect(peak).toBe(concurrency);
    expect(progress).toEqual(names.map((_, index) => `${index + 1}/40`));
  });

  it('goes on after one version that cannot be had', async () => {
    const registry = {
      ask: ({ id }: RegistryRequest): Promise<RegistryAnswer> =>
        Promise.resolve(
          id.name === 'p3' ? TIMEOUT : found(manifestOf(id.name, SIGNED)),
        ),
    };
    const collected = await collect(dependencies, { registry });
    const missing = collected.filter(
      ({ evidence }) => evidence.status !== 'unattested',
    );
    expect(missing).toHaveLength(1);
  });

  it.each([1, 16])(
    'ends with the signal, %i at a time',
    async (concurrency) => {
      const deadline = new AbortController();
      let asked = 0;
      const registry = {
        ask({ id }: RegistryRequest): Promise<RegistryAnswer> {
          asked += 1;
          if (asked === 20) deadline.abort();
          // What an interrupted request looks like is the port's business.
          if (deadline.signal.aborted) return Promise.resolve(TIMEOUT);
          return Promise.resolve(found(manifestOf(id.name, SIGNED)));
        },
      };
      const collected = await collect(dependencies, {
        registry,
        concurrency,
        signal: deadline.signal,
      });
      const codes = collected.map(({ evidence }) =>
        evidence.status === 'unavailable' ? evidence.code : evidence.status,
      );
      expect(codes.filter((code) => code === 'unattested')).toHaveLength(19);
      expect(codes.filter((code) => code === 'deadline')).toHaveLength(21);
      expect(asked).toBe(20);
    },
  );

  it('does not hide a fault of the port', async () => {
    const registry = {
      ask: () => Promise.reject(new TypeError('a bug')),
    };
    await expect(collect(dependencies, { registry })).rejects.toThrow('a bug');
  });

  it('of nothing is nothing', async () => {
    expect(await collect([], { registry: registryWith({}) })).toEqual([]);
  });
});

function found(body: Uint8Array): RegistryAnswer {
  return { status: 'found', body };
}

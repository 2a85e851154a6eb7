import { describe, expect, it } from 'vitest';

import type { CollectedEvidence } from '../../src/evidence/collect-evidence.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import {
  askPublishTimes,
  type PublishTimeOptions,
} from '../../src/evidence/publish-times.js';
import { MAX_TIMES_BYTES } from '../../src/evidence/read-answer.js';
import type {
  RegistryAnswer,
  RegistryRequest,
} from '../../src/evidence/registry.js';
import { dependencyOf, jsonBytes, METADATA } from './dependencies.js';

const PUBLIC = 'https://registry.example/';
const MIRROR = 'https://mirror.example/npm/';
const ACME = 'https://npm.acme.example/';
const TIME = '2024-11-02T10:14:07.123Z';
const ENDED = { keyid: 'ended', sig: 's' };
const CURRENT = { keyid: 'current', sig: 's' };

const UNATTESTED: Evidence = {
  status: 'unattested',
  metadata: { ...METADATA, signatures: [ENDED] },
};
const ATTESTED: Evidence = {
  status: 'attested',
  metadata: { ...METADATA, signatures: [ENDED], advertisesAttestations: true },
  document: { status: 'parsed', attestations: [] },
};

/** A version of which the registry signed what `evidence` says. */
function signed(
  name: string,
  version = '1.2.3',
  more: Partial<CollectedEvidence> = {},
): CollectedEvidence {
  const dependency = { ...dependencyOf(name), id: { name, version } };
  return {
    dependency,
    registry: PUBLIC,
    askedAt: PUBLIC,
    askedByProject: false,
    evidence: UNATTESTED,
    ...more,
  };
}

/** A registry that answers by package, and takes notes. */
function registryWith(answers: Readonly<Record<string, RegistryAnswer>>) {
  const asked: string[] = [];
  const ask = (request: RegistryRequest): Promise<RegistryAnswer> => {
    const { kind, id, registry } = request;
    asked.push(`${kind} ${registry} ${id.name}`);
    return Promise.resolve(answers[id.name] ?? { status: 'absent' });
  };
  return { ask, asked };
}

function askTimes(
  collected: readonly CollectedEvidence[],
  options: Pick<PublishTimeOptions, 'registry'> & Partial<PublishTimeOptions>,
): Promise<readonly CollectedEvidence[]> {
  return askPublishTimes(collected, {
    concurrency: 4,
    signal: new AbortController().signal,
    isEnded: (_registry, keyid) => keyid === ENDED.keyid,
    ...options,
  });
}

function timeIn(collected: CollectedEvidence | undefined): unknown {
  const evidence = collected?.evidence;
  return evidence !== undefined && 'metadata' in evidence
    ? evidence.metadata.publishedAt
    : undefined;
}

function found(times: unknown): RegistryAnswer {
  return { status: 'found', body: jsonBytes(times) };
}

describe('publish times that were kept', () => {
  const asTimes = (times: object, isKept = false): RegistryAnswer => ({
    status: 'found',
    body: jsonBytes(times),
    ...(isKept && { isKept: true }),
  });

  /** What comes of `kept`, where the registry itself would say `now`. */
  async function askPast(kept: RegistryAnswer, now: RegistryAnswer) {
    const asked: RegistryRequest[] = [];
    const ask = (request: RegistryRequest): Promise<RegistryAnswer> => {
      asked.push(request);
      return Promise.resolve(request.anew === true ? now : kept);
    };
    const [collected] = await askTimes([signed('x')], { registry: { ask } });
    const { evidence } = collected ?? { evidence: UNATTESTED };
    const time = 'metadata' in evidence ? evidence.metadata.publishedAt : null;
    return { time: time?.toISOString() ?? null, requests: asked.length };
  }
  const right = asTimes({ '1.2.3': TIME });
  const gone: RegistryAnswer = { status: 'absent' };

  it.each<[string, RegistryAnswer, RegistryAnswer, string | null, number]>([
    ['are used', asTimes({ '1.2.3': TIME }, true), gone, TIME, 1],
    ['of no use are asked for anew', asTimes([], true), right, TIME, 2],
    ['without this version too', asTimes({}, true), right, TIME, 2],
    ['stay unknown where nobody knows more', asTimes({}, true), gone, null, 2],
    ['are not asked for twice if they are new', asTimes({}), right, null, 1],
  ])('%s', async (_what, kept, now, time, requests) => {
    expect(await askPast(kept, now)).toEqual({ time, requests });
  });
});

describe('the publish time of a version signed by a key that has ended', () => {
  it.each([
    ['unattested', UNATTESTED],
    ['attested', ATTESTED],
  ])(
    'is added to what is %s, and nothing else changes',
    async (_, evidence) => {
      const registry = registryWith({ x: found({ '1.2.3': TIME }) });
      const before = signed('x', '1.2.3', { evidence });
      const [x] = await askTimes([before], { registry });
      expect(timeIn(x)).toEqual(new Date(TIME));
      expect(x).toEqual({
        ...before,
        evidence: {
          ...evidence,
          metadata: {
            ...('metadata' in evidence ? evidence.metadata : {}),
            publishedAt: new Date(TIME),
          },
        },
      });
      expect(timeIn(before)).toBeNull();
    },
  );

  it('is asked for if another key signed too', async () => {
    const registry = registryWith({ x: found({ '1.2.3': TIME }) });
    const metadata = { ...METADATA, signatures: [CURRENT, ENDED] };
    const evidence = { status: 'unattested', metadata } as const;
    const [x] = await askTimes([signed('x', '1.2.3', { evidence })], {
      registry,
    });
    expect(timeIn(x)).toEqual(new Date(TIME));
  });

  it('is asked for once a package, where its metadata came from', async () => {
    const registry = registryWith({
      x: found({
        created: TIME,
        '1.0.0': TIME,
        '2.0.0': '2020-02-29T00:00:00Z',
      }),
      y: found({ '1.0.0': TIME }),
    });
    const mirrored = signed('x', '1.0.0', { askedAt: MIRROR });
    const collected = await askTimes(
      [
        signed('x', '2.0.0'),
        signed('y', '1.0.0'),
        mirrored,
        signed('x', '1.0.0'),
        signed('x', '3.0.0'),
        signed('x', '1.0.0'),
      ],
      { registry },
    );
    expect(registry.asked).toEqual([
      `publish-time ${PUBLIC} x`,
      `publish-time ${PUBLIC} y`,
      `publish-time ${MIRROR} x`,
    ]);
    const time = new Date(TIME);
    expect(collected.map(timeIn)).toEqual([
      new Date('2020-02-29T00:00:00Z'),
      time,
      time,
      time,
      null,
      time,
    ]);
  });

  it('depends on the keys of the registry it belongs to', async () => {
    const registry = registryWith({
      x: found({ '1.2.3': TIME }),
      '@acme/x': found({ '1.2.3': TIME }),
    });
    const at = { askedAt: MIRROR };
    const collected = await askTimes(
      [
        signed('x', '1.2.3', at),
        signed('@acme/x', '1.2.3', { ...at, registry: ACME }),
      ],
      { registry, isEnded: (of) => of === ACME },
    );
    expect(collected.map(timeIn)).toEqual([null, new Date(TIME)]);
    expect(registry.asked).toEqual([`publish-time ${MIRROR} @acme/x`]);
  });
});

describe('nobody is asked about', () => {
  it.each<[string, Partial<CollectedEvidence>]>([
    [
      'a version signed by a key that has not ended',
      {
        evidence: {
          status: 'unattested',
          metadata: { ...METADATA, signatures: [CURRENT] },
        },
      },
    ],
    [
      'a version without signatures',
      { evidence: { status: 'unattested', metadata: METADATA } },
    ],
    [
      'a version whose evidence could not be had',
      { evidence: { status: 'unavailable', code: 'timeout', message: 'slow' } },
    ],
    [
      'what is out of scope',
      {
        registry: null,
        askedAt: null,
        evidence: { status: 'not-applicable', reason: 'git' },
      },
    ],
  ])('%s', async (_what, more) => {
    const registry = registryWith({ x: found({ '1.2.3': TIME }) });
    const collected = [signed('x', '1.2.3', more)];
    expect(await askTimes(collected, { registry })).toEqual(collected);
    expect(registry.asked).toEqual([]);
  });

  it('nothing', async () => {
    expect(await askTimes([], { registry: registryWith({}) })).toEqual([]);
  });
});

describe('a time', () => {
  it.each<[string, unknown, string | null]>([
    ['as npm writes it', TIME, TIME],
    ['in whole seconds', '2024-11-02T10:14:07Z', '2024-11-02T10:14:07.000Z'],
    ['finer', '2024-11-02T10:14:07.1239999Z', '2024-11-02T10:14:07.123Z'],
    ['on a leap day', '2024-02-29T00:00:00.000Z', '2024-02-29T00:00:00.000Z'],
    ['on a leap day that is none', '2023-02-29T00:00:00.000Z', null],
    ['on 30 February', '2024-02-30T00:00:00.000Z', null],
    ['in a 13th month', '2024-13-01T00:00:00.000Z', null],
    ['at 24 hours', '2024-11-02T24:00:00.000Z', null],
    ['at 25 hours', '2024-11-02T25:00:00.000Z', null],
    ['in another zone', '2024-11-02T10:14:07.123+02:00', null],
    ['in no zone', '2024-11-02T10:14:07.123', null],
    ['in lower case', '2024-11-02t10:14:07.123z', null],
    ['without a time of day', '2024-11-02', null],
    ['without a day', '2024-11', null],
    ['in a far year', '+012024-11-02T10:14:07.123Z', null],
    ['in words', 'Sat, 02 Nov 2024 10:14:07 GMT', null],
    ['with space before', ` ${TIME}`, null],
    ['with a line break after', `${TIME}\n`, null],
    ['in other digits', '٢٠٢٤-11-02T10:14:07.123Z', null],
    ['empty', '', null],
    ['as a number', 1730542447123, null],
    ['as a list', [TIME], null],
    ['as an object', { '1.2.3': TIME }, null],
    ['null', null, null],
  ])('is read strictly: %s', async (_how, time, expected) => {
    const registry = registryWith({ x: found({ '1.2.3': time }) });
    const [x] = await askTimes([signed('x')], { registry });
    expect(timeIn(x)).toEqual(expected === null ? null : new Date(expected));
  });

  it.each<[string, RegistryAnswer]>([
    ['of another version', found({ '1.2.4': TIME, modified: TIME })],
    ['that is inherited', bytes(`{"__proto__":{"1.2.3":"${TIME}"}}`)],
    ['said twice', bytes(`{"1.2.3":"${TIME}","1.2.3":"${TIME}"}`)],
    ['that breaks off', bytes(`{"1.2.3":"${TIME}"`)],
    ['on its own', found(TIME)],
    ['in a list', found([TIME])],
    [
      'beside too much',
      found({ '1.2.3': TIME, x: ' '.repeat(MAX_TIMES_BYTES) }),
    ],
    ['that is nowhere', found(null)],
    ['of a package that is not there', { status: 'absent' }],
    [
      'that cannot be had',
      { status: 'unavailable', code: 'server-error', message: '503' },
    ],
  ])('is unknown: one %s', async (_what, answer) => {
    const registry = registryWith({ x: answer, y: found({ '1.2.3': TIME }) });
    const collected = await askTimes([signed('x'), signed('y')], { registry });
    expect(collected.map(timeIn)).toEqual([null, new Date(TIME)]);
  });

  it.each(['constructor', 'toString', '__proto__'])(
    'is not inherited by a version named %s',
    async (version) => {
      const registry = registryWith({ x: found({ '1.2.3': TIME }) });
      const [x] = await askTimes([signed('x', version)], { registry });
      expect(timeIn(x)).toBeNull();
    },
  );
});

describe('the questions', () => {
  const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
  const collected = names.map((name) => signed(name));

  it.each([1, 3, 16])('go out %i at a time', async (concurrency) => {
    let running = 0;
    let peak = 0;
    const registry = {
      async ask({ id }: RegistryRequest): Promise<RegistryAnswer> {
        running += 1;
        peak = Math.max(peak, running);
        // Later ones answer earlier.
        const turns = 20 - Number(id.name.slice(1));
        for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
        running -= 1;
        return found({ '1.2.3': `2024-11-02T10:14:${turns + 10}Z` });
      },
    };
    const answered = await askTimes(collected, { registry, concurrency });
    expect(answered.map(({ dependency }) => dependency.id.name)).toEqual(names);
    expect(answered.map(timeIn)).toEqual(
      names.map((_, index) => new Date(`2024-11-02T10:14:${30 - index}Z`)),
    );
    expect(peak).toBe(concurrency);
  });

  it('end with the signal', async () => {
    const deadline = new AbortController();
    let asked = 0;
    const registry = {
      ask(): Promise<RegistryAnswer> {
        asked += 1;
        if (asked === 3) deadline.abort();
        return Promise.resolve(found({ '1.2.3': TIME }));
      },
    };
    const { signal } = deadline;
    const answered = await askTimes(collected, {
      registry,
      concurrency: 1,
      signal,
    });
    expect(asked).toBe(3);
    expect(answered.filter((each) => timeIn(each) === null)).toHaveLength(17);
  });

  it('do not hide a fault of the port', async () => {
    const registry = { ask: () => Promise.reject(new TypeError('a bug')) };
    await expect(askTimes(collected, { registry })).rejects.toThrow('a bug');
  });
});

function bytes(text: string): RegistryAnswer {
  return { status: 'found', body: Buffer.from(text) };
}

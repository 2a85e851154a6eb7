import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  FoundAnswer,
  RegistryAnswer,
  RegistryRequest,
} from '../../src/evidence/registry.js';
import {
  createCachedRegistry,
  METADATA_AGE_MS,
} from '../../src/io/cached-registry.js';
import { openEvidenceStore } from '../../src/io/evidence-store.js';

const id = { name: 'left-pad', version: '1.3.0' };
const request = (
  kind: RegistryRequest['kind'],
  change: Partial<RegistryRequest> = {},
): RegistryRequest => ({ kind, id, registry: 'https://a.example/', ...change });

const VERSION = request('version');
const DOCUMENT = request('attestations');
const TIMES = request('publish-time');

const json = (value: unknown): FoundAnswer => ({
  status: 'found',
  body: Buffer.from(JSON.stringify(value)),
});
const PLAIN = json({ ...id, dist: {} });
const ADVERTISING = json({ ...id, dist: { attestations: { url: 'x' } } });
const TIMES_OF_IT = json({ '1.3.0': '2020-01-01T00:00:00Z' });
const ATTESTED = json({ attestations: [{ predicateType: 'p', bundle: {} }] });

let folder: string;
let now: Date;
let asked: RegistryRequest[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cached-registry-'));
  now = new Date('2026-03-01T00:00:00Z');
  asked = [];
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface RunOptions {
  readonly credentials?: string | null;
  readonly anyAge?: boolean;
  readonly isFresh?: boolean;
}

/** As `askAndRead`, without what the answer was read as. */
async function ask(
  ...args: Parameters<typeof askAndRead>
): Promise<Readonly<Record<string, unknown>>> {
  return { ...(await askAndRead(...args)), reading: undefined };
}

/** One run of the program that asks once, where the registry says `answer`. */
async function askAndRead(
  question: RegistryRequest,
  answer: RegistryAnswer,
  options: RunOptions = {},
): Promise<RegistryAnswer> {
  const { credentials = null, anyAge = false, isFresh = false } = options;
  const store = await openEvidenceStore(folder, { now: () => now });
  const registry = {
    ask: (each: RegistryRequest) => {
      asked.push(each);
      return Promise.resolve(answer);
    },
  };
  const cached = createCachedRegistry(registry, {
    ...{ store, anyAge },
    now: () => now,
    credentialsOf: () => credentials,
  });
  if (isFresh) cached.refresh();
  const result = await cached.ask(question, new AbortController().signal);
  await store.close();
  return result;
}

/** The answer as a later run gets it. */
const kept = (answer: RegistryAnswer): RegistryAnswer =>
  answer.status === 'found' ? { ...answer, isKept: true } : answer;

const later = (ms: number): void => {
  now = new Date(now.getTime() + ms);
};

const OTHER: RegistryAnswer = {
  status: 'unavailable',
  code: 'network',
  message: 'gone',
};

describe('what is kept', () => {
  it.each([
    ['no attestations, for a day', VERSION, PLAIN, METADATA_AGE_MS],
    ['metadata, for a day', VERSION, ADVERTISING, METADATA_AGE_MS],
    ['publish times, for a day', TIMES, TIMES_OF_IT, METADATA_AGE_MS],
  ])('%s', async (_what, question, answer, age) => {
    await ask(question, answer);
    later(age - 1);
    expect(await ask(question, OTHER)).toEqual(kept(answer));
    expect(asked).toHaveLength(1);
    later(1);
    expect(await ask(question, OTHER)).toEqual(OTHER);
  });

  it('a document for good', async () => {
    await ask(DOCUMENT, ATTESTED);
    later(1000 * METADATA_AGE_MS);
    expect(await ask(DOCUMENT, OTHER)).toEqual(kept(ATTESTED));
  });

  it('nothing from a time that is still to come', async () => {
    await ask(VERSION, PLAIN);
    later(-60_000);
    expect(await ask(VERSION, OTHER)).toEqual(OTHER);
  });

  it.each<[string, RegistryRequest, RegistryAnswer]>([
    ['a failure', VERSION, OTHER],
    ['a version that is not there', VERSION, { status: 'absent' }],
    ['attestations that are not there', DOCUMENT, { status: 'absent' }],
    ['an empty list', DOCUMENT, json({ attestations: [] })],
    ['a malformed document', DOCUMENT, json({ attestations: 1 })],
    ['metadata of another version', VERSION, json({ ...id, version: '1.3.1' })],
    [
      'a page for people',
      VERSION,
      { status: 'found', body: Buffer.from('<html>') },
    ],
    [
      'times that are not JSON',
      TIMES,
      { status: 'found', body: Buffer.from('{') },
    ],
  ])('not %s', async (_what, question, answer) => {
    expect(await ask(question, answer)).toEqual(answer);
    expect(await ask(question, OTHER)).toEqual(OTHER);
    expect(asked).toHaveLength(2);
  });

  it('nothing that has gone since', async () => {
    await ask(VERSION, PLAIN);
    later(METADATA_AGE_MS);
    await ask(VERSION, { status: 'absent' });
    expect(await ask(VERSION, OTHER, { anyAge: true })).toEqual(OTHER);
  });

  it('what a failure leaves standing', async () => {
    await ask(VERSION, PLAIN);
    later(METADATA_AGE_MS);
    await ask(VERSION, OTHER);
    expect(await ask(VERSION, OTHER, { anyAge: true })).toEqual(kept(PLAIN));
  });
});

describe('for whom', () => {
  it.each<[string, Partial<RegistryRequest>]>([
    ['registry', { registry: 'https://b.example/' }],
    ['folder of a registry', { registry: 'https://a.example/npm/' }],
    ['version', { id: { ...id, version: '1.3.1' } }],
    ['package', { id: { ...id, name: 'right-pad' } }],
    ['kind', { kind: 'attestations' }],
  ])('not for another %s', async (_what, change) => {
    await ask(VERSION, PLAIN);
    expect(await ask(request('version', change), OTHER)).toEqual(OTHER);
  });

  it('times for all versions of a package', async () => {
    const times = json({});
    await ask(TIMES, times);
    const other = { id: { ...id, version: '1.3.1' } };
    expect(await ask(request('publish-time', other), OTHER)).toEqual(
      kept(times),
    );
  });

  it('a history, for the versions that it lists and no others', async () => {
    const history = json({ name: id.name, versions: { '1.3.0': {} } });
    await ask(request('history'), history);
    expect(await ask(request('history'), OTHER)).toEqual(kept(history));
    const newer = request('history', { id: { ...id, version: '1.3.1' } });
    expect(await ask(newer, OTHER)).toEqual(OTHER);
  });

  it('no history of another package', async () => {
    const history = json({ name: 'other', versions: { '1.3.0': {} } });
    await ask(request('history'), history);
    expect(await ask(request('history'), OTHER)).toEqual(OTHER);
  });

  it.each([
    ['some', null],
    [null, 'some'],
    ['some', 'others'],
  ])('had with credentials %j, not where they are %j', async (had, has) => {
    await ask(VERSION, PLAIN, { credentials: had });
    expect(await ask(VERSION, OTHER, { credentials: has })).toEqual(OTHER);
    const same = await ask(VERSION, OTHER, { credentials: had });
    expect(same).toEqual(kept(PLAIN));
  });
});

describe('what is read on the way', () => {
  it.each<[string, RegistryRequest, RegistryAnswer, unknown]>([
    ['metadata', VERSION, PLAIN, { version: { status: 'parsed' } }],
    ['a document', DOCUMENT, ATTESTED, { attestations: { status: 'parsed' } }],
    [
      'a hostile document',
      DOCUMENT,
      json({ attestations: 1 }),
      { attestations: { status: 'malformed' } },
    ],
    ['times', TIMES, TIMES_OF_IT, { times: { status: 'ok' } }],
    [
      'a history',
      request('history'),
      json({ name: id.name, versions: {} }),
      { history: { status: 'known' } },
    ],
  ])('comes with the answer: %s', async (_what, question, answer, reading) => {
    expect(await askAndRead(question, answer)).toMatchObject({ reading });
  });
});

describe('what is not in the bytes', () => {
  const CUT: RegistryAnswer = { ...PLAIN, notes: ['from-packument'] };
  const CUT_ATTESTED: RegistryAnswer = {
    ...ADVERTISING,
    notes: ['from-packument'],
  };

  it('is kept beside them, as long as they are', async () => {
    expect(await ask(VERSION, CUT)).toEqual(CUT);
    expect(await ask(VERSION, OTHER)).toEqual(kept(CUT));
    later(METADATA_AGE_MS);
    expect(await ask(VERSION, PLAIN)).toEqual(PLAIN);
    expect(await ask(VERSION, OTHER)).toEqual(kept(PLAIN));
  });

  it('there were attestations: said of each answer that names none', async () => {
    const gone = { ...PLAIN, notes: ['attested-before'] };
    await ask(VERSION, ADVERTISING);
    await ask(DOCUMENT, ATTESTED);
    for (let run = 0; run < 3; run += 1) {
      later(METADATA_AGE_MS);
      expect(await ask(VERSION, PLAIN)).toEqual(gone);
      // Asked again each time: the next answer may be a better one.
      expect(await ask(VERSION, PLAIN)).toEqual(gone);
    }
    expect(await ask(VERSION, OTHER, { anyAge: true })).toEqual({
      ...gone,
      isKept: true,
    });
    expect(await ask(VERSION, ADVERTISING)).toEqual(ADVERTISING);
  });

  it('both at once', async () => {
    await ask(VERSION, CUT_ATTESTED);
    await ask(DOCUMENT, ATTESTED);
    later(METADATA_AGE_MS);
    expect(await ask(VERSION, CUT)).toEqual({
      ...PLAIN,
      notes: ['attested-before', 'from-packument'],
    });
  });
});

describe('a cache cannot make evidence disappear', () => {
  it('metadata without attestations is not believed beside a document', async () => {
    await ask(DOCUMENT, ATTESTED);
    await ask(VERSION, PLAIN);
    expect(await ask(VERSION, ADVERTISING)).toEqual(ADVERTISING);
    expect(asked).toHaveLength(3);
  });

  it('changed metadata lets the document be asked for anew', async () => {
    await ask(VERSION, ADVERTISING);
    await ask(DOCUMENT, ATTESTED);
    later(METADATA_AGE_MS);
    await ask(VERSION, ADVERTISING);
    expect(await ask(DOCUMENT, OTHER)).toEqual(kept(ATTESTED));
    later(METADATA_AGE_MS);
    const changed = { ...id, dist: { attestations: { url: 'y' } } };
    await ask(VERSION, json(changed));
    expect(await ask(DOCUMENT, OTHER)).toEqual(OTHER);
  });

  it('refreshed, it uses nothing and replaces what was kept', async () => {
    await ask(VERSION, PLAIN);
    later(1000);
    const answer = await ask(VERSION, ADVERTISING, { isFresh: true });
    expect(answer).toEqual(ADVERTISING);
    expect(await ask(VERSION, OTHER)).toEqual(kept(ADVERTISING));
  });

  it('is passed over where its answer was of no use, and heals', async () => {
    await ask(VERSION, PLAIN);
    later(1000);
    const anew = { ...VERSION, anew: true } as const;
    expect(await ask(anew, ADVERTISING)).toEqual(ADVERTISING);
    expect(await ask(VERSION, OTHER)).toEqual(kept(ADVERTISING));
    expect(asked).toHaveLength(2);
  });
});

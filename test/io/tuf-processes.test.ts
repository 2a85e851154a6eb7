import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTufMirror, type TufMirror } from '../../fixtures/tuf-mirror.js';
import {
  createTufRepository,
  type TufRepository,
} from '../../fixtures/tuf-repository.js';
import { DEFAULT_NETWORK } from '../../src/io/http.js';
import { createTufTrustRootSource } from '../../src/io/tuf-trust-root.js';
import { daysLater, HOST, KEYS, textsOf } from './tuf-scene.js';

/**
 * A whole process that refreshes as the program does, from what `npm test` has
 * built, and prints where its trust root is from and what it says.
 */
const PROGRAM = `
  const [mirrorUrl, rootFile, cacheDir, now] = process.argv.slice(1);
  const { createTufTrustRootSource } = await import(
    ${JSON.stringify(new URL('../../dist/src/io/tuf-trust-root.js', import.meta.url).href)}
  );
  const { DEFAULT_NETWORK } = await import(
    ${JSON.stringify(new URL('../../dist/src/io/http.js', import.meta.url).href)}
  );
  const { readFileSync } = await import('node:fs');
  const source = createTufTrustRootSource({
    mirrorUrl, cacheDir,
    rootFile: readFileSync(rootFile),
    network: { ...DEFAULT_NETWORK, noProxy: '127.0.0.1' },
    now: () => new Date(now),
    warn: (message) => { throw new Error(message); },
  });
  const { origin, trustedRoot } = await source.load(
    [${JSON.stringify(HOST)}], new AbortController().signal,
  );
  process.stdout.write(origin + ': ' + Buffer.from(trustedRoot).toString());
`;
const KILLS = 10;
/** Days between runs, so that each of them refreshes. */
const DAYS = 2;
/** Six files, of which each is asked for and answered. */
const STEPS = 12;

let repository: TufRepository;
let mirror: TufMirror;
let folder: string;
let cacheDir: string;
let onStep: () => void;

beforeEach(async () => {
  repository = createTufRepository({
    targets: targetsOf('root 0'),
    registryKeys: new Map([[HOST, Buffer.from(KEYS)]]),
  });
  onStep = () => undefined;
  mirror = await startTufMirror(repository, () => {
    onStep();
  });
  folder = await mkdtemp(join(tmpdir(), 'tuf-processes-'));
  cacheDir = join(folder, 'cache');
  await writeFile(join(folder, 'root.json'), repository.rootJson);
});

afterEach(async () => {
  await mirror.close();
  await rm(folder, { recursive: true });
});

function targetsOf(text: string): ReadonlyMap<string, Uint8Array> {
  return new Map([['trusted_root.json', Buffer.from(text)]]);
}

function start(now: Date): ChildProcess {
  const root = join(folder, 'root.json');
  const args = [mirror.url, root, cacheDir, now.toISOString()];
  return spawn(
    process.execPath,
    ['--input-type=module', '--eval', PROGRAM, '--', ...args],
    { env: { PATH: process.env['PATH'], TMPDIR: folder } },
  );
}

async function outcomeOf(child: ChildProcess): Promise<string> {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  }
  await once(child, 'close');
  return text;
}

/** The same in this process; the trusted root's text. */
async function load(now: Date): Promise<string> {
  const warnings: string[] = [];
  const source = createTufTrustRootSource({
    ...{ mirrorUrl: mirror.url, cacheDir, now: () => now },
    rootFile: repository.rootJson,
    network: { ...DEFAULT_NETWORK, noProxy: '127.0.0.1' },
    warn: (message) => warnings.push(message),
  });
  const documents = await source.load([HOST], new AbortController().signal);
  expect(warnings).toEqual([]);
  const { trustedRoot, keys } = textsOf(documents);
  expect(keys).toBe(KEYS);
  return trustedRoot;
}

/** Whole numbers from 1 to `most`, the same ones each time (mulberry32). */
function createDice(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return 1 + (((mixed ^ (mixed >>> 14)) >>> 0) % most);
  };
}

/** Kills `child` at the `step`-th thing that happens at the mirror. */
function killAt(step: number, child: ChildProcess): void {
  let steps = 0;
  onStep = () => {
    steps += 1;
    if (steps === step) child.kill('SIGKILL');
  };
}

describe('processes that share a cache', () => {
  it('U18 all succeed, and leave it valid', async () => {
    const children = [0, 1, 2].map(() => start(daysLater(0)));
    const outcomes = await Promise.all(children.map(outcomeOf));
    for (const outcome of outcomes) {
      expect(outcome).toMatch(/^(?:tuf|cache): root 0$/);
    }
    expect(await readdir(cacheDir)).toHaveLength(1);
    const asked = mirror.requests.length;
    expect(await load(daysLater(0.1))).toBe('root 0');
    expect(mirror.requests).toHaveLength(asked);
  });

  it('killed at ten moments of a refresh, they leave one that the next run works from', async () => {
    const roll = createDice(20_261_124);
    let kept: string | null = null;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const now = daysLater(kill * DAYS);
      const text = `root ${kill}`;
      repository.publish({ targets: targetsOf(text) });
      const child = start(now);
      // One of them at the very end, where the cache is written.
      const step = kill === KILLS ? STEPS : roll(STEPS);
      killAt(step, child);
      await outcomeOf(child);
      if (step < STEPS) expect(child.signalCode).toBe('SIGKILL');
      onStep = () => undefined;
      if (kept !== null) {
        // Cut off from the network, by what was there before or by the new.
        mirror.faults.set('*', { kind: 'status', status: 503 });
        expect([kept, text]).toContain(await load(now));
        mirror.faults.clear();
      }
      expect(await load(now)).toBe(text);
      kept = text;
    }
  });
});

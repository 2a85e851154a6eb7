import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/io/evidence-pack.js';
import { openEvidenceStore } from '../../src/io/evidence-store.js';

let folder: string;
let now: Date;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evidence-store-'));
  now = new Date('2026-03-01T00:00:00Z');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const keyOf = (name: string): string => sha256Hex(name);
const open = (maxBytes?: number) =>
  openEvidenceStore(folder, {
    now: () => now,
    ...(maxBytes !== undefined && { maxBytes }),
  });

async function keep(entries: Record<string, string>, maxBytes?: number) {
  const store = await open(maxBytes);
  for (const [name, text] of Object.entries(entries)) {
    store.add(keyOf(name), Buffer.from(text));
  }
  await store.close();
}

async function read(name: string): Promise<string | null> {
  const store = await open();
  const found = await store.find(keyOf(name));
  await store.close();
  return found === null ? null : Buffer.from(found.body).toString();
}

async function packs(): Promise<readonly string[]> {
  return (await readdir(folder)).map((name) => join(folder, name));
}

async function onlyPack(): Promise<string> {
  const [path = '', ...others] = await packs();
  expect(others).toEqual([]);
  return path;
}

describe('the evidence store', () => {
  it('finds in a later run what was added, and nothing else', async () => {
    await keep({ one: 'first', other: 'second' });
    expect(await read('one')).toBe('first');
    expect(await read('other')).toBe('second');
    expect(await read('third')).toBeNull();
  });

  it('writes nothing where nothing is added', async () => {
    await keep({});
    expect(await packs()).toEqual([]);
  });

  it('stores equal bodies once', async () => {
    await keep({ one: 'x'.repeat(10_000), other: 'x'.repeat(10_000) });
    expect((await lstat(await onlyPack())).size).toBeLessThan(11_000);
  });

  it('gives what was added last', async () => {
    await keep({ one: 'old' });
    now = new Date(now.getTime() + 1000);
    await keep({ one: 'new' });
    expect(await read('one')).toBe('new');
  });

  it('finds nothing that was forgotten, until it is added again', async () => {
    await keep({ one: 'old', other: 'kept' });
    now = new Date(now.getTime() + 1000);
    const store = await open();
    store.forget(keyOf('one'));
    expect(store.has(keyOf('one'))).toBe(false);
    await store.close();
    expect(await read('one')).toBeNull();
    expect(await read('other')).toBe('kept');
    now = new Date(now.getTime() + 1000);
    await keep({ one: 'new' });
    expect(await read('one')).toBe('new');
  });

  it('does not believe what is from the future', async () => {
    await keep({ one: 'early' });
    now = new Date('2026-02-28T22:59:59Z');
    expect(await read('one')).toBeNull();
    now = new Date('2026-02-28T23:00:01Z');
    expect(await read('one')).toBe('early');
  });

  it('is readable for its user only', async () => {
    await keep({ one: 'first' });
    expect((await lstat(await onlyPack())).mode & 0o777).toBe(0o600);
  });

  it('two runs at once both keep what they add', async () => {
    const [one, other] = [await open(), await open()];
    one.add(keyOf('one'), Buffer.from('first'));
    other.add(keyOf('other'), Buffer.from('second'));
    await Promise.all([one.close(), other.close()]);
    expect(await read('one')).toBe('first');
    expect(await read('other')).toBe('second');
  });

  it('survives that another run removes its packs', async () => {
    await keep({ one: 'first' });
    const store = await open();
    await rm(await onlyPack());
    expect(await store.find(keyOf('one'))).not.toBeNull();
    await store.close();
    expect(await read('one')).toBeNull();
  });

  it('keeps a word beside a body, through merging too', async () => {
    const keepOne = async (name: string, note?: string): Promise<void> => {
      const store = await open();
      store.add(keyOf(name), Buffer.from(name), note);
      await store.close();
    };
    await keepOne('with', 'a word');
    for (let run = 0; run < 12; run += 1) await keepOne(`run ${run}`);
    expect((await packs()).length).toBeLessThan(12);
    const store = await open();
    expect(await store.find(keyOf('with'))).toMatchObject({ note: 'a word' });
    expect(await store.find(keyOf('run 3'))).not.toHaveProperty('note');
    await store.close();
  });

  it('merges many packs and loses nothing', async () => {
    for (let run = 0; run < 12; run += 1) {
      now = new Date(now.getTime() + 1000);
      await keep({ [`name ${run}`]: `text ${run}`, shared: `run ${run}` });
    }
    expect((await packs()).length).toBeLessThan(10);
    for (let run = 0; run < 12; run += 1) {
      expect(await read(`name ${run}`)).toBe(`text ${run}`);
    }
    expect(await read('shared')).toBe('run 11');
  });

  it('stays within its bound: what was of no use for longest goes', async () => {
    for (const name of ['one', 'two', 'three']) {
      now = new Date(now.getTime() + 1000);
      await keep({ [name]: name.repeat(1000) });
      for (const path of await packs()) {
        if ((await readFile(path, 'utf8')).startsWith(name)) {
          await utimes(path, now, now);
        }
      }
    }
    now = new Date(now.getTime() + 1000);
    expect(await read('one')).not.toBeNull();
    now = new Date(now.getTime() + 1000);
    await keep({ four: 'four'.repeat(1000) }, 13_000);
    expect(await read('one')).not.toBeNull();
    expect(await read('two')).toBeNull();
    expect(await read('four')).not.toBeNull();
  });
});

describe('a damaged store', () => {
  it('F02 cut off anywhere gives nothing, and heals', async () => {
    await keep({ one: 'first' });
    const path = await onlyPack();
    const whole = await readFile(path);
    for (let length = 0; length < whole.length; length += 7) {
      await writeFile(path, whole);
      await truncate(path, length);
      expect(await read('one')).toBeNull();
      await keep({ one: 'again' });
      expect(await read('one')).toBe('again');
      for (const other of await packs()) await rm(other);
    }
  });

  it('F02 with any byte changed never gives another body', async () => {
    await keep({ one: 'first' });
    const path = await onlyPack();
    const whole = await readFile(path);
    for (let at = 0; at < whole.length; at += 1) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await writeFile(path, changed);
      expect(await read('one')).toBeNull();
    }
    await writeFile(path, whole);
    expect(await read('one')).toBe('first');
  });

  it('F02 of another format, empty or JSON gives nothing', async () => {
    for (const text of ['', '{}', '[]', 'x'.repeat(500)]) {
      await writeFile(join(folder, `${'0'.repeat(32)}.pack`), text);
      expect(await read('one')).toBeNull();
    }
  });

  it('does not follow a link, and removes no file that is not its own', async () => {
    await keep({ one: 'first' });
    const path = await onlyPack();
    const elsewhere = join(folder, 'elsewhere');
    await mkdir(elsewhere);
    const target = join(elsewhere, 'target');
    await writeFile(target, await readFile(path));
    await rm(path);
    await symlink(target, path);
    await writeFile(join(folder, 'notes.txt'), 'mine');
    expect(await read('one')).toBeNull();
    await keep({ other: 'second' });
    expect(await readFile(target)).not.toHaveLength(0);
    expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('F10 what a killed run left beside its name is not read, and goes', async () => {
    await keep({ one: 'first' });
    const aside = join(folder, `${'a'.repeat(32)}.tmp`);
    await writeFile(aside, await readFile(await onlyPack()));
    await rm((await packs()).find((name) => name.endsWith('.pack')) ?? '');
    expect(await read('one')).toBeNull();
    const yesterday = new Date(Date.now() - 86_400_000);
    await utimes(aside, yesterday, yesterday);
    await keep({ other: 'second' });
    expect(await packs()).not.toContain(aside);
  });
});

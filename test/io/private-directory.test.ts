import { access, chmod, chown, lstat, mkdir, mkdtemp } from 'node:fs/promises';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createTemporaryDirectory,
  openPrivateDirectory,
} from '../../src/io/private-directory.js';

let folder: string;
let path: string;
let warnings: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'private-directory-'));
  path = join(folder, 'a', 'b');
  warnings = [];
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const warn = (message: string): void => void warnings.push(message);
const isRoot = process.getuid?.() === 0;

async function make(mode: number): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, mode);
}

describe('openPrivateDirectory', () => {
  it.each<[string, () => Promise<void>]>([
    ['is absent', () => Promise.resolve()],
    ['is private', () => make(0o700)],
    ['can be read by others', () => make(0o755)],
  ])('uses a directory that %s, and keeps it', async (_what, prepare) => {
    await prepare();
    const directory = openPrivateDirectory(path, warn);
    expect(directory.path).toBe(path);
    directory.dispose();
    expect((await lstat(path)).isDirectory()).toBe(true);
    expect(warnings).toEqual([]);
  });

  it('creates it, and what is missing above it, for this user only', async () => {
    openPrivateDirectory(path, warn);
    for (const created of [path, join(folder, 'a')]) {
      expect((await lstat(created)).mode & 0o777).toBe(0o700);
    }
  });

  const REFUSED: [string, () => Promise<void>, RegExp][] = [
    ['writable for all', () => make(0o707), /other users can write/],
    ['writable for the group', () => make(0o770), /other users can write/],
    [
      'a link to a private directory',
      async () => {
        await mkdir(join(folder, 'a'));
        await symlink(folder, path);
      },
      /symbolic link/,
    ],
    [
      'a link to nowhere',
      async () => {
        await mkdir(join(folder, 'a'));
        await symlink(join(folder, 'nowhere'), path);
      },
      /symbolic link|cannot be created/,
    ],
    [
      'a file',
      async () => {
        await mkdir(join(folder, 'a'));
        await writeFile(path, '');
      },
      /cannot be created \(EEXIST\)/,
    ],
    [
      'below a file',
      () => writeFile(join(folder, 'a'), ''),
      /cannot be created \(ENOTDIR\)/,
    ],
  ];
  if (isRoot) {
    REFUSED.push([
      "somebody else's",
      async () => {
        await make(0o700);
        await chown(path, 12_345, 12_345);
      },
      /another user/,
    ]);
  }

  it.each(REFUSED)('refuses one that is %s', async (_what, prepare, why) => {
    await prepare();
    const directory = openPrivateDirectory(path, warn);
    expect(directory.path.startsWith(folder)).toBe(false);
    expect((await lstat(directory.path)).mode & 0o777).toBe(0o700);
    directory.dispose();
    await expect(access(directory.path)).rejects.toThrow('ENOENT');
    expect(warnings).toEqual([expect.stringMatching(why)]);
    expect(warnings[0]).toContain(path);
  });
});

describe('createTemporaryDirectory', () => {
  it('makes a new one each time and removes it with its content', async () => {
    const one = createTemporaryDirectory();
    const two = createTemporaryDirectory();
    expect(one.path).not.toBe(two.path);
    await writeFile(join(one.path, 'file'), '');
    one.dispose();
    two.dispose();
    await expect(access(one.path)).rejects.toThrow('ENOENT');
  });

  it('says so in one line where none can be made', () => {
    const { TMPDIR } = process.env;
    process.env['TMPDIR'] = join(folder, 'nowhere');
    try {
      expect(createTemporaryDirectory).toThrow(
        expect.objectContaining({
          code: 'TRUST_ROOT_UNAVAILABLE',
          message: expect.stringMatching(
            /^no temporary directory can be made in \S+nowhere: no such file/,
          ) as unknown,
        }) as Error,
      );
    } finally {
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
    }
  });
});

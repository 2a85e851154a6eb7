import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdir,
  mkdtemp,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  findRepository,
  readPolicyFile,
  readProjectPolicy,
} from '../../src/io/policy-files.js';
import { RULES } from '../../src/policy/rules/index.js';

const VALID = 'version: 1\n';
let base: string;
let count = 0;
/** A repository of its own for each test. */
let root: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'policy-files-'));
});

beforeEach(async () => {
  count += 1;
  root = join(base, `repository-${count}`);
  await mkdir(join(root, '.git'), { recursive: true });
});

afterAll(async () => {
  await rm(base, { recursive: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

function refused(message: string) {
  return { code: 'POLICY_INVALID', message };
}

describe('readProjectPolicy', () => {
  it('finds none where there is none', async () => {
    expect(await readProjectPolicy(root)).toBeNull();
    await write('package.json', '{"name": "x", "name": "y"}');
    expect(await readProjectPolicy(root)).toBeNull();
  });

  it.each([
    ['provenance-audit.yaml', 'version: 1\ncoverage: { all: 60% }'],
    ['provenance-audit.yml', 'version: 1\ncoverage: { all: 60% }'],
    ['provenance-audit.json', '{"version": 1, "coverage": {"all": "60%"}}'],
    [
      'package.json',
      '{"provenanceAudit": {"version": 1, "coverage": {"all": "60%"}}}',
    ],
  ])('reads %s', async (path, text) => {
    await write(path, text);
    expect(await readProjectPolicy(root)).toMatchObject({
      origin: 'file',
      path,
      ref: null,
      sha256: createHash('sha256').update(text).digest('hex'),
      coverage: { all: { text: '60%', hundredths: 6000 } },
    });
  });

  it('knows every rule of the catalogue', async () => {
    const levels = RULES.map(({ id }) => `  ${id}: error`).join('\n');
    await write('provenance-audit.yaml', `${VALID}rules:\n${levels}\n`);
    const policy = await readProjectPolicy(root);
    expect([...(policy?.rules.keys() ?? [])]).toEqual(
      RULES.map(({ id }) => id),
    );
  });

  it('reads what a package of a monorepo extends, outside of its folder', async () => {
    await write('common/policy.yaml', `${VALID}minimumReleaseAge: 1h\n`);
    await write(
      'apps/a/provenance-audit.yaml',
      `${VALID}extends: ../../common/policy.yaml\n`,
    );
    expect(await readProjectPolicy(join(root, 'apps/a'))).toMatchObject({
      path: 'apps/a/provenance-audit.yaml',
      minimumReleaseAge: 3_600_000,
    });
  });

  it('follows a link that stays in the repository', async () => {
    await write('common/policy.yaml', VALID);
    await symlink('common/policy.yaml', join(root, 'provenance-audit.yaml'));
    expect(await readProjectPolicy(root)).toMatchObject({
      path: 'provenance-audit.yaml',
    });
  });

  it('refuses two policies, naming both', async () => {
    await write('provenance-audit.yaml', VALID);
    await write('package.json', '{"provenanceAudit": {"version": 1}}');
    await expect(readProjectPolicy(root)).rejects.toMatchObject(
      refused(
        'several policies: provenance-audit.yaml and package.json (provenanceAudit); keep one of them',
      ),
    );
    await write('provenance-audit.json', '{"version": 1}');
    await expect(readProjectPolicy(root)).rejects.toMatchObject(
      refused(
        'several policies: provenance-audit.yaml and provenance-audit.json and package.json (provenanceAudit); keep one of them',
      ),
    );
  });

  it('P01: names every problem of every file, one a line', async () => {
    await write('more.yaml', `${VALID}rulez: {}\n`);
    await write(
      'provenance-audit.yaml',
      `${VALID}extends: [more.yaml, less.yaml]\n`,
    );
    await expect(readProjectPolicy(root)).rejects.toMatchObject(
      refused(
        'more.yaml:2:1: rulez: unknown key; did you mean rules?\n' +
          'provenance-audit.yaml:2:22: extends: less.yaml: no such file or folder',
      ),
    );
  });

  it.each([
    [
      'that is no JSON',
      '{"name":',
      'package.json: not JSON, so whether it holds a policy cannot be told',
    ],
    [
      'with two policies',
      '{"provenanceAudit": 1, "provenanceAudit": 2}',
      'package.json: provenanceAudit stands there twice',
    ],
  ])('P01: refuses a package.json %s', async (_what, text, message) => {
    await write('package.json', text);
    await expect(readProjectPolicy(root)).rejects.toMatchObject(
      refused(message),
    );
  });

  /** Each puts something that is no plain file under a path. */
  const OBSTACLES: readonly (readonly [
    what: string,
    put: (path: string) => Promise<unknown>,
    reason: string,
  ])[] = [
    ['a folder', (path) => mkdir(path), 'not a regular file'],
    [
      'a link to an endless device',
      (path) => symlink('/dev/zero', path),
      'a link that leads out of the repository',
    ],
    [
      'a link to a file outside',
      async (path) => {
        await writeFile(join(base, 'outside.yaml'), VALID);
        await symlink(join(base, 'outside.yaml'), path);
      },
      'a link that leads out of the repository',
    ],
    [
      'a link into node_modules',
      async (path) => {
        await write('node_modules/p/p.yaml', VALID);
        await symlink(join(root, 'node_modules/p/p.yaml'), path);
      },
      'a link that leads into node_modules',
    ],
    [
      'a link to nothing',
      (path) => symlink('nothing', path),
      'no such file or folder',
    ],
    ['a link to itself', (path) => symlink(path, path), 'a symbolic link'],
    [
      'a file of 1 GiB',
      async (path) => {
        await writeFile(path, '');
        await truncate(path, 1024 ** 3);
      },
      'larger than 1048576 bytes',
    ],
  ];

  it.each(OBSTACLES)('P13: refuses %s', async (_what, put, reason) => {
    await put(join(root, 'provenance-audit.yaml'));
    await expect(readProjectPolicy(root)).rejects.toMatchObject(
      refused(`provenance-audit.yaml: ${reason}`),
    );
  });

  it.each(OBSTACLES)(
    'P13: refuses to extend %s',
    async (_what, put, reason) => {
      await write('provenance-audit.yaml', `${VALID}extends: more.yaml\n`);
      await put(join(root, 'more.yaml'));
      await expect(readProjectPolicy(root)).rejects.toMatchObject(
        refused(`provenance-audit.yaml:2:10: extends: more.yaml: ${reason}`),
      );
    },
  );

  it('P13: refuses a pipe, without waiting for it', async ({ skip }) => {
    const made = spawnSync('mkfifo', [join(root, 'provenance-audit.yaml')]);
    skip(made.status !== 0, 'there is no mkfifo here');
    await expect(readProjectPolicy(root)).rejects.toMatchObject(
      refused('provenance-audit.yaml: not a regular file'),
    );
  });

  it('P14: refuses a file outside of the repository and a file by a link outside', async () => {
    await writeFile(join(base, 'outside.yaml'), VALID);
    await symlink(base, join(root, 'out'));
    await write(
      'provenance-audit.yaml',
      `${VALID}extends: [../outside.yaml, out/outside.yaml]\n`,
    );
    await expect(readProjectPolicy(root)).rejects.toMatchObject(
      refused(
        'provenance-audit.yaml:2:11: extends: leads out of the repository\n' +
          'provenance-audit.yaml:2:28: extends: out/outside.yaml: a link that leads out of the repository',
      ),
    );
  });
});

describe('readPolicyFile', () => {
  it('reads the file that the user named, wherever a link leads', async () => {
    await writeFile(join(base, 'outside.yaml'), VALID);
    await symlink(join(base, 'outside.yaml'), join(root, 'named.yaml'));
    expect(await readPolicyFile(join(root, 'named.yaml'))).toMatchObject({
      path: 'named.yaml',
    });
  });

  it('in the project’s repository is the project’s, and elsewhere not', async () => {
    await write('named.yaml', VALID);
    await write('folder/x', '');
    await writeFile(join(base, 'outside.yaml'), VALID);
    await symlink(join(root, 'named.yaml'), join(base, 'link.yaml'));
    const isOfProject = async (path: string, folder: string | null = root) =>
      (await readPolicyFile(path, folder)).ofProject === true;
    expect(await isOfProject(join(root, 'named.yaml'))).toBe(true);
    expect(
      await isOfProject(join(root, 'named.yaml'), join(root, 'folder')),
    ).toBe(true);
    expect(await isOfProject(join(base, 'link.yaml'))).toBe(true);
    expect(await isOfProject(join(base, 'outside.yaml'))).toBe(false);
    expect(await isOfProject(join(root, 'named.yaml'), null)).toBe(false);
  });

  it('refuses one that is not there, or no file', async () => {
    await expect(readPolicyFile(join(root, 'p.yaml'))).rejects.toMatchObject(
      refused('p.yaml: no such file or folder'),
    );
    await expect(readPolicyFile(join(root, '.git'))).rejects.toMatchObject(
      refused('.git: not a regular file'),
    );
  });
});

describe('findRepository', () => {
  it('is the folder with .git, or the folder itself', async () => {
    await write('a/b/c.txt', '');
    expect(await findRepository(join(root, 'a/b'))).toBe(root);
    expect(await findRepository(root)).toBe(root);
    await write('a/.git', 'gitdir: elsewhere\n');
    expect(await findRepository(join(root, 'a/b'))).toBe(join(root, 'a'));
  });
});

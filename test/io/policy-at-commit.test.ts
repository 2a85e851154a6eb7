import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCommit } from '../../src/io/git.js';
import {
  findPolicyAtCommit,
  readPinsAtCommit,
  readPolicyAtCommit,
} from '../../src/io/policy-at-commit.js';
import { createRepository, type GitRepository } from './git-repository.js';

const env = { PATH: process.env['PATH'] };
let base: string;
let repository: GitRepository;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'policy-at-commit-'));
  repository = await createRepository(join(base, 'repository'));
  await repository.write('README.md', 'x');
  repository.commit();
});

afterAll(async () => {
  await rm(base, { recursive: true });
});

/** A commit of its own, with these files and no others. */
async function commitOf(
  files: Readonly<Record<string, string>>,
  { folder = '', link = null as readonly [string, string] | null } = {},
) {
  repository.git('reset', '--hard', '--quiet');
  repository.git('clean', '-fdxq');
  repository.git('rm', '-rf', '--quiet', '--ignore-unmatch', '.');
  for (const [path, text] of Object.entries(files)) {
    await repository.write(path, text);
  }
  if (link !== null) await symlink(link[0], join(repository.root, link[1]));
  const ref = repository.commit();
  const place = { folder: join(repository.root, folder), env };
  const commit = await openCommit(place, ref);
  // What lies in the working tree must make no difference.
  await repository.write(`${commit.prefix}provenance-audit.yaml`, 'no: policy');
  await repository.write(`${commit.prefix}package.json`, 'no JSON');
  return commit;
}

function refused(code: string, message: string) {
  return { code, message: expect.stringContaining(message) as unknown };
}

describe('findPolicyAtCommit', () => {
  it('finds none where there is none', async () => {
    const commit = await commitOf({
      'package.json': '{}',
      'x/provenance-audit.yaml': '',
    });
    expect(await findPolicyAtCommit(commit)).toBeNull();
    expect(await readPinsAtCommit(commit)).toBeNull();
  });

  it.each([
    ['provenance-audit.yml', 'version: 1\ncoverage: { all: 60% }'],
    [
      'package.json',
      '{"provenanceAudit": {"version": 1, "coverage": {"all": "60%"}}}',
    ],
  ])('reads %s, and says from where', async (path, text) => {
    const commit = await commitOf({ [path]: text });
    expect(await findPolicyAtCommit(commit)).toMatchObject({
      origin: 'git',
      ref: commit.ref,
      path,
      coverage: { all: { text: '60%' } },
    });
  });

  it('reads what it extends from the same commit', async () => {
    const commit = await commitOf(
      {
        'common/policy.yaml': 'version: 1\nminimumReleaseAge: 1h\n',
        'apps/a/provenance-audit.yaml':
          'version: 1\nextends: ../../common/policy.yaml\n',
      },
      { folder: 'apps/a' },
    );
    await repository.write('common/policy.yaml', 'version: 1\n');
    expect(await findPolicyAtCommit(commit)).toMatchObject({
      path: 'apps/a/provenance-audit.yaml',
      minimumReleaseAge: 3_600_000,
    });
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'two',
      { 'provenance-audit.yaml': '', 'provenance-audit.json': '' },
      ': several policies: provenance-audit.yaml and provenance-audit.json',
    ],
    [
      'what is no policy',
      { 'provenance-audit.yaml': 'version: 1\nrulez: {}\n' },
      ':provenance-audit.yaml:2:1: rulez: unknown key',
    ],
    [
      'a package.json that is no JSON',
      { 'package.json': '{' },
      ':package.json: not JSON',
    ],
    [
      'one that extends what is not there',
      { 'provenance-audit.yaml': 'version: 1\nextends: x.yaml\n' },
      ':provenance-audit.yaml:2:10: extends: x.yaml: no such file there',
    ],
    [
      'one that extends what is outside',
      { 'provenance-audit.yaml': 'version: 1\nextends: ../x.yaml\n' },
      'leads out of the repository',
    ],
  ])('refuses %s', async (_what, files, message) => {
    const commit = await commitOf(files);
    await expect(findPolicyAtCommit(commit)).rejects.toMatchObject(
      refused(
        'POLICY_INVALID',
        message.startsWith(':') ? `${commit.ref}${message}` : message,
      ),
    );
  });

  it('refuses links, as policy and as what it extends', async () => {
    const files = { 'x.yaml': 'version: 1\n' };
    const link = ['x.yaml', 'provenance-audit.yml'] as const;
    const commit = await commitOf(files, { link });
    await expect(findPolicyAtCommit(commit)).rejects.toMatchObject(
      refused('GIT_FAILED', 'a symbolic link'),
    );
    const extending = await commitOf(
      { 'provenance-audit.yaml': 'version: 1\nextends: y.yaml\n' },
      { link: ['x.yaml', 'y.yaml'] },
    );
    await expect(findPolicyAtCommit(extending)).rejects.toMatchObject(
      refused('POLICY_INVALID', 'a symbolic link'),
    );
  });
});

describe('readPolicyAtCommit', () => {
  it('reads the file that is named, and says so where it is not', async () => {
    const commit = await commitOf({ 'ci/strict.yaml': 'version: 1\n' });
    expect(await readPolicyAtCommit(commit, 'ci/strict.yaml')).toMatchObject({
      origin: 'git',
      path: 'ci/strict.yaml',
    });
    await expect(
      readPolicyAtCommit(commit, 'ci/lax.yaml'),
    ).rejects.toMatchObject(
      refused(
        'POLICY_INVALID',
        `${commit.ref}:ci/lax.yaml: no such file there`,
      ),
    );
  });
});

describe('readPinsAtCommit', () => {
  it('reads those beside the lockfile, strictly', async () => {
    const pins = '{ "version": 1, "pins": { "a@1.0.0": { "level": "none" } } }';
    const folder = 'apps/a';
    const commit = await commitOf(
      { 'apps/a/provenance.lock.json': pins, 'provenance.lock.json': 'x' },
      { folder },
    );
    expect((await readPinsAtCommit(commit))?.get('a')).toHaveLength(1);
    const other = await commitOf(
      { 'apps/a/provenance.lock.json': pins.replace('none', 'all') },
      { folder },
    );
    await expect(readPinsAtCommit(other)).rejects.toMatchObject(
      refused('POLICY_INVALID', `${other.ref}:apps/a/provenance.lock.json:1:`),
    );
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileTrustRootSource } from '../../src/io/trust-root-files.js';

const LIMIT = 4 * 1024 * 1024;
const { signal } = new AbortController();
let folder: string;
let hasPipe = false;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trust-root-files-'));
  await writeFile(at('root.json'), '{"root":1}');
  await writeFile(at('keys.json'), '{"keys":[]}');
  await writeFile(at('largest'), '');
  await truncate(at('largest'), LIMIT);
  await writeFile(at('too-large'), '');
  await truncate(at('too-large'), LIMIT + 1);
  await symlink(at('root.json'), at('link'));
  hasPipe = spawnSync('mkfifo', [at('pipe')]).status === 0;
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

function at(name: string): string {
  return join(folder, name);
}

describe('createFileTrustRootSource', () => {
  it('reads both files as they are', async () => {
    const source = createFileTrustRootSource({
      trustedRoot: at('root.json'),
      npmKeys: at('keys.json'),
    });
    expect(await source.load(['registry.example'], signal)).toEqual({
      origin: 'file',
      trustedRoot: Buffer.from('{"root":1}'),
      registryKeys: {
        scope: 'every-registry',
        keys: Buffer.from('{"keys":[]}'),
      },
      rootVersion: null,
      expires: null,
      refreshedAt: null,
    });
  });

  it.each([
    ['a link to a file', 'link', 10],
    ['a file of 4 MiB', 'largest', LIMIT],
  ])('accepts %s, and no keys', async (_what, name, size) => {
    const source = createFileTrustRootSource({
      trustedRoot: at(name),
      npmKeys: null,
    });
    const documents = await source.load(['registry.example'], signal);
    expect(documents.trustedRoot).toHaveLength(size);
    expect(documents.registryKeys).toEqual({
      scope: 'by-host',
      keys: new Map(),
    });
  });

  it.for<readonly [what: string, name: string, reason: string]>([
    ['a missing file', 'absent', 'no such file or folder'],
    ['a directory', '.', 'not a regular file'],
    ['a pipe', 'pipe', 'not a regular file'],
    ['a file over 4 MiB', 'too-large', 'larger than 4194304 bytes'],
  ])('refuses %s for either option', async ([, name, reason], { skip }) => {
    skip(name === 'pipe' && !hasPipe, 'there is no mkfifo here');
    const good = at('root.json');
    const path = at(name);
    const rows = [
      ['--trusted-root', { trustedRoot: path, npmKeys: good }],
      ['--npm-keys', { trustedRoot: good, npmKeys: path }],
    ] as const;
    for (const [option, files] of rows) {
      const load = createFileTrustRootSource(files).load([], signal);
      await expect(load).rejects.toMatchObject({
        code: 'TRUST_ROOT_INVALID',
        message: `${option} ${path}: ${reason}`,
      });
    }
  });
});

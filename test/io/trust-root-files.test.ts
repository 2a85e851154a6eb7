import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { createFileTrustRootSource } from '../../src/io/trust-root-files.js';
import { parseTrustRoot } from '../../src/verification/trust-root.js';
import { sharedArchive } from '../shared-data.js';

const archive = await sharedArchive('real-attestations');
const sigstore = await createSigstore();
const ROOT = JSON.stringify(sigstore.trustedRoot);
const KEYS = JSON.stringify(sigstore.npmKeys);
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const PUBLIC = {
  rawBytes: 'bm8ga2V5',
  keyDetails: 'PKIX_ECDSA_P256_SHA_256',
  validFor: { start: '2025-01-01T00:00:00Z' },
};

const LIMIT = 4 * 1024 * 1024;
const { signal } = new AbortController();
let folder: string;
let hasPipe = false;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trust-root-files-'));
  await writeFile(at('root.json'), ROOT);
  await writeFile(at('keys.json'), KEYS);
  await writeFile(at('largest'), ROOT.padEnd(LIMIT));
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
      trustedRoot: Buffer.from(ROOT),
      registryKeys: {
        scope: 'every-registry',
        keys: Buffer.from(KEYS),
      },
      rootVersion: null,
      expires: null,
      refreshedAt: null,
      tuf: null,
    });
  });

  it.each([
    ['a link to a file', 'link', ROOT.length],
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
    ['U20 a missing file', 'absent', 'no such file or folder'],
    ['U20 a directory', '.', 'not a regular file'],
    ['U20 a pipe', 'pipe', 'not a regular file'],
    ['U20 a file over 4 MiB', 'too-large', 'larger than 4194304 bytes'],
  ])('%s is refused for either option', async ([, name, reason], { skip }) => {
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

  const without = (...names: readonly string[]): unknown => ({
    ...(sigstore.trustedRoot as object),
    ...Object.fromEntries(names.map((name) => [name, []])),
  });

  it.each<[string, unknown, RegExp]>([
    ['U20 an empty file', '', /./],
    ['U20 no JSON', 'root', /./],
    ['U20 half of it', ROOT.slice(0, 500), /./],
    ['U20 a page', '<html>\n', /./],
    ['U20 null', null, /not a trusted root document/],
    ['U20 a list', [], /./],
    ['U20 another media type', { mediaType: 'text/plain' }, /text\/plain/],
    ['U20 a bundle', { mediaType: BUNDLE }, /found media type .*bundle/],
    ['U20 keys instead', sigstore.npmKeys, /media type/],
    [
      'U20 0 CAs',
      without('certificateAuthorities'),
      /no certificate authority/,
    ],
    [
      'U20 no log and no timestamps',
      without('tlogs', 'timestampAuthorities'),
      /no transparency log/,
    ],
  ])('%s is no trusted root', async (_what, content, reason) => {
    const text =
      typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(at('bad.json'), text);
    const path = at('bad.json');
    const files = { trustedRoot: path, npmKeys: at('keys.json') };
    const error = await errorOf(files);
    expect(error).toMatchObject({ code: 'TRUST_ROOT_INVALID' });
    expect(error.message.startsWith(`--trusted-root ${path}: `)).toBe(true);
    expect(error.message).toMatch(reason);
    expect(error.message).not.toContain('\n');
  });

  const [first, second] = (sigstore.npmKeys as { keys: readonly object[] })
    .keys;

  it.each<[string, unknown, RegExp]>([
    ['no JSON', 'keys', /./],
    ['no list', {}, /expected an object with "keys"/],
    ['a trusted root instead', sigstore.trustedRoot, /"keys"/],
    ['U13 one key twice', { keys: [first, second, first] }, /several keys/],
    ['U13 an empty id', { keys: [{ ...first, keyId: '' }] }, /no id/],
    [
      'U13 an id of __proto__',
      { keys: [{ ...first, keyId: '__proto__' }] },
      /id/,
    ],
    [
      'U13 a key that is none',
      { keys: [{ ...first, publicKey: { ...PUBLIC } }] },
      /no ECDSA key/,
    ],
  ])('%s is no file of registry keys', async (_what, content, reason) => {
    const text =
      typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(at('bad.json'), text);
    const path = at('bad.json');
    const error = await errorOf({
      trustedRoot: at('root.json'),
      npmKeys: path,
    });
    expect(error).toMatchObject({ code: 'TRUST_ROOT_INVALID' });
    expect(error.message.startsWith(`--npm-keys ${path}: `)).toBe(true);
    expect(error.message).toMatch(reason);
    expect(error.message).not.toContain('\n');
  });
});

describe.skipIf(archive === null)(
  'real trusted roots (skipped without ../shared)',
  () => {
    it.each([
      ['the public one', 'public-good-trusted_root.json'],
      [
        'that of GitHub, which has timestamps and no log',
        'github-trusted_root.json',
      ],
    ])('work as files: %s', async (_which, name) => {
      const trust = join(archive ?? '', 'trust');
      const source = createFileTrustRootSource({
        trustedRoot: join(trust, name),
        npmKeys: join(trust, 'npm-keys.json'),
      });
      const root = parseTrustRoot(await source.load([], signal));
      expect(root.origin).toBe('file');
      expect(root.keysFor('https://registry.example/')).not.toEqual([]);
      expect(root.verifierFor('https://registry.example/')).toBeDefined();
    });
  },
);

async function errorOf(
  files: Parameters<typeof createFileTrustRootSource>[0],
): Promise<Error> {
  const error: unknown = await createFileTrustRootSource(files)
    .load([], signal)
    .catch((reason: unknown) => reason);
  if (error instanceof Error) return error;
  throw new Error('expected an error');
}

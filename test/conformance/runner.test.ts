import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import {
  githubIdentity,
  withExtensions,
  withSan,
} from '../../fixtures/identities.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { main } from './main.js';
import { publicGoodTrustedRoot } from './public-good-root.js';

const ISSUER = 'https://token.actions.githubusercontent.com';
const SAN =
  'https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main';
/** Another signer than the suite's, with the same issuer. */
const OTHER_SAN = 'https://github.com/acme/widget';
const ARTIFACT = 'signed\n';
const PUBLIC_GOOD = Buffer.from(publicGoodTrustedRoot()).toString('utf8');

const sigstore = await createSigstore();
const root = await mkdtemp(join(tmpdir(), 'provenance-audit-runner-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const honestBundle = bundleOf();
const honest = JSON.stringify(honestBundle);
const message = JSON.stringify({
  ...honestBundle,
  dsseEnvelope: undefined,
  messageSignature: { signature: 'c2ln' },
});
const KEY = '-----BEGIN PUBLIC KEY-----\n';

type Files = Readonly<Record<string, string | null>>;

describe('a run over one case', () => {
  it.each<[what: string, name: string, files: Files, line: string]>([
    ['an honest bundle', 'honest', {}, 'passed (verified)'],
    ['an honest bundle that must fail', 'honest_fail', {}, 'failed (verified)'],
    [
      'the identity and issuer of the case, with a line feed',
      'own-signer',
      {
        'bundle.sigstore.json': sign(
          undefined,
          withSan(githubIdentity(), { uri: OTHER_SAN }),
        ),
        identity: `${OTHER_SAN}\n`,
        issuer: `${ISSUER}\n`,
      },
      'passed (verified)',
    ],
    [
      'an identity that only begins alike',
      'identity_fail',
      { identity: `${SAN}-evil` },
      'passed (refused: identity-san,',
    ],
    [
      'another issuer',
      'issuer_fail',
      { issuer: 'https://issuer.example' },
      'passed (refused: identity-issuer,',
    ],
    [
      'issuer extensions that differ',
      'issuers_fail',
      {
        'bundle.sigstore.json': sign(
          undefined,
          withExtensions(withSan(githubIdentity(), { uri: SAN }), {
            1: 'https://issuer.example',
          }),
        ),
      },
      'passed (refused: identity-issuer,',
    ],
    [
      'another artifact',
      'artifact_fail',
      { artifact: 'other' },
      'passed (refused: subject-digest,',
    ],
    [
      'the digest of the artifact under another name only',
      'digest-name_fail',
      {
        'bundle.sigstore.json': sign({
          ...statementAbout(ARTIFACT),
          subject: [{ name: 'a', digest: { sha512: sha256(ARTIFACT) } }],
        }),
      },
      'passed (refused: subject-digest,',
    ],
    [
      'a payload that is no statement',
      'statement_fail',
      { 'bundle.sigstore.json': sign([]) },
      'passed (refused: statement-malformed,',
    ],
    [
      'the trusted root of another instance',
      'other-root_fail',
      { 'trusted_root.json': PUBLIC_GOOD },
      'passed (refused: certificate,',
    ],
    [
      'a trusted root that is none',
      'no-root_fail',
      { 'trusted_root.json': '{}' },
      'passed (refused: TRUST_ROOT_INVALID,',
    ],
    [
      'a bundle that breaks off',
      'cut_fail',
      { 'bundle.sigstore.json': honest.slice(0, -1) },
      'passed (refused: not-json,',
    ],
    [
      'a certificate where a key is expected',
      'key_fail',
      { 'key.pub': KEY },
      'passed (refused: publish-key,',
    ],
    [
      'a key that nothing here knows, which decides nothing',
      'unknown-key_fail',
      {
        'bundle.sigstore.json': JSON.stringify(
          sigstore.signWithKey(statementAbout(ARTIFACT)),
        ),
        'key.pub': KEY,
      },
      'failed (undecided: registry-keys-missing,',
    ],
    [
      'a message signature with a reason',
      'happy-path-v0.1',
      { 'bundle.sigstore.json': message },
      'not applicable (signs an artifact directly;',
    ],
    [
      'a message signature without a reason',
      'happy-path-v9',
      { 'bundle.sigstore.json': message },
      'failed (refused: bundle-malformed,',
    ],
    [
      'a reason for another kind of bundle',
      'happy-path-v0.1',
      { 'bundle.sigstore.json': '{}' },
      'failed (refused: bundle-malformed,',
    ],
    [
      'a reason for a message signature, with a trusted root that is none',
      'happy-path-v0.1',
      { 'bundle.sigstore.json': message, 'trusted_root.json': '{}' },
      'failed (refused: TRUST_ROOT_INVALID,',
    ],
    [
      'a reason that is no longer needed',
      'happy-path-v0.1',
      {},
      'passed (verified)',
    ],
  ])('%s', async (_what, name, files, line) => {
    const { exitCode, stdout } = await run([await writeSuite(name, files)]);
    expect(stdout).toContain(`${name}: ${line}`);
    expect(exitCode).toBe(line.startsWith('failed') ? 1 : 0);
  });

  it('ends with the counts', async () => {
    const { stdout } = await run([await writeSuite('honest_fail', {})]);
    expect(stdout.split('\n').slice(-2)).toEqual([
      '0 passed, 1 failed, 0 not applicable',
      '',
    ]);
  });

  it('prints what a certificate says with its controls visible', async () => {
    const identity = withSan(githubIdentity(), { uri: 'https://a\u001b[2J' });
    const { stdout } = await run([
      await writeSuite('escape_fail', {
        'bundle.sigstore.json': sign(undefined, identity),
      }),
    ]);
    expect(stdout).toContain(String.raw`signed by https://a\u{1b}[2J`);
  });
});

describe('without a suite', () => {
  it.each<[what: string, args: () => Promise<readonly string[]>]>([
    ['no folder', () => Promise.resolve([])],
    ['two folders', () => Promise.resolve([root, root])],
    ['a folder that is not there', () => Promise.resolve([join(root, 'no')])],
    ['a folder without cases', emptySuite],
    [
      'a case without a bundle',
      async () => [await writeSuite('a', { 'bundle.sigstore.json': null })],
    ],
  ])('exits with 2 for %s', async (_what, args) => {
    const { exitCode, stdout, stderr } = await run(await args());
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: ');
  });
});

/** A suite of one case: the honest one but for `files`; null leaves one out. */
async function writeSuite(name: string, files: Files): Promise<string> {
  const suite = await mkdtemp(join(root, 'suite-'));
  const folder = join(suite, 'bundle-verify', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(suite, 'bundle-verify', 'a.txt'), ARTIFACT);
  const all: Files = {
    'bundle.sigstore.json': honest,
    'trusted_root.json': JSON.stringify(sigstore.trustedRoot),
    ...files,
  };
  for (const [file, text] of Object.entries(all)) {
    if (text !== null) await writeFile(join(folder, file), text);
  }
  return suite;
}

async function emptySuite(): Promise<readonly string[]> {
  const suite = await mkdtemp(join(root, 'empty-'));
  await mkdir(join(suite, 'bundle-verify'));
  return [suite];
}

/** Signed about the suite's artifact by the suite's signer, by default. */
function bundleOf(
  statement: unknown = statementAbout(ARTIFACT),
  identity = withSan(githubIdentity(), { uri: SAN }),
) {
  return sigstore.signWithCertificate(statement, { identity });
}

function sign(...args: Parameters<typeof bundleOf>): string {
  return JSON.stringify(bundleOf(...args));
}

function statementAbout(artifact: string) {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'a.txt', digest: { sha256: sha256(artifact) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {},
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function run(args: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const exitCode = await main(args, {
    stdout: (text) => (written.stdout += text),
    stderr: (text) => (written.stderr += text),
    now: sigstore.now,
  });
  return { exitCode, ...written };
}

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BundleJson } from '../../fixtures/bundle.js';
import { githubIdentity } from '../../fixtures/identities.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import {
  startSigningServices,
  unsignedToken,
  type SigningFault,
  type SigningPath,
  type SigningServices,
} from '../../fixtures/signing-services.js';
import { trustRootOf, verifyServed } from '../verification/verified-bundle.js';
import {
  createScene,
  isolatedVariables,
  runMain,
  type Run,
  type Scene,
} from './scene.js';

const sigstore = await createSigstore();
const trustRoot = trustRootOf(sigstore);
const widget = publishPackage(sigstore, {
  name: '@acme/widget',
  version: '1.2.3',
});
const CERTIFICATE = '/api/v2/signingCert';
const ENTRIES = '/api/v1/log/entries';
const SIGN = ['--sign', '--signing-config', '../signing.json'];
const IN_FILE = [...SIGN, '--report', 'vsa=audit.vsa.json'];

let services: SigningServices;
beforeAll(async () => {
  const identity = githubIdentity({ repository: 'acme/app' });
  services = await startSigningServices(sigstore, identity);
});
afterAll(() => services.close());

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function open(config: object = services.signingConfig): Promise<Scene> {
  const scene = await createScene(sigstore, projectOf([widget]));
  scenes.push(scene);
  const path = join(scene.folder, 'signing.json');
  await writeFile(path, JSON.stringify(config));
  return scene;
}

function run(
  scene: Scene,
  argv: readonly string[],
  identity: Readonly<Record<string, string>>,
): Promise<Run> {
  const env = { ...isolatedVariables(scene.folder), ...identity };
  return runMain(scene, [...scene.options, ...argv], { env });
}

const byToken = () => ({ SIGSTORE_ID_TOKEN: services.token });
const byEndpoint = () => ({
  ACTIONS_ID_TOKEN_REQUEST_URL: `${services.url}/token?api-version=2.0`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: services.bearer,
});

/** What is asked of the services while `action` runs. */
async function asked(action: () => Promise<unknown>) {
  const before = services.requests.length;
  await action();
  return services.requests.slice(before);
}

function read(scene: Scene, name = 'audit.vsa.json'): Promise<string> {
  return readFile(join(scene.project, name), 'utf8');
}

function verify(bundle: unknown) {
  return verifyServed(bundle, trustRoot, sigstore.now);
}

function payloadOf({ dsseEnvelope }: BundleJson): unknown {
  return JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString());
}

/** The bundle with one bit of its `text` changed, base64 as it is. */
function flipped(text: string, part: string): unknown {
  const bytes = Buffer.from(part, 'base64');
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  return JSON.parse(text.replaceAll(part, bytes.toString('base64')));
}

describe('--sign', () => {
  it('writes a bundle that our own verifier accepts', async () => {
    const scene = await open();
    const ended = await run(scene, IN_FILE, byToken());
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ended.stdout).toContain('✔ policy met');
    const text = await read(scene);
    expect(text).toMatch(/[^\n]\n$/);
    const bundle = JSON.parse(text) as BundleJson;
    expect(bundle.mediaType).toBe(
      'application/vnd.dev.sigstore.bundle.v0.3+json',
    );
    expect(verify(bundle)).toMatchObject({
      status: 'verified',
      verified: { signer: { kind: 'certificate' } },
    });
    expect(payloadOf(bundle)).toMatchObject({
      predicateType: 'https://slsa.dev/verification_summary/v1',
      subject: [{ name: 'package-lock.json' }],
      predicate: { verificationResult: 'PASSED' },
    });
    expect(text + ended.stdout).not.toContain(services.token);
  });

  it('signs the unsigned statement, but for the words that it is not', async () => {
    const scene = await open();
    await run(scene, [...SIGN, '--format', 'vsa', '--output', 'b'], byToken());
    const plain = await run(scene, ['--format', 'vsa'], {});
    const unsigned = JSON.parse(plain.stdout) as {
      predicate: Record<string, unknown>;
    };
    expect(unsigned.predicate['pkg:npm/provenance-audit#signed']).toBe(false);
    delete unsigned.predicate['pkg:npm/provenance-audit#signed'];
    delete unsigned.predicate['timeVerified'];
    const signed = payloadOf(
      JSON.parse(await read(scene, 'b')) as BundleJson,
    ) as typeof unsigned;
    delete signed.predicate['timeVerified'];
    expect(signed).toEqual(unsigned);
  });

  it('asks the endpoint of GitHub Actions for a token of its own', async () => {
    const scene = await open();
    const requests = await asked(async () => {
      const argv = [...SIGN, '--format', 'vsa'];
      const { exitCode, stdout } = await run(scene, argv, byEndpoint());
      expect(exitCode).toBe(0);
      expect(verify(JSON.parse(stdout)).status).toBe('verified');
    });
    expect(requests).toEqual([
      'GET /token?api-version=2.0&audience=sigstore',
      `POST ${CERTIFICATE}`,
      `POST ${ENTRIES}`,
    ]);
  });

  it('prefers the token that was put there, and signs once a run', async () => {
    const scene = await open();
    const argv = [...IN_FILE, '--report', 'vsa=b', '--format', 'vsa'];
    const both = { ...byToken(), ...byEndpoint() };
    let stdout = '';
    const requests = await asked(async () => {
      ({ stdout } = await run(scene, argv, both));
    });
    expect(requests).toEqual([`POST ${CERTIFICATE}`, `POST ${ENTRIES}`]);
    expect(await read(scene)).toBe(stdout);
    expect(await read(scene, 'b')).toBe(stdout);
  });

  it('signs of an audit that fails that it failed', async () => {
    const scene = await open();
    const policy =
      'version: 1\npackages: { "@acme/widget": { require: staged } }\n';
    await writeFile(join(scene.project, 'provenance-audit.yaml'), policy);
    const { exitCode } = await run(scene, IN_FILE, byToken());
    expect(exitCode).toBe(1);
    const bundle = JSON.parse(await read(scene)) as BundleJson;
    expect(verify(bundle).status).toBe('verified');
    expect(payloadOf(bundle)).toMatchObject({
      predicate: { verificationResult: 'FAILED', verifiedLevels: ['FAILED'] },
    });
  });

  it.each([
    ['payload', (one: BundleJson) => one.dsseEnvelope.payload],
    ['signature', (one: BundleJson) => one.dsseEnvelope.signatures[0]?.sig],
    [
      'certificate',
      (one: BundleJson) => one.verificationMaterial.certificate?.rawBytes,
    ],
    [
      'log entry',
      (one: BundleJson) =>
        one.verificationMaterial.tlogEntries[0]?.canonicalizedBody,
    ],
  ])(
    'is worth nothing with a changed byte in the %s',
    async (_name, partOf) => {
      const scene = await open();
      await run(scene, IN_FILE, byToken());
      const text = await read(scene);
      const part = partOf(JSON.parse(text) as BundleJson) ?? '';
      expect(part).not.toBe('');
      expect(verify(JSON.parse(text)).status).toBe('verified');
      expect(verify(flipped(text, part)).status).toBe('rejected');
    },
  );
});

describe('--sign is refused before any work', () => {
  it.each<[string, readonly string[], RegExp]>([
    [
      'offline',
      [...IN_FILE, '--offline'],
      /--offline and --sign exclude each other/,
    ],
    [
      'with an archive of evidence',
      [...IN_FILE, '--evidence', 'x'],
      /--evidence and --sign exclude each other/,
    ],
    ['without a report to sign', SIGN, /--sign signs the vsa report/],
    [
      'of another report',
      [...SIGN, '--report', 'json=a.json'],
      /--sign signs the vsa report/,
    ],
    [
      'with a trust root of one’s own and no word on where to sign',
      ['--sign', '--format', 'vsa'],
      /--sign with --trusted-root needs --signing-config/,
    ],
    [
      'where only the services are named',
      ['--signing-config', '../signing.json', '--format', 'vsa'],
      /--signing-config says where to sign, and needs --sign/,
    ],
    [
      'with services that are not there',
      ['--sign', '--signing-config', 'missing', '--format', 'vsa'],
      /--signing-config .*missing: no such file/,
    ],
  ])('%s', async (_what, argv, message) => {
    const scene = await open();
    const ended = await run(scene, argv, byToken());
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toMatch(message);
    expect(scene.registry.requests).toEqual([]);
  });

  it('with a mirror of TUF and no word on where to sign', async () => {
    const scene = await open();
    const argv = ['--sign', '--format', 'vsa', '--tuf-root', 'root.json'];
    const mirror = ['--tuf-mirror', services.url];
    const env = { ...isolatedVariables(scene.folder), ...byToken() };
    const ended = await runMain(scene, [...argv, ...mirror], { env });
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toContain('--sign with --tuf-mirror needs');
  });

  const SECRET = 'secret-that-nobody-may-read';
  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['none', {}, 'neither SIGSTORE_ID_TOKEN nor both of ACTIONS_ID_TOKEN'],
    [
      'half of what GitHub gives',
      { ACTIONS_ID_TOKEN_REQUEST_TOKEN: SECRET },
      'neither SIGSTORE_ID_TOKEN nor both of ACTIONS_ID_TOKEN',
    ],
    ['no token', { SIGSTORE_ID_TOKEN: SECRET }, 'is no identity token'],
    [
      'a token without a subject',
      { SIGSTORE_ID_TOKEN: unsignedToken({ jti: SECRET }) },
      'is no identity token',
    ],
    [
      'a token whose mail address nobody verified',
      {
        SIGSTORE_ID_TOKEN: unsignedToken({
          ...{ sub: 'x', email: `${SECRET}@acme.example` },
          email_verified: false,
        }),
      },
      'is no identity token',
    ],
    [
      'an endpoint that would get the token in the clear',
      {
        ACTIONS_ID_TOKEN_REQUEST_URL: `http://${SECRET}.example/token`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: SECRET,
      },
      'ACTIONS_ID_TOKEN_REQUEST_URL cannot be used',
    ],
    [
      'what is no HTTP header',
      {
        ACTIONS_ID_TOKEN_REQUEST_URL: 'https://ci.example/token',
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: `${SECRET}\nx: y`,
      },
      'ACTIONS_ID_TOKEN_REQUEST_TOKEN cannot be used',
    ],
  ])('for an identity: %s', async (_what, identity, message) => {
    const scene = await open();
    const ended = await run(scene, IN_FILE, identity);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
    for (const value of Object.values(identity)) {
      expect(ended.stderr).not.toContain(value);
    }
    expect(ended.stderr).not.toContain(SECRET);
    expect(scene.registry.requests).toEqual([]);
  });

  it.each<
    [string, (config: SigningServices['signingConfig']) => object, RegExp]
  >([
    ['another document', () => ({ keys: [] }), /expected a Sigstore signing/],
    [
      'no authority',
      (config) => ({ ...config, caUrls: [] }),
      /names no certificate authority/,
    ],
    [
      'no log',
      (config) => ({ ...config, rekorTlogUrls: [] }),
      /names no transparency log/,
    ],
    [
      'a log of the second version alone',
      (config) => ({
        ...config,
        rekorTlogUrls: config.rekorTlogUrls.map((one) => ({
          ...one,
          majorApiVersion: 2,
        })),
      }),
      /names no transparency log of API version 1/,
    ],
    [
      'more logs than are asked',
      (config) => ({ ...config, rekorTlogConfig: { selector: 'ALL' } }),
      /expected the selector ANY/,
    ],
    [
      'an authority that would get the token in the clear',
      (config) => ({
        ...config,
        caUrls: config.caUrls.map((one) => ({
          ...one,
          url: 'http://fulcio.example',
        })),
      }),
      /expected https URLs, found http:\/\/fulcio\.example/,
    ],
  ])('for a signing config with %s', async (_what, change, message) => {
    const scene = await open(change(services.signingConfig));
    const ended = await run(scene, IN_FILE, byToken());
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toMatch(message);
    expect(scene.registry.requests).toEqual([]);
  });
});

describe('what cannot be signed', () => {
  afterEach(() => {
    for (const path of ['/token', CERTIFICATE, ENTRIES] as const) {
      services.answer(path, null);
    }
  });

  /** An answer that repeats the secrets it was sent. */
  const refusal = (status: number): SigningFault => ({
    status,
    body: { message: `not ${services.token} with ${services.bearer}` },
  });

  it.each<[string, SigningPath, () => SigningFault, RegExp]>([
    [
      'no token',
      '/token',
      () => refusal(403),
      /no identity token: 127\.0\.0\.1:\d+ answers with status 403/,
    ],
    [
      'something else than a token',
      '/token',
      () => ({ status: 200, body: { value: `${services.bearer}.x` } }),
      /no identity token: what 127\.0\.0\.1:\d+ answers is none/,
    ],
    [
      'no certificate',
      CERTIFICATE,
      () => refusal(400),
      /the certificate authority issues no certificate: .* status 400/,
    ],
    [
      'something else than a certificate',
      CERTIFICATE,
      () => ({ status: 200, body: {} }),
      /the certificate authority issues no certificate/,
    ],
    [
      'no log entry',
      ENTRIES,
      () => refusal(400),
      /the transparency log makes no entry: it answers with status 400/,
    ],
    [
      'something else than a log entry',
      ENTRIES,
      () => ({ status: 200, body: { one: { body: services.token } } }),
      /vsa: not signed: what the certificate authority or the log answers/,
    ],
  ])('for %s is not written', async (_what, path, fault, message) => {
    const scene = await open();
    services.answer(path, fault());
    const argv = [...IN_FILE, '--report', 'json=audit.json'];
    const ended = await run(scene, argv, byEndpoint());
    expect(ended.exitCode).toBe(70);
    expect(ended.stderr).toMatch(message);
    expect(ended.stdout).toContain('✔ policy met');
    expect(existsSync(join(scene.project, 'audit.vsa.json'))).toBe(false);
    // The others are delivered.
    expect(JSON.parse(await read(scene, 'audit.json'))).toMatchObject({
      result: 'pass',
    });
    for (const secret of [services.token, services.bearer]) {
      expect(ended.stderr + ended.stdout).not.toContain(secret);
    }
  });

  it('leaves stdout empty', async () => {
    const scene = await open();
    services.answer(CERTIFICATE, refusal(400));
    const argv = [...SIGN, '--format', 'vsa', '--report', 'json=audit.json'];
    const ended = await run(scene, argv, byToken());
    expect(ended).toMatchObject({ exitCode: 70, stdout: '' });
    expect(await read(scene, 'audit.json')).toContain('"pass"');
  });
});

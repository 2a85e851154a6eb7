import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKey } from '../../fixtures/keys.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { attestPackage } from '../../fixtures/statements.js';
import type { TufChange } from '../../fixtures/tuf-repository.js';
import { parseStrictJson } from '../../src/json/strict-json.js';
import { parseRegistryKeys } from '../../src/verification/registry-keys.js';
import { parseTrustRoot } from '../../src/verification/trust-root.js';
import { verifyBundle } from '../../src/verification/verify-bundle.js';
import {
  daysLater,
  HOST,
  KEYS,
  openScene,
  textsOf,
  type TufScene,
} from './tuf-scene.js';

let scene: TufScene;

beforeEach(async () => {
  scene = await openScene();
});

afterEach(async () => {
  await scene.close();
});

const LIMITS = { maxBytes: 2 ** 24, maxDepth: 64 };

describe('keys of a registry', () => {
  const drop = (path: RegExp): void => {
    for (const name of scene.repository.files.keys()) {
      if (path.test(name)) scene.repository.files.delete(name);
    }
  };

  it.each<[string, () => void]>([
    [
      'U12 no delegation names the host',
      () => {
        scene.repository.publish({ registryKeys: new Map() });
      },
    ],
    [
      'U12 the delegation lists no keys',
      () => {
        scene.repository.publish({ registryKeys: new Map([[HOST, null]]) });
      },
    ],
    [
      'U12 the delegation has expired',
      () => {
        scene.repository.publish({ expires: { delegation: daysLater(-1) } });
      },
    ],
    [
      'U12 a stranger signed the delegation',
      () => {
        scene.repository.publish({ signedByStranger: ['delegation'] });
      },
    ],
    [
      'U12 the delegation is missing',
      () => {
        drop(/^1\.registry\.example/);
      },
    ],
    [
      'U12 keys.json is missing',
      () => {
        drop(/keys\.json$/);
      },
    ],
    [
      'U12 keys.json has another digest than listed',
      () => {
        const { files } = scene.repository;
        const path = [...files.keys()].find((p) => p.endsWith('.keys.json'));
        files.set(path ?? '', Buffer.from(KEYS.replace('[]', '{}')));
      },
    ],
  ])(
    '%s: no keys, a warning, and the trusted root all the same',
    async (_defect, play) => {
      play();
      const documents = await scene.load();
      expect(textsOf(documents)).toEqual({
        trustedRoot: 'root one',
        keys: null,
      });
      expect(documents.origin).toBe('tuf');
      expect(scene.warnings).toEqual([expect.stringContaining(HOST)]);
    },
  );
});

describe('provenance, where a registry’s keys are missing', () => {
  const registry = `https://${HOST}/`;

  it.each<[string, TufChange, 'verified' | 'unverifiable']>([
    ['with keys, both can be checked', {}, 'verified'],
    [
      'U12 without keys.json',
      { registryKeys: new Map([[HOST, null]]) },
      'unverifiable',
    ],
    [
      'U12 after the delegation has expired',
      { expires: { delegation: daysLater(-1) } },
      'unverifiable',
    ],
    [
      'U12 with a delegation that another key signed',
      { signedByStranger: ['delegation'] },
      'unverifiable',
    ],
  ])('%s', async (_what, change, publication) => {
    const sigstore = await createSigstore();
    const toBytes = (value: unknown): Buffer =>
      Buffer.from(JSON.stringify(value));
    scene.repository.publish({
      targets: new Map([['trusted_root.json', toBytes(sigstore.trustedRoot)]]),
      registryKeys: new Map([[HOST, toBytes(sigstore.npmKeys)]]),
      ...change,
    });
    const trustRoot = parseTrustRoot(await scene.load());
    const id = { name: 'widget', version: '1.0.0' };
    const { attestations } = attestPackage(sigstore, id, 'ab'.repeat(64));
    const results = attestations.map(({ bundle }) => {
      const served = parseStrictJson(toBytes(bundle), LIMITS);
      if (served.status === 'error') throw new Error(served.problem.message);
      const context = { registry, now: sigstore.now };
      return verifyBundle(served.value, trustRoot, context).status;
    });
    // First what the registry signed, then the provenance.
    expect(results).toEqual([publication, 'verified']);
    expect(scene.warnings).toHaveLength(publication === 'verified' ? 0 : 1);
  });
});

describe('keys of a registry that say two things, or nothing', () => {
  const key = createKey();
  const other = createKey();
  const entry = (id: string, change: object = {}): object => ({
    keyId: id,
    keyUsage: 'npm:attestations',
    publicKey: {
      rawBytes: key.spki.toString('base64'),
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      validFor: { start: '2025-01-01T00:00:00Z' },
      ...change,
    },
  });
  const otherBytes = { rawBytes: other.spki.toString('base64') };
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .publicKey.export({ format: 'der', type: 'spki' })
    .toString('base64');
  const backwards = {
    validFor: { start: '2025-01-01T00:00:00Z', end: '2024-01-01T00:00:00Z' },
  };

  it.each<[string, readonly object[], number]>([
    [
      'U13 one key id with different bytes',
      [entry('a'), entry('a', otherBytes)],
      1,
    ],
    ['U13 a key id that is __proto__', [entry('__proto__')], 1],
    ['U13 a key id that is empty', [entry('')], 1],
    ['U13 a key id with control characters', [entry('a\u001b[2J\n')], 1],
    [
      'U13 an RSA key that is said to be ECDSA',
      [entry('a', { rawBytes: rsa })],
      1,
    ],
    [
      'U13 an RSA key',
      [
        entry('a', {
          rawBytes: rsa,
          keyDetails: 'PKIX_RSA_PKCS1V15_2048_SHA256',
        }),
      ],
      0,
    ],
    ['U13 validFor.end before start', [entry('a', backwards)], 1],
    ['U13 a key that is none', [entry('a', { rawBytes: 'bm8ga2V5' })], 1],
  ])('%s: left out, and the others used', async (_defect, bad, warned) => {
    const file = { keys: [entry('good'), ...bad] };
    scene.repository.publish({
      registryKeys: new Map([[HOST, Buffer.from(JSON.stringify(file))]]),
    });
    const documents = await scene.load();
    const { registryKeys } = documents;
    if (registryKeys.scope !== 'by-host') throw new Error('one file for all');
    const bytes = registryKeys.keys.get(HOST) ?? new Uint8Array();
    expect(parseRegistryKeys(bytes).map(({ keyId }) => keyId)).toEqual([
      'good',
    ]);
    expect(scene.warnings).toHaveLength(warned);
    for (const warning of scene.warnings) {
      expect(warning).toContain(`among the keys for ${HOST}`);
      expect(warning).not.toMatch(/\p{Cc}/u);
    }
  });

  it.each([
    ['U13 keys.json is not JSON', 'keys'],
    ['U13 keys.json names a key twice', '{"keys":[],"keys":[]}'],
    ['U13 keys.json has no list of keys', '{"keys":{"__proto__":1}}'],
  ])(
    '%s: no keys, a warning, and the trusted root all the same',
    async (_defect, text) => {
      scene.repository.publish({
        registryKeys: new Map([[HOST, Buffer.from(text)]]),
      });
      const documents = await scene.load();
      expect(textsOf(documents)).toEqual({
        trustedRoot: 'root one',
        keys: null,
      });
      expect(scene.warnings).toEqual([
        expect.stringMatching(
          /^trust root: no keys for registry\.example \(.*cannot be verified$/,
        ),
      ]);
    },
  );
});

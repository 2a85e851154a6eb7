import { describe, expect, it } from 'vitest';
import { githubIdentity } from '../../fixtures/identities.js';
import { PUBLISH_V01 } from '../../fixtures/statements.js';
import { readPublish } from '../../src/facts/publish.js';
import type { JsonObject } from '../../src/json/strict-json.js';
import { passed } from '../../src/verification/check.js';
import type {
  Signer,
  VerifiedAttestation,
} from '../../src/verification/verification.js';
import { ID, SHA512 } from '../verification/samples.js';
import { certificateOf, codesOfChecks } from './verified.js';

const SIGNED_AT = new Date('2026-06-01T12:00:00Z');
const KEY: Signer = { kind: 'key', keyId: 'SHA256:one' };
const REGISTRY = 'https://registry.example/';

function attestation(
  predicate: JsonObject,
  signer: Signer = KEY,
): VerifiedAttestation {
  return {
    index: 0,
    statement: {
      predicateType: PUBLISH_V01,
      subjects: [{ name: '', digest: new Map([['sha512', SHA512]]) }],
      predicate,
    },
    signer,
    signedAt: SIGNED_AT,
    logIndex: '1',
  };
}

function codesOf(predicate: JsonObject, registry = REGISTRY) {
  const result = readPublish(attestation(predicate), ID, registry);
  const codes = codesOfChecks(result.checks);
  expect(result.publish === null).toBe(codes.length > 0);
  return codes;
}

const HONEST = { ...ID, registry: 'https://registry.example' };

describe('a publication', () => {
  it('is established with registry, key and time', () => {
    const registry = 'https://registry.example';
    expect(readPublish(attestation(HONEST), ID, REGISTRY)).toEqual({
      checks: [
        passed('signed-by-key', { found: 'SHA256:one' }),
        passed('publish-name', { expected: ID.name, found: ID.name }),
        passed('publish-version', { expected: ID.version, found: ID.version }),
        passed('publish-registry', { expected: registry, found: registry }),
      ],
      publish: { registry: REGISTRY, keyId: 'SHA256:one', signedAt: SIGNED_AT },
    });
  });

  it.each([
    ['without a slash, ours with one', 'https://registry.example', REGISTRY],
    ['with a slash, ours without', REGISTRY, 'https://registry.example'],
    ['with several slashes', 'https://registry.example//', REGISTRY],
    ['in capitals', 'HTTPS://Registry.Example', REGISTRY],
    ['with its default port', 'https://registry.example:443/', REGISTRY],
    ['below a path', 'https://acme.example/npm', 'https://acme.example/npm/'],
    ['on a port', 'http://127.0.0.1:4873/', 'http://127.0.0.1:4873/'],
  ])('at a registry written %s', (_what, registry, ours) => {
    expect(codesOf({ ...ID, registry }, ours)).toEqual([]);
  });

  it.each<[string, JsonObject, string?]>([
    ['another name', { ...HONEST, name: 'widget' }],
    ['the name escaped', { ...HONEST, name: '%40acme/widget' }],
    ['a name in a list', { ...HONEST, name: ['@acme/widget'] }],
    ['no name', { version: ID.version, registry: REGISTRY }],
    ['another version', { ...HONEST, version: '1.2.4' }],
    ['a range', { ...HONEST, version: '^1.2.3' }],
    ['a version that is null', { ...HONEST, version: null }],
    ['another host', { ...HONEST, registry: 'https://evil.example' }],
    [
      'a longer host',
      { ...HONEST, registry: 'https://registry.example.evil.example' },
    ],
    [
      'a host that ends so',
      { ...HONEST, registry: 'https://evil-registry.example' },
    ],
    [
      'the host as a user',
      { ...HONEST, registry: 'https://registry.example@evil.example' },
    ],
    ['over http', { ...HONEST, registry: 'http://registry.example' }],
    ['another port', { ...HONEST, registry: 'https://registry.example:8443' }],
    [
      'a path below ours',
      { ...HONEST, registry: 'https://registry.example/npm' },
    ],
    ['a path above ours', HONEST, 'https://registry.example/npm/'],
    [
      'another path',
      { ...HONEST, registry: 'https://registry.example/b' },
      'https://registry.example/a/',
    ],
    [
      'a path in another case',
      { ...HONEST, registry: 'https://registry.example/NPM' },
      'https://registry.example/npm/',
    ],
    ['no URL', { ...HONEST, registry: 'registry.example' }],
    ['an empty registry', { ...HONEST, registry: '' }],
    ['a registry in a list', { ...HONEST, registry: [REGISTRY] }],
    ['no registry', { ...ID }],
    ['a registry of ours that is no URL', { ...HONEST, registry: 'x' }, 'x'],
  ])('of something else: %s', (_defect, predicate, ours) => {
    expect(codesOf(predicate, ours)).toEqual(['publish-predicate']);
  });

  it('that says nothing is wrong in everything', () => {
    expect(codesOf({})).toHaveLength(3);
    const { checks } = readPublish(attestation({}), ID, REGISTRY);
    expect(checks.slice(1)).toMatchObject([
      { check: 'publish-name', expected: ID.name, found: 'null' },
      { check: 'publish-version', expected: ID.version, found: 'null' },
      { check: 'publish-registry', found: 'null' },
    ]);
  });

  it('signed by a certificate is none, whatever it says', () => {
    const certificate = certificateOf(githubIdentity());
    const signed = attestation(HONEST, { kind: 'certificate', certificate });
    expect(readPublish(signed, ID, REGISTRY)).toMatchObject({
      publish: null,
      checks: [
        {
          check: 'signed-by-key',
          outcome: 'failed',
          kind: 'invalid',
          code: 'publish-key',
          expected: 'a key of the registry',
          found: 'a certificate',
        },
      ],
    });
  });
});

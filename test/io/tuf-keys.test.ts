import { ECDH, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKey } from '../../fixtures/keys.js';
import { findRepeatedKey } from '../../src/io/tuf-keys.js';

const one = createKey();
const two = createKey();
const ed = generateKeyPairSync('ed25519').publicKey;
const edPem = ed.export({ type: 'spki', format: 'pem' }).toString();
const edHex = ed.export({ type: 'spki', format: 'der' }).subarray(-32);
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString();
const point = one.point.toString('hex');
const compressed = ECDH.convertKey(
  one.point,
  'prime256v1',
  undefined,
  'hex',
  'compressed',
).toString();

function root(
  keys: Readonly<Record<string, unknown>>,
  ids = Object.keys(keys),
) {
  return {
    signed: {
      keys: Object.fromEntries(
        Object.entries(keys).map(([id, text]) => [
          id,
          { keyval: { public: text } },
        ]),
      ),
      roles: { root: { keyids: ids }, targets: { keyids: ids.slice(0, 1) } },
    },
  };
}

function find(value: unknown): string | null {
  return findRepeatedKey(Buffer.from(JSON.stringify(value)));
}

describe('findRepeatedKey', () => {
  it.each<[string, Record<string, unknown>]>([
    ['the same text', { a: one.pem, b: one.pem }],
    ['other line breaks', { a: one.pem, b: one.pem.replaceAll('\n', '\r\n') }],
    ['a point as PEM and as digits', { a: one.pem, b: point }],
    ['digits in capitals', { a: point, b: point.toUpperCase() }],
    ['a point and its short form', { a: one.pem, b: compressed }],
    ['Ed25519 as PEM and as digits', { a: edPem, b: edHex.toString('hex') }],
    ['RSA', { a: rsa, b: rsa }],
    ['among others', { a: one.pem, b: two.pem, c: edPem, d: one.pem }],
  ])('finds one key under two ids: %s', (_how, keys) => {
    expect(find(root(keys))).toBe('root');
  });

  it('finds it in a delegation, and names that', () => {
    const { keys } = root({ a: one.pem, b: one.pem }).signed;
    const roles = [{ name: 'registry.example', keyids: ['a', 'b'] }];
    const signed = { delegations: { keys, roles } };
    expect(find({ signed })).toBe('registry.example');
  });

  it.each<[string, unknown]>([
    ['different keys', root({ a: one.pem, b: two.pem, c: edPem, d: rsa })],
    ['one key in two roles', root({ a: one.pem })],
    ['a spare one of no role', root({ a: one.pem, b: one.pem }, ['a'])],
    ['ids without a key', root({ a: one.pem }, ['a', 'b', 'c'])],
    ['keys that cannot be read', root({ a: 'x', b: 'x', c: 1, d: null })],
    ['no roles', { signed: {} }],
    ['a timestamp', { signed: { _type: 'timestamp', meta: {} } }],
  ])('finds nothing in %s', (_what, value) => {
    expect(find(value)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';

import { versionOfPackument } from '../../src/io/packument.js';

const ID = { name: 'x', version: '1.2.3' };

describe('the manifest in a packument', () => {
  it('is cut out as JSON', () => {
    const answer = versionOf('{"versions":{"1.2.3":{"a":1},"2.0.0":{}}}');
    expect(answer).toEqual({ status: 'found', body: Buffer.from('{"a":1}') });
  });

  it('keeps what a strict parser must see', () => {
    const manifest = '{"__proto__":{"name":"x"}}';
    const answer = versionOf(`{"versions":{"1.2.3":${manifest}}}`);
    expect(answer).toEqual({ status: 'found', body: Buffer.from(manifest) });
  });

  it.each([
    ['no such version', '{"versions":{"2.0.0":{}}}', { status: 'absent' }],
    [
      'one in the prototype only',
      '{"versions":{"__proto__":{"1.2.3":{}}}}',
      { status: 'absent' },
    ],
    ['no JSON', '<html>', { code: 'not-json' }],
    ['a list', '[]', { code: 'metadata-malformed' }],
    ['null for versions', '{"versions":null}', { code: 'metadata-malformed' }],
    [
      'versions in the prototype only',
      '{"__proto__":{"versions":{"1.2.3":{}}}}',
      { code: 'metadata-malformed' },
    ],
    [
      'a nesting without end',
      `{"versions":{"1.2.3":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
      { code: 'metadata-malformed' },
    ],
  ])('is not found in %s', (_what, text, expected) => {
    expect(versionOf(text)).toMatchObject(expected);
  });
});

function versionOf(text: string): ReturnType<typeof versionOfPackument> {
  return versionOfPackument(Buffer.from(text), ID);
}

import { describe, expect, it } from 'vitest';

import { parseAttestationDocument } from '../../src/evidence/attestation-document.js';

const ONE = { predicateType: 'https://slsa.dev/provenance/v1', bundle: {} };
const TEXT = JSON.stringify({ attestations: [ONE] });

describe('an attestation document', () => {
  it.each<[string, string | Uint8Array, number]>([
    ['one attestation', TEXT, 1],
    ['as many as allowed', listOf(32), 32],
    ['a byte order mark', `\uFEFF${TEXT}`, 1],
    ['unknown members', `{"x":1,${TEXT.slice(1)}`, 1],
    [
      'unknown members of an attestation',
      TEXT.replace('"bundle"', '"x":1,"bundle"'),
      1,
    ],
    ['nesting within the limit', withBundle(nested(60)), 1],
  ])('is read with %s', (_what, body, count) => {
    const document = parse(body);
    expect(document).toMatchObject({ status: 'parsed' });
    expect(
      document.status === 'parsed' ? document.attestations.length : 0,
    ).toBe(count);
  });

  it('is handed on as it is', () => {
    expect(parse(TEXT)).toEqual({ status: 'parsed', attestations: [ONE] });
  });

  it('without elements says that there are none', () => {
    expect(parse('{"attestations":[]}')).toEqual({ status: 'empty' });
  });

  it.each<[string, string | Uint8Array, string]>([
    ['an array', `[${TEXT}]`, 'document-malformed'],
    ['null', 'null', 'document-malformed'],
    ['a string', '"attestations"', 'document-malformed'],
    ['no list', '{}', 'document-malformed'],
    ['null for a list', '{"attestations":null}', 'document-malformed'],
    [
      'an object for a list',
      '{"attestations":{"length":1,"0":{}}}',
      'document-malformed',
    ],
    ['null in the list', '{"attestations":[null]}', 'document-malformed'],
    [
      'a list in the list',
      `{"attestations":[[${JSON.stringify(ONE)}]]}`,
      'document-malformed',
    ],
    [
      'no predicateType',
      '{"attestations":[{"bundle":{}}]}',
      'document-malformed',
    ],
    [
      'a predicateType that is no string',
      '{"attestations":[{"predicateType":["x"],"bundle":{}}]}',
      'document-malformed',
    ],
    [
      'no bundle',
      '{"attestations":[{"predicateType":"x"}]}',
      'document-malformed',
    ],
    ['a bundle that is null', withBundle('null'), 'document-malformed'],
    ['a bundle that is a list', withBundle('[]'), 'document-malformed'],
    [
      'one bad attestation among good ones',
      `{"attestations":[${JSON.stringify(ONE)},1]}`,
      'document-malformed',
    ],
    ['the list in a prototype', `{"__proto__":${TEXT}}`, 'document-malformed'],
    [
      'a prototype in a bundle',
      withBundle('{"__proto__":{}}'),
      'document-malformed',
    ],
    ['nesting beyond the limit', withBundle(nested(70)), 'document-malformed'],
    [
      'the list twice, the second one empty',
      `${TEXT.slice(0, -1)},"attestations":[]}`,
      'duplicate-key',
    ],
    [
      'the list twice, the first one empty',
      `{"attestations":[],${TEXT.slice(1)}`,
      'duplicate-key',
    ],
    ['a key twice in a bundle', withBundle('{"a":1,"a":1}'), 'duplicate-key'],
    [
      'a key twice, once escaped',
      withBundle('{"a":1,"\\u0061":1}'),
      'duplicate-key',
    ],
    ['one attestation too many', listOf(33), 'too-large'],
    [
      'more than 4 MiB',
      withBundle(`{"a":"${'x'.repeat(2 ** 22)}"}`),
      'too-large',
    ],
  ])('is malformed with %s', (_defect, body, code) => {
    expect(parse(body)).toMatchObject({ status: 'malformed', code });
  });

  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'truncated'],
    ['a part', TEXT.slice(0, -5), 'truncated'],
    ['a part with more than ASCII', '{"€€€€€€":"', 'truncated'],
    ['the page of a portal', '<html><a href="/login">Log in</a>', 'not-json'],
    ['junk behind it', `${TEXT}x`, 'not-json'],
    ['two documents', TEXT + TEXT, 'not-json'],
    ['a comment', `${TEXT}// x`, 'not-json'],
    ['Latin-1', Buffer.from('{"attestations":"\xff"}', 'latin1'), 'not-json'],
    ['UTF-16', Buffer.from(`\uFEFF${TEXT}`, 'utf16le'), 'not-json'],
    ['half of a surrogate pair', withBundle('{"a":"\\ud800"}'), 'not-json'],
    ['a NUL byte', `${TEXT}\0`, 'not-json'],
  ])('is not there where the body is %s', (_what, body, code) => {
    expect(parse(body)).toMatchObject({ status: 'unavailable', code });
  });

  it('leaves the prototype of objects alone', () => {
    parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"p":1}}}');
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect({}).not.toHaveProperty('polluted');
  });
});

function parse(
  body: string | Uint8Array,
): ReturnType<typeof parseAttestationDocument> {
  return parseAttestationDocument(
    typeof body === 'string' ? Buffer.from(body) : body,
  );
}

function listOf(count: number): string {
  return JSON.stringify({ attestations: Array(count).fill(ONE) });
}

function withBundle(bundle: string): string {
  return `{"attestations":[{"predicateType":"x","bundle":${bundle}}]}`;
}

function nested(depth: number): string {
  return '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
}

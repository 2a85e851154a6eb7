import { describe, expect, it } from 'vitest';

import { MAX_TIMES_BYTES } from '../../src/evidence/read-answer.js';
import { MAX_METADATA_BYTES } from '../../src/evidence/version-metadata.js';
import {
  historyOfPackument,
  timesOfPackument,
  versionOfPackument,
} from '../../src/io/packument.js';

const ID = { name: 'x', version: '1.2.3' };
const MIB = 1024 * 1024;

describe('the manifest in a packument', () => {
  it('is cut out as JSON', () => {
    const answer = versionOf('{"versions":{"1.2.3":{"a":1},"2.0.0":{}}}');
    expect(answer).toEqual({ status: 'found', body: Buffer.from('{"a":1}') });
  });

  it.each([
    ['a key for the prototype', '{"__proto__":{"name":"x"}}'],
    ['a key twice', '{"dist":{},"dist":{"integrity":null}}'],
    ['a key twice, once escaped', '{"dist":{},"d\\u0069st":{}}'],
    ['half of a surrogate pair', '{"a":"\\ud800"}'],
    ['its spelling', '{ "a" : 1.0 }'],
    ['no object', 'null'],
  ])('keeps what a strict parser must see: %s', (_what, manifest) => {
    const answer = versionOf(`{"versions":{"1.2.3":${manifest}}}`);
    expect(answer).toEqual({ status: 'found', body: Buffer.from(manifest) });
  });

  it('does not keep the packument', () => {
    const body = Buffer.from('{"versions":{"1.2.3":{"a":1}}}');
    const answer = versionOfPackument(body, ID);
    body.fill(0);
    expect(answer).toEqual({ status: 'found', body: Buffer.from('{"a":1}') });
  });

  it.each([
    ['as large as allowed', 0, { status: 'found' }],
    ['larger than allowed', 1, { status: 'unavailable', code: 'too-large' }],
  ])('may be %s', (_what, more, expected) => {
    const manifest = `"${'x'.repeat(MAX_METADATA_BYTES - 2 + more)}"`;
    const answer = versionOf(`{"versions":{"1.2.3":${manifest}}}`);
    expect(answer).toMatchObject(expected);
  });

  it.each([
    ['as deep as one served by itself', 64, { status: 'found' }],
    ['deeper', 65, { code: 'metadata-malformed' }],
  ])('may be %s', (_what, depth, expected) => {
    const manifest = '['.repeat(depth) + ']'.repeat(depth);
    const answer = versionOf(`{"versions":{"1.2.3":${manifest}}}`);
    expect(answer).toMatchObject(expected);
  });

  it.each([
    ['no such version', '{"versions":{"2.0.0":{}}}', { status: 'absent' }],
    [
      'one in the prototype only',
      '{"versions":{"__proto__":{"1.2.3":{}}}}',
      { status: 'absent' },
    ],
    ['nothing', '', { code: 'not-json' }],
    ['no JSON', '\n<html>', { code: 'not-json' }],
    ['UTF-16', '\ufffe{\0}\0', { code: 'not-json' }],
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
    [
      'nothing but a nesting without end',
      '['.repeat(100_000),
      { code: 'metadata-malformed' },
    ],
    [
      'versions twice',
      '{"versions":{"1.2.3":{}},"versions":{"1.2.3":{}}}',
      { code: 'metadata-malformed' },
    ],
    [
      'versions twice, once escaped',
      '{"\\u0076ersions":{},"versions":{"1.2.3":{}}}',
      { code: 'metadata-malformed' },
    ],
    [
      'the version twice',
      '{"versions":{"1.2.3":{},"1.2.3":{}}}',
      { code: 'metadata-malformed' },
    ],
    [
      'the version twice, once escaped',
      '{"versions":{"1.2.3":{},"1.2.\\u0033":{}}}',
      { code: 'metadata-malformed' },
    ],
    [
      'an answer that breaks off',
      '{"versions":{"1.2.3":{}},"time":{',
      { code: 'metadata-malformed' },
    ],
    [
      'an answer that goes on',
      '{"versions":{"1.2.3":{}}}{}',
      { code: 'metadata-malformed' },
    ],
    [
      'brackets that do not match before',
      '{"a":[},"versions":{"1.2.3":{}}}',
      { code: 'metadata-malformed' },
    ],
    [
      'brackets that do not match after',
      '{"versions":{"1.2.3":{}},"a":{]}',
      { code: 'metadata-malformed' },
    ],
  ])('is not found in %s', (_what, text, expected) => {
    expect(versionOf(text)).toMatchObject(expected);
  });

  // Where values are built, each takes many seconds and more than a gigabyte.
  it.each([
    ['beside the versions', '{"a":[', '],"versions":{"1.2.3":7}}', 'found'],
    ['as the version', '{"versions":{"1.2.3":[', ']}}', 'unavailable'],
  ])(
    'costs no more than its length: 60 MiB of empty objects %s',
    (_where, before, after, status) => {
      const filling = Buffer.alloc(60 * MIB, '{},');
      const body = [before, filling, '{}', after].map((part) =>
        typeof part === 'string' ? Buffer.from(part) : part,
      );
      expect(versionOfPackument(Buffer.concat(body), ID).status).toBe(status);
    },
  );
});

describe('the publish times in a packument', () => {
  const TIMES = '{ "1.2.3":"2024-11-02T10:14:07.123Z" }';

  it.each([
    ['first', `{"time":${TIMES},"name":"x"}`],
    ['last', `{"name":"x","versions":{"1.2.3":{"time":7}},"time":${TIMES}}`],
    ['by escaped names', `{"n\\u0061me":"\\u0078","tim\\u0065":${TIMES}}`],
    ['after a byte order mark', `\ufeff{"name":"x","time":${TIMES}}`],
  ])('are cut out as they stand: %s', (_what, text) => {
    const answer = timesOf(text);
    expect(answer).toEqual({ status: 'found', body: Buffer.from(TIMES) });
  });

  it.each([
    ['a version twice', '{"1.2.3":"a","1.2.3":"b"}'],
    ['a key for the prototype', '{"__proto__":{"1.2.3":"a"}}'],
    ['no object', 'null'],
  ])('keep what a strict parser must see: %s', (_what, times) => {
    const answer = timesOf(`{"name":"x","time":${times}}`);
    expect(answer).toEqual({ status: 'found', body: Buffer.from(times) });
  });

  it('do not keep the packument', () => {
    const body = Buffer.from(`{"name":"x","time":${TIMES}}`);
    const answer = timesOfPackument(body, ID);
    body.fill(0);
    expect(answer).toEqual({ status: 'found', body: Buffer.from(TIMES) });
  });

  it.each([
    ['as large as allowed', 0, { status: 'found' }],
    ['larger than allowed', 1, { status: 'unavailable', code: 'too-large' }],
  ])('may be %s', (_what, more, expected) => {
    const times = `"${'x'.repeat(MAX_TIMES_BYTES - 2 + more)}"`;
    expect(timesOf(`{"name":"x","time":${times}}`)).toMatchObject(expected);
  });

  it.each([
    ['an abbreviated one', '{"name":"x","versions":{}}', { status: 'absent' }],
    [
      'one with times elsewhere',
      `{"name":"x","versions":{"time":${TIMES}}}`,
      { status: 'absent' },
    ],
    ['nothing', '', { code: 'not-json' }],
    ['no JSON', '<html>', { code: 'not-json' }],
    ['a list', `[{"time":${TIMES}}]`, { code: 'metadata-malformed' }],
    ['null', 'null', { code: 'metadata-malformed' }],
    [
      'one with times twice',
      `{"name":"x","time":${TIMES},"time":${TIMES}}`,
      { code: 'metadata-malformed' },
    ],
    [
      'one that breaks off',
      `{"name":"x","time":${TIMES},"versions":{`,
      { code: 'metadata-malformed' },
    ],
    [
      'one of another package',
      `{"name":"y","time":${TIMES}}`,
      { code: 'metadata-malformed' },
    ],
    [
      'one of a name in other case',
      `{"name":"X","time":${TIMES}}`,
      { code: 'metadata-malformed' },
    ],
    ['one of no package', `{"time":${TIMES}}`, { code: 'metadata-malformed' }],
    [
      'one of two packages',
      `{"name":"x","name":"x","time":${TIMES}}`,
      { code: 'metadata-malformed' },
    ],
    [
      'one whose name is no text',
      `{"name":["x"],"time":${TIMES}}`,
      { code: 'metadata-malformed' },
    ],
  ])('are not found in %s', (_what, text, expected) => {
    expect(timesOf(text)).toMatchObject(expected);
  });
});

function timesOf(text: string): ReturnType<typeof timesOfPackument> {
  return timesOfPackument(Buffer.from(text), ID);
}

function versionOf(text: string): ReturnType<typeof versionOfPackument> {
  return versionOfPackument(Buffer.from(text), ID);
}

describe('the history in a packument', () => {
  const historyOf = (text: string) => historyOfPackument(Buffer.from(text), ID);

  it('is what is said of all versions, without what nobody looks at', () => {
    const kept = {
      name: 'x',
      'dist-tags': { latest: '1.2.3' },
      time: { '1.2.3': '2026-01-01T00:00:00.000Z' },
      versions: {
        '1.2.3': {
          dependencies: { y: '1' },
          repository: 'acme/x',
          scripts: { install: 'node x.js' },
          _npmUser: { trustedPublisher: { id: 'github' } },
          dist: { integrity: 'sha512-x', attestations: { provenance: {} } },
        },
      },
    };
    const { '1.2.3': version } = kept.versions;
    const whole = {
      ...kept,
      readme: 'long',
      versions: {
        '1.2.3': {
          ...version,
          description: 'long',
          scripts: { ...version.scripts, test: 'vitest' },
          _npmUser: { ...version._npmUser, name: 'n', email: 'e' },
          dist: { ...version.dist, tarball: 'https://acme.example/' },
        },
      },
    };
    const answer = historyOf(JSON.stringify(whole));
    if (answer.status !== 'found') throw new Error(answer.status);
    expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual(kept);
  });

  it.each([
    ['a page for people', '<html>', 'not-json'],
    ['what breaks off', '{"name":"x","versions":{', 'metadata-malformed'],
    ['a list', '[]', 'metadata-malformed'],
    [
      'a version twice',
      '{"name":"x","versions":{"1.2.3":{},"1.2.3":{"dist":{}}}}',
      'metadata-malformed',
    ],
    [
      'what nests too deeply',
      `{"name":"x","versions":${'['.repeat(80)}${']'.repeat(80)}}`,
      'metadata-malformed',
    ],
    [
      'too much',
      `{"name":"x","versions":{"1.2.3":{"deprecated":"${'x'.repeat(9 * MIB)}"}}}`,
      'too-large',
    ],
  ])('is not had from %s', (_what, text, code) => {
    expect(historyOf(text)).toMatchObject({ status: 'unavailable', code });
  });
});

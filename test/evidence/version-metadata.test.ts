import { describe, expect, it } from 'vitest';

import {
  parseVersionMetadata,
  type VersionMetadata,
} from '../../src/evidence/version-metadata.js';
import { jsonBytes, METADATA, SIGNED } from './dependencies.js';

const TRUSTED = { trustedPublisher: { id: 'github' } };
const APPROVED = { approver: { name: 'somebody' } };
const ID = { name: '@acme/widget', version: '1.2.3' };

describe('the metadata of a version', () => {
  it.each<[string, unknown, Partial<VersionMetadata>]>([
    ['nothing', {}, {}],
    ['an integrity', { integrity: 'sha512-x' }, { integrity: 'sha512-x' }],
    ['signatures', SIGNED, SIGNED],
    ['an empty list of signatures', { signatures: [] }, {}],
    ['null for signatures', { signatures: null }, {}],
    [
      'attestations elsewhere',
      { attestations: { url: 'https://evil.example/' } },
      { advertisesAttestations: true, hosts: ['evil.example'] },
    ],
    [
      'attestations of no known shape',
      { attestations: false },
      { advertisesAttestations: true },
    ],
    ['null for attestations', { attestations: null }, {}],
    [
      'a publish time, which is not for a manifest to say',
      { time: '2024-11-02T10:14:07.123Z', publishedAt: '2024-11-02' },
      { publishedAt: null },
    ],
  ])('is read with %s', (_what, dist, expected) => {
    const body = jsonBytes({ ...ID, dist, deprecated: 'x' });
    expect(parseVersionMetadata(body, ID)).toEqual({
      status: 'parsed',
      metadata: { ...METADATA, ...expected },
    });
  });

  it.each<[string, unknown, VersionMetadata['publication']]>([
    ['a trusted publisher', TRUSTED, 'trusted-publisher'],
    ['an approver', APPROVED, 'staged'],
    ['both', { ...TRUSTED, ...APPROVED }, 'staged'],
    ['somebody', { name: 'somebody' }, undefined],
    ['null for a publisher', { trustedPublisher: null }, undefined],
    ['true for a publisher', { trustedPublisher: true }, undefined],
    ['text for an approver', { approver: 'somebody' }, undefined],
    ['a list for an approver', { approver: [{ name: 'x' }] }, undefined],
    ['text', 'trustedPublisher', undefined],
    ['a list', [TRUSTED], undefined],
    ['a member of the member', { name: TRUSTED }, undefined],
  ])('says who published: %s', (_what, publisher, publication) => {
    const body = jsonBytes({ ...ID, dist: {}, _npmUser: publisher });
    expect(parseVersionMetadata(body, ID)).toEqual({
      status: 'parsed',
      metadata: { ...METADATA, ...(publication && { publication }) },
    });
  });

  it('takes no publisher from a prototype', () => {
    const text = `{"name":"${ID.name}","version":"${ID.version}","dist":{},"_npmUser":{"__proto__":${JSON.stringify(TRUSTED)}}}`;
    expect(parseVersionMetadata(Buffer.from(text), ID)).toMatchObject({
      status: 'unavailable',
      code: 'metadata-malformed',
    });
  });

  it.each<[string, unknown]>([
    ['another name', { ...ID, name: 'widget', dist: {} }],
    ['the name in other case', { ...ID, name: '@acme/Widget', dist: {} }],
    ['another version', { ...ID, version: '1.2.4', dist: {} }],
    ['no name', { version: '1.2.3', dist: {} }],
    ['no version', { name: ID.name, dist: {} }],
    ['no dist', ID],
    ['null for dist', { ...ID, dist: null }],
    ['a list for dist', { ...ID, dist: [] }],
    ['an integrity that is no string', { ...ID, dist: { integrity: 1 } }],
    ['signatures that are no list', { ...ID, dist: { signatures: {} } }],
    ['null among signatures', { ...ID, dist: { signatures: [null] } }],
    [
      'a signature without key',
      { ...ID, dist: { signatures: [{ sig: 's' }] } },
    ],
    [
      'a signature that is no string',
      { ...ID, dist: { signatures: [{ keyid: 'k', sig: 1 }] } },
    ],
    [
      'very many signatures',
      { ...ID, dist: { signatures: Array(33).fill(SIGNED.signatures[0]) } },
    ],
    ['a packument for a manifest', { name: ID.name, versions: {} }],
    ['an error', { error: 'not found' }],
    ['a list', [{ ...ID, dist: {} }]],
    ['null', null],
    [
      'inherited members only',
      JSON.parse('{"__proto__":{"name":"@acme/widget"}}'),
    ],
  ])('is unusable with %s', (_defect, manifest) => {
    expect(parseVersionMetadata(jsonBytes(manifest), ID)).toMatchObject({
      status: 'unavailable',
      code: 'metadata-malformed',
    });
  });

  it.each([
    ['a part', '{"name":', 'truncated'],
    ['a page', '<html>', 'not-json'],
    ['a key twice', '{"name":"a","name":"b"}', 'metadata-malformed'],
  ])('is not there where the body is %s', (_what, body, code) => {
    expect(parseVersionMetadata(Buffer.from(body), ID)).toMatchObject({
      status: 'unavailable',
      code,
    });
  });

  it.each([
    ['at most 2 MiB', 0, 'parsed'],
    ['no more', 1, 'metadata-malformed'],
  ])('has %s', (_what, more, expected) => {
    const bare = jsonBytes({ ...ID, dist: {}, readme: '' });
    const readme = 'x'.repeat(2 * 1024 * 1024 - bare.length + more);
    const body = jsonBytes({ ...ID, dist: {}, readme });
    const result = parseVersionMetadata(body, ID);
    expect('code' in result ? result.code : result.status).toBe(expected);
  });
});

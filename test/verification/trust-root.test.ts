import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { AuditError } from '../../src/errors.js';
import type { TrustRootDocuments } from '../../src/verification/trust-root-documents.js';
import { parseTrustRoot } from '../../src/verification/trust-root.js';

const sigstore = await createSigstore();
const KEYS = bytes(sigstore.npmKeys);
const NO_KEYS = bytes({ keys: [] });
const HONEST: TrustRootDocuments = {
  origin: 'file',
  trustedRoot: bytes(sigstore.trustedRoot),
  registryKeys: { scope: 'every-registry', keys: KEYS },
  rootVersion: null,
  expires: null,
  refreshedAt: null,
  tuf: null,
};

function bytes(value: unknown): Buffer {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

function sha256(...parts: readonly Uint8Array[]): string {
  return createHash('sha256').update(Buffer.concat(parts)).digest('hex');
}

/** The honest trusted root after `change`, as a text in which it is easy. */
function withRoot(change: (text: string) => string): TrustRootDocuments {
  const text = change(JSON.stringify(sigstore.trustedRoot));
  return { ...HONEST, trustedRoot: Buffer.from(text) };
}

function withMember(key: string, value: unknown): TrustRootDocuments {
  const root = { ...Object(sigstore.trustedRoot), [key]: value } as unknown;
  return { ...HONEST, trustedRoot: bytes(root) };
}

function member(key: string): unknown {
  const root = Object(sigstore.trustedRoot) as Record<string, unknown>;
  return root[key];
}

function withKeys(
  keys: TrustRootDocuments['registryKeys'],
): TrustRootDocuments {
  return { ...HONEST, registryKeys: keys };
}

function byHost(
  ...files: readonly (readonly [string, Uint8Array])[]
): TrustRootDocuments {
  return withKeys({ scope: 'by-host', keys: new Map(files) });
}

const WITHOUT_TIME = withRoot((text) => {
  const root = JSON.parse(text) as object;
  return JSON.stringify({ ...root, tlogs: [], timestampAuthorities: [] });
});
const START = '"validFor":{"start":"2021-01-12T11:53:27.000Z"}';
const OTHER_TYPES = [
  'application/vnd.dev.sigstore.trustedroot.v0.1+json',
  'application/vnd.dev.sigstore.trustedroot.v0.2+json',
];

/** Below the document itself, as deep as 33 levels. */
const DEEP = `${'['.repeat(32)}${']'.repeat(32)}`;

function withOneOfEach(text: string): string {
  const root = JSON.parse(text) as {
    readonly tlogs: readonly unknown[];
    readonly timestampAuthorities: readonly unknown[];
  };
  const tlogs = root.tlogs.slice(0, 1);
  const timestampAuthorities = root.timestampAuthorities.slice(0, 1);
  return JSON.stringify({ ...root, tlogs, timestampAuthorities });
}

/** The first of all validity periods ends. */
function withEnd(end: string): TrustRootDocuments {
  return withRoot((text) =>
    text.replace(START, START.replace('}', `,"end":"${end}"}`)),
  );
}

describe('documents that can be a trust root', () => {
  it.each<[string, TrustRootDocuments]>([
    ['as Sigstore publishes it', HONEST],
    ...OTHER_TYPES.map((type): [string, TrustRootDocuments] => [
      type,
      withMember('mediaType', type),
    ]),
    ['with a member that nobody knows', withMember('future', { a: 1 })],
    [
      'with ends of validity',
      withRoot((text) =>
        text.replaceAll(
          START,
          START.replace('}', ',"end":"2040-01-01T00:00:00Z"}'),
        ),
      ),
    ],
    ['without CT logs', withMember('ctlogs', [])],
    ['with an authority for time stamps alone', withMember('tlogs', [])],
    ['of 4 MiB', withRoot((text) => text.padEnd(4 * 1024 * 1024))],
    ['with one log and one authority', withRoot(withOneOfEach)],
    ['with a log alone', withMember('timestampAuthorities', [])],
    ['with a validity of one instant', withEnd('2021-01-12T11:53:27.000Z')],
    [
      'with an empty key file',
      withKeys({ scope: 'every-registry', keys: NO_KEYS }),
    ],
    ['without key files', byHost()],
  ])('%s', (_what, documents) => {
    expect(parseTrustRoot(documents).trustedRootSha256).toBe(
      sha256(documents.trustedRoot),
    );
  });

  it('takes over where they come from', () => {
    const provenance = {
      origin: 'cache',
      rootVersion: 16,
      expires: new Date('2027-04-22T00:00:00Z'),
      refreshedAt: new Date('2026-06-01T00:00:00Z'),
      tuf: {
        mirrorUrl: 'https://tuf.example/',
        timestampVersion: 400,
        signedUntil: new Date('2026-06-08T00:00:00Z'),
        firstRoot: {
          origin: 'library',
          version: 14,
          expires: new Date('2026-06-22T00:00:00Z'),
        },
      },
    } as const;
    expect(parseTrustRoot({ ...HONEST, ...provenance })).toMatchObject(
      provenance,
    );
  });
});

describe('documents that cannot', () => {
  it.each<[string, TrustRootDocuments]>([
    ['nothing', withRoot(() => '')],
    ['not JSON', withRoot(() => 'trusted')],
    ['cut off', withRoot((text) => text.slice(0, -10))],
    ['null', withRoot(() => 'null')],
    ['a list', withRoot((text) => `[${text}]`)],
    ['a key twice', withRoot((text) => text.replace('{', '{"tlogs":[],'))],
    ['no UTF-8', { ...HONEST, trustedRoot: Buffer.from([0x22, 0xff, 0x22]) }],
    ['no media type', withMember('mediaType', undefined)],
    [
      'another media type',
      withMember('mediaType', 'application/vnd.dev.sigstore.bundle.v0.3+json'),
    ],
    [
      'a later version of the media type',
      withMember(
        'mediaType',
        'application/vnd.dev.sigstore.trustedroot+json;version=0.9',
      ),
    ],
    ['no certificate authority', withMember('certificateAuthorities', [])],
    ['no logs and no time stamps', WITHOUT_TIME],
    [
      'a log without a key',
      withMember('tlogs', [{ logId: { keyId: 'AA==' } }]),
    ],
    [
      'a log whose key is no key',
      withRoot((text) =>
        text.replace(/"rawBytes":"[^"]+"/, '"rawBytes":"AAAA"'),
      ),
    ],
    [
      'no start for one',
      withRoot((text) => text.replace(START, '"validFor":{}')),
    ],
    ['no validity for one', withRoot((text) => text.replace(START, '"x":0'))],
    [
      'a start that is no date',
      withRoot((text) => text.replace('2021-01-12T11:53:27.000Z', 'long ago')),
    ],
    [
      'an authority without a start',
      withMember(
        'certificateAuthorities',
        JSON.parse(
          JSON.stringify(member('certificateAuthorities')).replace(
            START,
            '"validFor":{}',
          ),
        ) as unknown,
      ),
    ],
    [
      'a CT log without a start',
      withMember(
        'ctlogs',
        JSON.parse(
          JSON.stringify(member('ctlogs')).replace(START, '"validFor":{}'),
        ),
      ),
    ],
    [
      'an authority whose certificate is none',
      withMember('certificateAuthorities', [
        {
          certChain: { certificates: [{ rawBytes: 'AAAA' }] },
          validFor: { start: '2021-01-12T11:53:27.000Z' },
        },
      ]),
    ],
    [
      'keys that are not JSON',
      withKeys({ scope: 'every-registry', keys: bytes('x') }),
    ],
    [
      'keys without their list',
      withKeys({ scope: 'every-registry', keys: bytes({}) }),
    ],
    [
      'one bad key file of several',
      byHost(['npm.acme.example', KEYS], ['other.example', bytes({})]),
    ],
  ])('%s', (_defect, documents) => {
    const parse = () => parseTrustRoot(documents);
    expect(parse).toThrow(AuditError);
    expect(parse).toThrow(
      expect.objectContaining({ code: 'TRUST_ROOT_INVALID' }),
    );
  });

  it.each<[string, TrustRootDocuments, string | RegExp]>([
    ['a list', withRoot((text) => `[${text}]`), /^trusted root: \S/],
    [
      'more than 4 MiB',
      withRoot((text) => text.padEnd(4 * 1024 * 1024 + 1)),
      'trusted root: larger than 4194304 bytes',
    ],
    [
      'more than 32 levels',
      withRoot((text) => text.replace('{', `{"x":${DEEP},`)),
      /^trusted root: .*(?:deep|nest)/,
    ],
    [
      'no trusted root',
      withRoot((text) => text.replace('SHA2_256', 'nothing')),
      'trusted root: not a trusted root document',
    ],
    [
      'no media type',
      withMember('mediaType', undefined),
      'trusted root: expected a Sigstore trusted root, found media type (none)',
    ],
    [
      'another media type',
      withMember('mediaType', 'text/html'),
      'trusted root: expected a Sigstore trusted root, found media type text/html',
    ],
    [
      'no authority',
      withMember('certificateAuthorities', []),
      'trusted root: it names no certificate authority',
    ],
    [
      'no log and no time stamps',
      WITHOUT_TIME,
      'trusted root: it names no transparency log and no timestamp authority',
    ],
    [
      'an end before the start',
      withEnd('2021-01-12T11:53:26.999Z'),
      'trusted root: a validity period ends before it starts',
    ],
    [
      'no start',
      withRoot((text) => text.replace(START, '"validFor":{}')),
      'trusted root: a validity period has no start',
    ],
    [
      'no key',
      withRoot((text) =>
        text.replace(/"rawBytes":"[^"]+"/, '"rawBytes":"AAAA"'),
      ),
      'trusted root: a key or certificate in it cannot be read',
    ],
    [
      'keys for every registry',
      withKeys({ scope: 'every-registry', keys: bytes({}) }),
      /^registry keys: \S/,
    ],
    [
      'keys of one registry',
      byHost(['other.example', bytes({})]),
      /^registry keys of other\.example: \S/,
    ],
  ])('says why: %s', (_defect, documents, message) => {
    expect(() => parseTrustRoot(documents)).toThrow(message);
  });

  it('names the registry whose keys are unusable', () => {
    expect(() => parseTrustRoot(byHost(['other.example', bytes({})]))).toThrow(
      /other\.example/,
    );
  });
});

describe('the keys of a registry', () => {
  it.each<[string, TrustRootDocuments, string, number | null]>([
    ['from a file for all', HONEST, 'https://any.example/npm/', 5],
    [
      'of its host',
      byHost(['npm.acme.example', KEYS]),
      'https://npm.acme.example/',
      5,
    ],
    [
      'whatever the path below the host',
      byHost(['npm.acme.example', KEYS]),
      'https://npm.acme.example/team/',
      5,
    ],
    [
      'of its host with its port',
      byHost(['127.0.0.1:4873', KEYS]),
      'http://127.0.0.1:4873/',
      5,
    ],
    [
      'none known for another port',
      byHost(['127.0.0.1:4873', KEYS]),
      'http://127.0.0.1:4874/',
      null,
    ],
    [
      'none known for another host',
      byHost(['npm.acme.example', KEYS]),
      'https://acme.example/',
      null,
    ],
    [
      'none known for a longer name',
      byHost(['npm.acme.example', KEYS]),
      'https://npm.acme.example.evil.example/',
      null,
    ],
    ['none known for anybody', byHost(), 'https://npm.acme.example/', null],
    [
      'known to be none',
      byHost(['npm.acme.example', NO_KEYS]),
      'https://npm.acme.example/',
      0,
    ],
  ])('%s', (_what, documents, registry, count) => {
    const keys = parseTrustRoot(documents).keysFor(registry);
    expect(keys?.length ?? null).toBe(count);
  });

  it('belong to one verifier per registry', () => {
    const root = parseTrustRoot(HONEST);
    const verifier = root.verifierFor('https://npm.acme.example/');
    expect(root.verifierFor('https://npm.acme.example/team/')).toBe(verifier);
    expect(root.verifierFor('https://other.example/')).not.toBe(verifier);
  });
});

describe('the digest of the keys', () => {
  const one = bytes({ keys: [] });
  const two = bytes({ keys: [], x: 1 });

  it.each<[string, TrustRootDocuments, string | null]>([
    ['of a file for all', HONEST, sha256(KEYS)],
    [
      'of the only host’s file as it is',
      byHost(['a.example', KEYS]),
      sha256(KEYS),
    ],
    ['of none', byHost(), null],
    [
      'of several with their hosts, whatever their order',
      byHost(['b.example', two], ['a.example', one]),
      sha256(bytes(`a.example ${sha256(one)}\nb.example ${sha256(two)}\n`)),
    ],
  ])('%s', (_what, documents, digest) => {
    expect(parseTrustRoot(documents).npmKeysSha256).toBe(digest);
  });
});

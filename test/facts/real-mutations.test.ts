import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  PROVENANCE,
  PUBLISH,
  withAttestationOf,
  withFlippedPayloadByte,
  withKeyid,
} from '../../fixtures/mutations.js';
import {
  attestPackage,
  PUBLISH_V01,
  type AttestationDocumentJson,
} from '../../fixtures/statements.js';
import type { TrustRoot } from '../../src/verification/trust-root.js';
import { sharedArchive } from '../shared-data.js';
import {
  attest,
  document,
  expectRejected,
  expectVerified,
  ID,
  judgeOurs,
  OTHER_SHA512,
  sigstore,
} from './hostile-scene.js';
import { judge, readTrustRoot, toBytes } from './judge.js';

/**
 * Rows R02, R06, R08 and R09 of the hostile inputs: real documents changed by
 * somebody who cannot sign, and the same with documents of our own. Skipped
 * where the recorded documents are not beside this repository.
 */
const real = await sharedArchive('real-attestations');
const folder = real ?? '';
const NOW = new Date('2026-11-23T00:00:00Z');
/** Each of another form: none at all, no key's, a key's, an object's member. */
const KEY_IDS = [
  '0',
  ' ',
  'null',
  '__proto__',
  'SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA',
];

interface Entry {
  readonly file: string;
  readonly package: string;
  readonly variant: string | null;
  readonly expected: string;
  readonly subjectIntegrity: string;
}

async function readJson(...path: readonly string[]): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, ...path), 'utf8'));
}

const { entries } = (
  real === null ? { entries: [] } : await readJson('index.json')
) as { readonly entries: readonly Entry[] };
const valid = entries.filter(({ expected }) => expected === 'valid');

function readDocument(entry: Entry): Promise<AttestationDocumentJson> {
  return readJson(entry.file) as Promise<AttestationDocumentJson>;
}

/** What the document establishes for the package that the entry is about. */
async function judgeAs(entry: Entry, body: unknown, trustRoot?: TrustRoot) {
  const at = entry.package.lastIndexOf('@');
  const pinned = {
    name: entry.package.slice(0, at),
    version: entry.package.slice(at + 1),
    integrity: entry.subjectIntegrity,
  };
  const usual = () => trustRootWith('npm-keys.json');
  const circumstances = { trustRoot: trustRoot ?? (await usual()), now: NOW };
  return judge(pinned, toBytes(body), circumstances);
}

function trustRootWith(keys: string): Promise<TrustRoot> {
  const trust = join(folder, 'trust');
  return readTrustRoot(
    join(trust, 'public-good-trusted_root.json'),
    join(trust, keys),
  );
}

/** Recorded documents have their attestations in either order. */
function provenanceAt({ attestations }: AttestationDocumentJson): number {
  return attestations.findIndex(
    ({ predicateType }) => predicateType !== PUBLISH_V01,
  );
}

describe('our own documents, changed', () => {
  it.each(KEY_IDS)('R02 provenance with key id “%s” is refused', (keyid) => {
    expectRejected(
      judgeOurs(withKeyid(document, keyid)),
      'invalid',
      'bundle-malformed',
    );
  });

  it('R02 provenance with an empty key id is what npm writes', () => {
    expectVerified(judgeOurs(withKeyid(document, '')));
  });

  it('R06 provenance of another package beside our publish attestation', () => {
    const other = attestPackage(
      sigstore,
      { ...ID, name: 'gadget' },
      OTHER_SHA512,
    );
    const facts = judgeOurs(withAttestationOf(document, other));
    expectRejected(facts, 'mismatch', 'subject-digest');
    expect(
      facts.rejections.every(({ attestation }) => attestation === PROVENANCE),
    ).toBe(true);
  });

  it('R08 publish key whose window ended before the log time', () => {
    const ended = attest({ publishSigning: { key: 'ended' } });
    expectRejected(judgeOurs(ended), 'invalid', 'publish-key');
  });

  it.each([
    ['R09 provenance', PROVENANCE],
    ['R09 publish attestation', PUBLISH],
  ])('%s with an invalid signature', (_what, index) => {
    const changed = withFlippedPayloadByte(document, 40, index);
    expectRejected(judgeOurs(changed), 'invalid', 'log-entry');
  });
});

describe.skipIf(real === null)('real documents, changed', () => {
  it('there are some, and they are verified as they are', async () => {
    expect(valid.length).toBeGreaterThan(2);
    for (const entry of valid) {
      expectVerified(await judgeAs(entry, await readDocument(entry)));
    }
  });

  it('R02 provenance with any key id is refused, unless it is empty', async () => {
    for (const entry of valid) {
      const original = await readDocument(entry);
      const index = provenanceAt(original);
      expectVerified(await judgeAs(entry, withKeyid(original, '', index)));
      for (const keyid of KEY_IDS) {
        const facts = await judgeAs(entry, withKeyid(original, keyid, index));
        expectRejected(facts, 'invalid', 'bundle-malformed');
      }
    }
  });

  it('R06 provenance of one package in the document of each other', async () => {
    const documents = await Promise.all(
      valid.map(async (entry) => ({ entry, body: await readDocument(entry) })),
    );
    for (const { entry, body } of documents) {
      const own = provenanceAt(body);
      for (const other of documents) {
        if (other.entry === entry) continue;
        const foreign = other.body.attestations[provenanceAt(other.body)];
        const attestations = body.attestations.map((each, index) =>
          index === own && foreign !== undefined ? foreign : each,
        );
        const facts = await judgeAs(entry, { attestations });
        expectRejected(facts, 'mismatch', 'subject-digest');
        expect(
          facts.rejections.every(({ attestation }) => attestation === own),
        ).toBe(true);
      }
    }
  });

  it('R08 publish keys whose windows end before the log time', async () => {
    const { keys } = (await readJson('trust', 'npm-keys.json')) as {
      readonly keys: readonly {
        readonly publicKey: { readonly validFor: { readonly start: string } };
      }[];
    };
    const ended = keys.map((key) => {
      const { start } = key.publicKey.validFor;
      const end = new Date(Date.parse(start) + 1000).toISOString();
      const publicKey = { ...key.publicKey, validFor: { start, end } };
      return { ...key, publicKey };
    });
    await writeFile(
      join(folder, 'trust', 'ended-keys.json'),
      JSON.stringify({ keys: ended }),
    );
    const trustRoot = await trustRootWith('ended-keys.json');
    for (const entry of valid) {
      const body = await readDocument(entry);
      const facts = await judgeAs(entry, body, trustRoot);
      expectRejected(facts, 'invalid', 'publish-key');
    }
  });

  it.each(['invalidsigprov', 'invalidsigpub'])(
    'R09 variants %s',
    async (name) => {
      const variants = entries.filter(({ variant }) => variant === name);
      expect(variants.length).toBeGreaterThan(0);
      for (const entry of variants) {
        const facts = await judgeAs(entry, await readDocument(entry));
        expectRejected(facts, 'invalid', 'log-entry');
        expect(facts.rejections).toHaveLength(1);
      }
    },
  );
});

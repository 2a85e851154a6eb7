import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutProvenance, withoutPublish } from '../../fixtures/mutations.js';
import {
  PROVENANCE,
  mutateBundle,
  withMaterial,
} from '../../fixtures/mutate.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  attestPackage,
  githubIdentity,
  withOldCertificate,
  type AttestationDocumentJson,
} from '../../fixtures/statements.js';
import { parseAttestationDocument } from '../../src/evidence/attestation-document.js';
import { establishFacts } from '../../src/facts/establish-facts.js';
import { parseTrustRoot } from '../../src/verification/trust-root.js';
import { ACME_REGISTRY, ID, SHA512, SRI, pinned } from './samples.js';

/**
 * Whatever somebody without a key changes in an honest document, it is verified
 * no more, unless the change leaves alone what is signed: see `UNSIGNED`.
 */
const sigstore = await createSigstore();
const toBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const CONTEXT = {
  trustRoot: parseTrustRoot({
    origin: 'file',
    trustedRoot: toBytes(sigstore.trustedRoot),
    registryKeys: { scope: 'every-registry', keys: toBytes(sigstore.npmKeys) },
    rootVersion: null,
    expires: null,
    refreshedAt: null,
  }),
  // One where a provenance or a publication may stand alone, to be quicker.
  registry: ACME_REGISTRY,
  publicRegistry: 'https://registry.example/',
  conflictingPins: new Set<string>(),
  now: sigstore.now,
};
const options = { registry: ACME_REGISTRY };
const newest = attestPackage(sigstore, ID, SHA512, options);
const older = attestPackage(sigstore, ID, SHA512, {
  ...options,
  provenance: 'gha/v2',
  signing: { version: 'v0.2' },
});
const early = withRestOfChain(
  attestPackage(sigstore, ID, SHA512, {
    ...options,
    provenance: 'gha@v0',
    identity: withOldCertificate(githubIdentity()),
    signing: { version: 'v0.1' },
  }),
);
const DOCUMENTS: readonly (readonly [string, unknown])[] = [
  ['a provenance of today', withoutPublish(newest)],
  ['a provenance in a v0.2 bundle', withoutPublish(older)],
  ['a provenance of the first days, with its chain', withoutPublish(early)],
  ['a publish attestation', withoutProvenance(newest)],
];

/** Early bundles hold the authority's certificates as well. */
function withRestOfChain(
  document: AttestationDocumentJson,
): AttestationDocumentJson {
  const root = JSON.stringify(sigstore.trustedRoot);
  const authorities = [...root.matchAll(/\{"rawBytes":"(MII[^"]+)"\}/g)].map(
    ([, rawBytes = '']) => ({ rawBytes }),
  );
  return mutateBundle(document, PROVENANCE, (bundle) => {
    const [leaf] =
      bundle.verificationMaterial.x509CertificateChain?.certificates ?? [];
    if (leaf === undefined) throw new Error('no certificate');
    const certificates = [leaf, ...authorities];
    return withMaterial(bundle, { x509CertificateChain: { certificates } });
  });
}

/**
 * Members that nobody signs. Each may be changed, or be gone, without a reason
 * to reject: nothing is decided by it.
 *
 * - `mediaType`: another known bundle version whose shape fits as well; the
 *   v0.2 and v0.3 bundles of a key differ in nothing else.
 * - `keyid`: a hint. DSSE leaves it out of what is signed; another text than
 *   the bundle's own hint is refused, an absent one is not.
 * - `timestampVerificationData`: holds no time stamp here, so that without it
 *   the same times are proven, those of the log's promise.
 */
const UNSIGNED = new Set(['mediaType', 'keyid', 'timestampVerificationData']);

/**
 * A document reduced to what is signed, or decides. Besides `UNSIGNED`, this
 * leaves out
 *
 * - members that an honest document does not have: later versions may add some,
 *   so they are ignored;
 * - all certificates of a chain but the first: who issued that one is looked up
 *   in the trusted root;
 * - how the signature of a checkpoint is spelled: the library reads that base64
 *   leniently. The bytes it stands for are compared.
 */
function essence(value: unknown, known: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((each) => essence(each, known));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .filter(([key]) => known.has(key) && !UNSIGNED.has(key))
    .map(([key, member]: [string, unknown]) => {
      if (key === 'envelope' && typeof member === 'string') {
        return [key, member.replace(/(?<=\u2014 \S+ ).+(?=\n$)/u, toHex)];
      }
      const isChain = key === 'certificates' && Array.isArray(member);
      return [key, essence(isChain ? member.slice(0, 1) : member, known)];
    });
  return Object.fromEntries(members) as unknown;
}

function toHex(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}

function keysOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    Array.isArray(value) ? keysOf(member) : [key, ...keysOf(member)],
  );
}

function outcomeOf(body: Uint8Array): string {
  const document = parseAttestationDocument(body);
  if (document.status === 'empty' || document.status === 'unavailable') {
    return document.status;
  }
  const metadata = {
    integrity: SRI,
    signatures: [],
    advertisesAttestations: true,
    advertisesProvenance: false,
  };
  return establishFacts(
    pinned(),
    { status: 'attested', metadata, document },
    CONTEXT,
  ).verification;
}

/** Fails if `body` is verified though it says something else than `honest`. */
function expectNoOtherTruth(body: Uint8Array, honest: unknown): void {
  const outcome = outcomeOf(body);
  // A changed document is never taken for "there is nothing".
  expect(outcome).not.toBe('none');
  if (outcome !== 'verified') return;
  const known = new Set(keysOf(honest));
  const read: unknown = JSON.parse(Buffer.from(body).toString());
  expect(essence(read, known)).toEqual(essence(honest, known));
}

/** Positions outside long texts: member names, short values, punctuation. */
function shortPositions(text: string): readonly number[] {
  const long = [...text.matchAll(/"[^"]{100,}"/g)].map(
    ({ index, 0: { length } }) => [index, index + length] as const,
  );
  return Array.from({ length: text.length }, (_, position) => position).filter(
    (position) =>
      !long.some(([start, end]) => position > start && position < end),
  );
}

describe.each(DOCUMENTS)('%s', (_what, honest) => {
  const bytes = toBytes(honest);
  // One character for each byte, so that positions agree.
  const text = bytes.toString('latin1');

  it('is verified, also with other white space', () => {
    expect(outcomeOf(bytes)).toBe('verified');
    const spaced = JSON.stringify(honest, null, 2).replaceAll('\n', '\r\n\t');
    expect(outcomeOf(Buffer.from(spaced))).toBe('verified');
  });

  it('is not with a byte changed', () => {
    const anywhere = fc.nat(bytes.length - 1);
    const telling = fc.constantFrom(...shortPositions(text));
    fc.assert(
      fc.property(
        fc.oneof(anywhere, telling),
        fc.integer({ min: 1, max: 255 }),
        (position, mask) => {
          const changed = Buffer.from(bytes);
          changed[position] = (changed[position] ?? 0) ^ mask;
          expectNoOtherTruth(changed, honest);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is not with a value replaced or removed', () => {
    for (const path of pathsOf(honest)) {
      for (const changed of variantsAt(honest, path)) {
        expectNoOtherTruth(toBytes(changed), honest);
      }
    }
  });
});

type Path = readonly string[];

/** Every path below the root, parents before their members. */
function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [
    [...path, key],
    ...pathsOf(member, [...path, key]),
  ]);
}

const REPLACEMENTS: readonly unknown[] = [null, 0, '', [], {}, 'a'];

function variantsAt(value: unknown, path: Path): readonly unknown[] {
  return [
    ...REPLACEMENTS.map((other) => changeAt(value, path, () => [other])),
    changeAt(value, path, () => []),
  ];
}

/** A copy in which the value at `path` is `change()[0]`, or is gone. */
function changeAt(
  value: unknown,
  [key, ...rest]: Path,
  change: () => readonly unknown[],
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(
    ([own, member]: [string, unknown]) => {
      if (own !== key) return [[own, member] as const];
      if (rest.length > 0)
        return [[own, changeAt(member, rest, change)] as const];
      return change().map((other) => [own, other] as const);
    },
  );
  return Array.isArray(value)
    ? entries.map(([, member]) => member)
    : Object.fromEntries(entries);
}

import { describe, expect, it } from 'vitest';
import { FAMILIES, LEAST_MUTATIONS, MUTATIONS, shareOf } from './budget.js';
import { twinOfBase64, twinOfCheckpoint } from './ecdsa-twin.js';
import { createTrial, outcomeOf, toBody, type Specimen } from './harness.js';
import { addMember, changeAt, replaceAt, valueAt, type Path } from './json.js';
import { textAt } from './signed-fields.js';
import { createSpecimens } from './specimens.js';
import {
  UNAUTHENTICATED,
  differencesOf,
  unexplained,
} from './unauthenticated.js';

const { specimens } = await createSpecimens();
const BUNDLE: Path = ['attestations', '0', 'bundle'];
const MATERIAL: Path = [...BUNDLE, 'verificationMaterial'];

function remove(document: unknown, path: Path): unknown {
  return changeAt(document, path, () => []);
}

const ENTRY: Path = [...MATERIAL, 'tlogEntries', '0'];
const PROMISE: Path = [...ENTRY, 'inclusionPromise', 'signedEntryTimestamp'];
const CHECKPOINT: Path = [...ENTRY, 'inclusionProof', 'checkpoint', 'envelope'];
const SIGNATURE: Path = [...BUNDLE, 'dsseEnvelope', 'signatures', '0', 'sig'];

function respell(
  document: unknown,
  path: Path,
  change: (text: string) => string,
): unknown {
  return replaceAt(document, path, change(textAt(document, path)));
}

/** One example for each place: whose document, and what is done to it. */
const EXAMPLES: readonly (readonly [
  string,
  string,
  (document: unknown) => unknown,
])[] = [
  [
    'members that no bundle has',
    'a provenance of today',
    (document) => addMember(document, BUNDLE, ['payload', 'anything']),
  ],
  [
    'mediaType, among those of the known versions',
    'a publish attestation',
    (document) =>
      replaceAt(
        document,
        [...BUNDLE, 'mediaType'],
        'application/vnd.dev.sigstore.bundle.v0.3+json',
      ),
  ],
  [
    'keyid of the signature, empty or absent',
    'a publish attestation',
    (document) =>
      remove(document, [...BUNDLE, 'dsseEnvelope', 'signatures', '0', 'keyid']),
  ],
  [
    'timestampVerificationData without any timestamp',
    'a provenance of today',
    (document) => remove(document, [...MATERIAL, 'timestampVerificationData']),
  ],
  [
    'certificates of a chain after the first',
    'a provenance of the first days, with its chain',
    (document) =>
      remove(document, [
        ...MATERIAL,
        'x509CertificateChain',
        'certificates',
        '1',
      ]),
  ],
  [
    'an inclusion proof of a v0.1 bundle, gone',
    'a provenance in a v0.1 bundle with a proof',
    (document) =>
      remove(document, [...MATERIAL, 'tlogEntries', '0', 'inclusionProof']),
  ],
  [
    'the log’s signatures, promise and checkpoint, as their twins',
    'a provenance of today',
    (document) =>
      respell(
        respell(document, PROMISE, twinOfBase64),
        CHECKPOINT,
        twinOfCheckpoint,
      ),
  ],
  [
    'the same attestation once more',
    'a provenance of today',
    (document) =>
      changeAt(document, ['attestations', '0'], (key, member) => [
        [key, member],
        [key, member],
      ]),
  ],
];

function specimenOf(title: string): Specimen {
  const specimen = specimens.find((each) => each.title === title);
  if (specimen === undefined) throw new Error(`no specimen ${title}`);
  return specimen;
}

describe('the list of unauthenticated places', () => {
  it('has an example for each', () => {
    expect(EXAMPLES.map(([title]) => title)).toEqual(
      UNAUTHENTICATED.map(({ title }) => title),
    );
  });

  // A place that is checked by now must leave the list.
  it.each(EXAMPLES)('still needs: %s', (place, title, change) => {
    const specimen = specimenOf(title);
    const changed = change(specimen.document);
    expect(outcomeOf(specimen, toBody(changed))).toBe('verified');
    const documents = { honest: specimen.document, found: changed };
    const differences = differencesOf(specimen.document, changed);
    expect(differences.length).toBeGreaterThan(0);
    for (const difference of differences) {
      const explaining = UNAUTHENTICATED.filter(({ explains }) =>
        explains(difference, documents),
      );
      expect(explaining.map((each) => each.title)).toEqual([place]);
    }
  });

  it.each([
    ['another payload', 'dsseEnvelope', 'payload'],
    ['another signature', 'dsseEnvelope', 'signatures', '0', 'sig'],
    ['another certificate', 'verificationMaterial', 'certificate', 'rawBytes'],
    ['an unknown media type', 'mediaType'],
    ['another key id', 'dsseEnvelope', 'signatures', '0', 'keyid'],
    [
      'another log index',
      'verificationMaterial',
      'tlogEntries',
      '0',
      'logIndex',
    ],
  ])('does not hold %s', (_what, ...names) => {
    const { document } = specimenOf('a provenance of today');
    const path = [...BUNDLE, ...names];
    expect(typeof valueAt(document, path)).toBe('string');
    const changed = replaceAt(document, path, 'MEUCIQ==');
    expect(unexplained(document, changed)).toHaveLength(1);
    const isFree = names.at(-1) === 'keyid';
    const left = unexplained(document, remove(document, path));
    expect(left.length > 0).toBe(!isFree);
  });
});

it('does not verify the twin of an envelope’s signature', () => {
  for (const specimen of specimens) {
    const changed = respell(specimen.document, SIGNATURE, twinOfBase64);
    expect(differencesOf(specimen.document, changed)).toHaveLength(1);
    expect(outcomeOf(specimen, toBody(changed))).toBe('rejected');
  }
});

describe('a trial', () => {
  const specimen = specimenOf('a provenance of today');
  const lying: Specimen = {
    ...specimen,
    document: { attestations: [] },
    body: Buffer.from('{}'),
  };

  it('fails when something else is verified', () => {
    expect(() =>
      createTrial().attempt(lying, specimen.body, 'nothing'),
    ).toThrow(/wrongly verified: a provenance of today, nothing\nattestations/);
    expect(() =>
      createTrial({ isStrict: true }).attempt(lying, specimen.body, 'nothing'),
    ).toThrow(/wrongly verified/);
  });

  it('counts no change that changes nothing', () => {
    const trial = createTrial();
    expect(trial.attempt(specimen, specimen.body, 'nothing')).toBe(false);
    expect(trial.count()).toBe(0);
    expect(trial.attempt(specimen, Buffer.from('{}'), 'all')).toBe(true);
    expect(trial.count()).toBe(1);
  });
});

it('takes enough mutations', () => {
  const all = FAMILIES.reduce((sum, family) => sum + shareOf(family), 0);
  expect(all).toBeGreaterThanOrEqual(MUTATIONS);
  expect(MUTATIONS).toBeGreaterThanOrEqual(LEAST_MUTATIONS);
});

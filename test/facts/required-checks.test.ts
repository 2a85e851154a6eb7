import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  githubIdentity,
  gitlabIdentity,
  withOldCertificate,
} from '../../fixtures/identities.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  attestPackage,
  publishStatement,
  type AttestOptions,
} from '../../fixtures/statements.js';
import type { Facts } from '../../src/facts/facts.js';
import { requireChecks } from '../../src/facts/required-checks.js';
import { sriOfSha512 } from '../../src/package/integrity.js';
import type { CheckId } from '../../src/verification/check-catalogue.js';
import { failed, notMade, type Check } from '../../src/verification/check.js';
import type { VerifiedAttestation } from '../../src/verification/verification.js';
import { ID } from '../verification/samples.js';
import { judge, toBytes, trustRootOf } from './judge.js';
import { signedBy, verified } from './verified.js';

const sigstore = await createSigstore();
const sha512 = createHash('sha512').update('bytes').digest('hex');
const PUBLISH = 0;
const PROVENANCE = 1;

/** Facts as they are really established, with what they are derived from. */
function establish(options: AttestOptions = {}): {
  readonly facts: Facts;
  readonly attestations: readonly VerifiedAttestation[];
} {
  const facts = judge(
    { ...ID, integrity: sriOfSha512(sha512) },
    toBytes(attestPackage(sigstore, ID, sha512, options)),
    { trustRoot: trustRootOf(sigstore), now: sigstore.now },
  );
  expect(facts.rejections).toEqual([]);
  const { buildType = '', predicateType = '' } = facts.provenance ?? {};
  const statement = {
    ...publishStatement(ID, sha512),
    predicateType,
    predicate: { buildType },
  };
  const key = { kind: 'key', keyId: 'x' } as const;
  const signer = signedBy(options.identity ?? githubIdentity());
  return {
    facts,
    attestations: [
      verified(publishStatement(ID, sha512), key, PUBLISH),
      verified(statement, signer, PROVENANCE),
    ],
  };
}

const V1 = establish();
const V02 = establish({ provenance: 'gha/v2' });
const GITLAB = establish({ identity: gitlabIdentity() });
const LIMITED = establish({
  provenance: 'gha@v0',
  identity: withOldCertificate(githubIdentity()),
});

type Established = ReturnType<typeof establish>;

/** As if `id` of the attestation at `index` had come out otherwise. */
function accepts(
  { facts, attestations }: Established,
  id: CheckId,
  index: number | null,
  outcome: (check: Check) => readonly Check[],
): boolean {
  const checks = facts.checks.flatMap((each) =>
    each.check === id && each.attestation === index
      ? outcome(each).map((made) => ({ ...made, attestation: index }))
      : [each],
  );
  expect(checks).not.toEqual(facts.checks);
  try {
    requireChecks({ ...facts, checks }, attestations);
    return true;
  } catch (error) {
    const where = index === null ? 'this version' : `attestation ${index}`;
    expect(error).toEqual(
      new Error(`verified without the check ${id} of ${where}`),
    );
    return false;
  }
}

const forgotten = () => [];
const skipped = ({ check }: Check) => [notMade(check, 'otherwise')];
const refused = ({ check }: Check) => [
  failed(check, { kind: 'mismatch', code: 'signature', message: '' }),
];
const both = (check: Check) => [check, ...refused(check)];

const BUNDLE: readonly CheckId[] = [
  'media-type',
  'bundle-content',
  'payload-type',
  'log-entry-form',
  'canonical-form',
  'key-id',
  'timestamp',
  'log-inclusion',
  'signature',
  'log-entry-distinct',
  'log-signer',
];
const STATEMENT: readonly CheckId[] = [
  'statement-form',
  'statement-type',
  'predicate-type',
  'known-type',
  'subject-count',
  'subject-name',
  'subject-digest',
];
const CERTIFICATE: readonly CheckId[] = [
  'certificate-chain',
  'certificate-extensions',
  'certificate-usage',
  'certificate-values',
];
/** Whatever the predicate, and whatever the time. */
const ALWAYS: readonly CheckId[] = [
  'signed-by-certificate',
  'issuer',
  'signer',
  'build-type',
  'builder',
  'predicate-form',
  'source-repository',
];
const BY_ALL_BUT_OLD: readonly CheckId[] = ['source-revision', 'run'];
const BY_GITHUB: readonly CheckId[] = ['source-ref', 'workflow', 'event'];
const BY_V1: readonly CheckId[] = [
  'source-repository-id',
  'source-owner-id',
  'workflow-ref',
  'runner',
];
const BY_NONE: readonly CheckId[] = ['workflow-revision'];
const LOG: readonly CheckId[] = ['log-time', 'log-proof'];
const VERSION: readonly CheckId[] = [
  'entry-kind',
  'real-name',
  'name-and-version',
  'integrity',
  'digest',
  'one-pin',
  'registry-asked',
  'answer',
  'clock',
  'document',
];
const VERSION_IF_ANY: readonly CheckId[] = [
  'tarball-url',
  'registry-integrity',
  'provenance-served',
  'provenance-agreement',
  'subjects-agree',
  'publish-present',
];

type Row = readonly [string, Established, number | null, readonly CheckId[]];

/** Must pass: a word for them that they were not made is not enough. */
const MUST_PASS: readonly Row[] = [
  [
    'a provenance, v1',
    V1,
    PROVENANCE,
    [
      ...BUNDLE,
      ...CERTIFICATE,
      ...STATEMENT,
      ...ALWAYS,
      ...BY_ALL_BUT_OLD,
      ...BY_GITHUB,
      ...BY_V1,
    ],
  ],
  [
    'a provenance, v0.2 of GitHub',
    V02,
    PROVENANCE,
    [...ALWAYS, ...BY_ALL_BUT_OLD, ...BY_GITHUB],
  ],
  [
    'a provenance of GitLab',
    GITLAB,
    PROVENANCE,
    [...ALWAYS, ...BY_ALL_BUT_OLD],
  ],
  ['a provenance with an old certificate', LIMITED, PROVENANCE, ALWAYS],
  [
    'a publication',
    V1,
    PUBLISH,
    [
      ...BUNDLE,
      'signing-key',
      ...STATEMENT,
      'signed-by-key',
      'publish-name',
      'publish-version',
      'publish-registry',
    ],
  ],
  ['a version', V1, null, VERSION],
];

/** Must be recorded, but may have had nothing to compare. */
const MAY_BE_SKIPPED: readonly Row[] = [
  ['a provenance, v1', V1, PROVENANCE, [...LOG, ...BY_NONE]],
  ['a provenance, v0.2 of GitHub', V02, PROVENANCE, [...BY_V1, ...BY_NONE]],
  [
    'a provenance of GitLab',
    GITLAB,
    PROVENANCE,
    [...BY_GITHUB, ...BY_V1, ...BY_NONE],
  ],
  [
    'a provenance with an old certificate',
    LIMITED,
    PROVENANCE,
    [...BY_ALL_BUT_OLD, ...BY_GITHUB, ...BY_V1, ...BY_NONE],
  ],
  ['a publication', V1, PUBLISH, LOG],
  ['a version', V1, null, VERSION_IF_ANY],
];

describe('a verified version without a check', () => {
  it.each([...MUST_PASS, ...MAY_BE_SKIPPED])(
    'that was forgotten or refused is a defect: %s',
    (_what, established, index, ids) => {
      for (const id of ids) {
        expect([id, accepts(established, id, index, forgotten)]).toEqual([
          id,
          false,
        ]);
        expect([id, accepts(established, id, index, refused)]).toEqual([
          id,
          false,
        ]);
        expect([id, accepts(established, id, index, both)]).toEqual([
          id,
          false,
        ]);
      }
    },
  );

  it.each(MUST_PASS)(
    'that was skipped is a defect: %s',
    (_what, established, index, ids) => {
      for (const id of ids) {
        expect([id, accepts(established, id, index, skipped)]).toEqual([
          id,
          false,
        ]);
      }
    },
  );

  it.each(MAY_BE_SKIPPED)(
    'that has nothing to compare is none: %s',
    (_what, established, index, ids) => {
      for (const id of ids) {
        expect([id, accepts(established, id, index, skipped)]).toEqual([
          id,
          true,
        ]);
      }
    },
  );

  it('is a defect even if another attestation has it', () => {
    const { facts, attestations } = V1;
    const checks = facts.checks.map((each) =>
      each.check === 'signature' && each.attestation === PROVENANCE
        ? { ...each, attestation: PUBLISH }
        : each,
    );
    expect(() => {
      requireChecks({ ...facts, checks }, attestations);
    }).toThrow('verified without the check signature of attestation 1');
  });
});

describe('what rests on no check', () => {
  it.each<Facts['verification']>(['rejected', 'unverifiable', 'none'])(
    'is a version that is %s',
    (verification) => {
      const facts = { ...V1.facts, verification, checks: [] };
      expect(() => {
        requireChecks(facts, V1.attestations);
      }).not.toThrow();
    },
  );

  it('is an attestation of a type that nothing reads', () => {
    const { facts, attestations } = V1;
    const statement = {
      ...publishStatement(ID, sha512),
      predicateType: 'https://x.example/v1',
    };
    const unread = verified(statement, { kind: 'key', keyId: 'x' }, 5);
    expect(() => {
      requireChecks(facts, [...attestations, unread]);
    }).not.toThrow();
  });

  it('is nothing else: what is really recorded is complete', () => {
    for (const { facts, attestations } of [V1, V02, GITLAB, LIMITED]) {
      expect(facts.verification).toBe('verified');
      expect(() => {
        requireChecks(facts, attestations);
      }).not.toThrow();
      expect(() => {
        requireChecks({ ...facts, checks: [] }, attestations);
      }).toThrow('verified without the check entry-kind of this version');
    }
  });
});

describe('of a weaker binding', () => {
  it.each(['tarball', 'registry'] as const)(
    '%s no pin is required',
    (binding) => {
      const { facts, attestations } = V1;
      const bound = { facts: { ...facts, binding }, attestations };
      expect(accepts(bound, 'integrity', null, skipped)).toBe(true);
      expect(accepts(bound, 'integrity', null, forgotten)).toBe(false);
      expect(accepts(bound, 'integrity', null, refused)).toBe(false);
      // That there is a digest at all, and whose, is required all the same.
      expect(accepts(bound, 'digest', null, skipped)).toBe(false);
      expect(accepts(bound, 'one-pin', null, skipped)).toBe(false);
    },
  );

  it.each(['lockfile', null] as const)('none at all: %s', (binding) => {
    const { facts, attestations } = V1;
    const bound = { facts: { ...facts, binding }, attestations };
    expect(accepts(bound, 'integrity', null, skipped)).toBe(false);
  });
});

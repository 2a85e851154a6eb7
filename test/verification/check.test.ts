import { describe, expect, it } from 'vitest';
import {
  allPassed,
  failed,
  notMade,
  ofAttestation,
  passed,
  rejectionsOf,
  undecided,
  unverifiableOf,
  type Check,
} from '../../src/verification/check.js';

const PASSED = passed('signature');
const FAILED = failed('issuer', {
  kind: 'mismatch',
  code: 'identity-issuer',
  message: 'another issuer',
  expected: 'ours',
  found: 'theirs',
});
const UNDECIDED = undecided(
  'signing-key',
  { code: 'registry-keys-missing', message: 'no keys' },
  { found: 'a key id' },
);
const NOT_MADE = notMade('log-proof', 'there is none');

describe('a check', () => {
  it.each<[string, Check, unknown]>([
    [
      'that passed, without sides',
      PASSED,
      {
        check: 'signature',
        outcome: 'passed',
        attestation: null,
        expected: null,
        found: null,
      },
    ],
    [
      'that passed, with one side',
      passed('log-proof', { expected: undefined, found: 'a size' }),
      {
        check: 'log-proof',
        outcome: 'passed',
        attestation: null,
        expected: null,
        found: 'a size',
      },
    ],
    [
      'that failed',
      FAILED,
      {
        check: 'issuer',
        outcome: 'failed',
        kind: 'mismatch',
        code: 'identity-issuer',
        message: 'another issuer',
        attestation: null,
        expected: 'ours',
        found: 'theirs',
      },
    ],
    [
      'that could not be decided',
      UNDECIDED,
      {
        check: 'signing-key',
        outcome: 'undecided',
        code: 'registry-keys-missing',
        message: 'no keys',
        attestation: null,
        expected: null,
        found: 'a key id',
      },
    ],
    [
      'that was not made',
      NOT_MADE,
      {
        check: 'log-proof',
        outcome: 'not-made',
        message: 'there is none',
        attestation: null,
        expected: null,
        found: null,
      },
    ],
  ])('%s', (_what, check, value) => {
    expect(check).toEqual(value);
  });

  it('of an attestation differs in its position alone', () => {
    expect(ofAttestation([FAILED, NOT_MADE], 3)).toEqual([
      { ...FAILED, attestation: 3 },
      { ...NOT_MADE, attestation: 3 },
    ]);
    expect(FAILED.attestation).toBeNull();
  });
});

describe('what all checks together say', () => {
  it.each<[string, readonly Check[], boolean]>([
    ['one that passed', [PASSED], true],
    ['two that passed', [PASSED, PASSED], true],
    ['nothing, which proves nothing', [], false],
    ['one that failed', [PASSED, FAILED], false],
    ['one that could not be decided', [UNDECIDED, PASSED], false],
    ['one that was not made', [PASSED, NOT_MADE], false],
  ])('%s: %s', (_what, checks, holds) => {
    expect(allPassed(checks)).toBe(holds);
  });

  it('is a rejection for each that failed, in order', () => {
    const other = failed('signature', {
      kind: 'invalid',
      code: 'signature',
      message: 'forged',
    });
    const checks = [
      PASSED,
      ...ofAttestation([other], 1),
      UNDECIDED,
      FAILED,
      NOT_MADE,
    ];
    expect(rejectionsOf(checks)).toEqual([
      {
        kind: 'invalid',
        code: 'signature',
        attestation: 1,
        message: 'forged',
        expected: null,
        found: null,
      },
      {
        kind: 'mismatch',
        code: 'identity-issuer',
        attestation: null,
        message: 'another issuer',
        expected: 'ours',
        found: 'theirs',
      },
    ]);
  });

  it('is unverifiable for each that could not be decided', () => {
    expect(unverifiableOf([PASSED, UNDECIDED, FAILED, NOT_MADE])).toEqual([
      { code: 'registry-keys-missing', message: 'no keys' },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import {
  REJECTION_CODES,
  rankRejections,
  type Rejection,
  type RejectionCode,
} from '../../src/verification/verification.js';

function rejection(
  code: RejectionCode,
  attestation: number | null = null,
): Rejection {
  return {
    kind: 'invalid',
    code,
    attestation,
    message: '',
    expected: null,
    found: null,
  };
}

describe('the order of rejections', () => {
  it('is that of the codes, the most telling first', () => {
    const all = REJECTION_CODES.map((code) => rejection(code));
    expect(rankRejections(all.toReversed())).toEqual(all);
  });

  it('is by position within a code, and nothing is dropped', () => {
    const first = rejection('signature', null);
    const second = rejection('signature', 0);
    const third = rejection('signature', 2);
    const last = rejection('publish-missing');
    expect(rankRejections([last, third, second, first, second])).toEqual([
      first,
      second,
      second,
      third,
      last,
    ]);
  });

  it('leaves its argument alone', () => {
    const given = [rejection('publish-missing'), rejection('signature')];
    rankRejections(given);
    expect(given.map(({ code }) => code)).toEqual([
      'publish-missing',
      'signature',
    ]);
  });

  it('has each code once', () => {
    expect(new Set(REJECTION_CODES).size).toBe(REJECTION_CODES.length);
  });
});

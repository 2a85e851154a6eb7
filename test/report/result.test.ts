import { describe, expect, it } from 'vitest';
import type { Consequence } from '../../src/policy/verdict.js';
import { resultOf } from '../../src/report/result.js';

const error = (consequence: Consequence) =>
  ({ level: 'error', consequence, exempted: null }) as const;
const warning = (consequence: Consequence) =>
  ({ level: 'warning', consequence, exempted: null }) as const;

const EXEMPTED = {
  by: 'exemption',
  reason: 'reviewed',
  owner: null,
  expires: '2027-03-01',
  policyLine: null,
} as const;

describe('resultOf', () => {
  it.each([
    ['no finding', [], 'pass', 0],
    ['warnings only', [warning('tampered'), warning('violated')], 'pass', 0],
    [
      'an exempted one',
      [{ ...error('violated'), exempted: EXEMPTED }],
      'pass',
      0,
    ],
    ['an incomplete one', [error('incomplete')], 'incomplete', 3],
    ['a violated one', [error('violated')], 'violated', 1],
    ['a tampered one', [error('tampered')], 'tampered', 4],
    [
      'violated and incomplete',
      [error('incomplete'), error('violated')],
      'violated',
      1,
    ],
    [
      'all of them',
      [error('incomplete'), error('violated'), error('tampered')],
      'tampered',
      4,
    ],
    [
      'a warning graver than the error',
      [warning('tampered'), error('incomplete')],
      'incomplete',
      3,
    ],
  ] as const)('sums up %s', (_what, findings, result, exitCode) => {
    expect(resultOf(findings)).toEqual({ result, exitCode });
  });
});

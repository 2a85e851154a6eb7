import { describe, expect, it } from 'vitest';
import { orderChecks } from '../../src/facts/order-checks.js';
import type { CHECKS } from '../../src/verification/check-catalogue.js';
import { passed, type Check } from '../../src/verification/check.js';

function at(check: keyof typeof CHECKS, attestation: number | null): Check {
  return { ...passed(check), attestation };
}

describe('the order of checks', () => {
  const ordered = [
    at('entry-kind', null),
    at('one-pin', null),
    at('registry-asked', null),
    at('unsigned-metadata', null),
    at('media-type', 0),
    at('publish-registry', 0),
    at('media-type', 1),
    at('run', 1),
    at('media-type', 31),
    at('provenance-agreement', null),
    at('subjects-agree', null),
    at('publish-present', null),
  ];

  it('is lockfile and registry, each attestation, then all of them', () => {
    expect(orderChecks(ordered.toReversed())).toEqual(ordered);
    expect(orderChecks(ordered)).toEqual(ordered);
  });

  it('is the one in which they were made, for equal ones', () => {
    const first = passed('event', { found: 'a' });
    const second = passed('event', { found: 'b' });
    expect(orderChecks([second, first])).toEqual([second, first]);
    expect(orderChecks([first, second])).toEqual([first, second]);
  });
});

import { describe, expect, it } from 'vitest';
import { NO_PINS, type Pins } from '../../../src/policy/pins/pins.js';
import { DEFAULT_POLICY, type Policy } from '../../../src/policy/policy.js';
import type { Proposed } from '../../../src/policy/rule.js';
import { RULES } from '../../../src/policy/rules/index.js';
import { PROVEN_PIN, UNPROVEN_PIN, pinsOf } from '../pins/samples.js';
import { ruleContextOf } from '../subjects.js';

const PINS = pinsOf({ 'a@1.0.0': PROVEN_PIN, 'b@1.0.0': UNPROVEN_PIN });
const LOWER = pinsOf({ 'a@1.0.0': UNPROVEN_PIN, 'b@1.0.0': UNPROVEN_PIN });
const DENYING = { deniedEvents: ['issue_comment'] };

function observe(
  id: string,
  base: { readonly policy?: Partial<Policy>; readonly pins?: Pins },
  proposed: Partial<Proposed> | null,
) {
  const rule = RULES.find((each) => each.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return rule.evaluate([], {
    ...ruleContextOf(base.policy),
    pins: base.pins ?? NO_PINS,
    proposed: proposed && {
      policy: DEFAULT_POLICY,
      pins: NO_PINS,
      ...proposed,
    },
  });
}

describe('policy-weakened', () => {
  it('says in which way, with both sides', () => {
    expect(observe('policy-weakened', { policy: DENYING }, {})).toEqual([
      {
        subject: null,
        message:
          'the working tree’s policy asks for less: events, issue_comment',
        expected: 'denied',
        found: 'allowed',
      },
    ]);
  });

  it('is about pins as well, but not about all of them at once', () => {
    const base = { pins: PINS };
    expect(observe('policy-weakened', base, { pins: LOWER })).toMatchObject([
      {
        message: 'the working tree’s policy asks for less: pins, a@1.0.0',
        expected: 'level provenance',
        found: 'level registry-signature',
      },
    ]);
    expect(observe('policy-weakened', base, {})).toEqual([]);
  });

  it('finds nothing where nothing is less, or compared', () => {
    expect(observe('policy-weakened', { pins: LOWER }, { pins: PINS })).toEqual(
      [],
    );
    expect(
      observe('policy-weakened', { policy: DENYING, pins: PINS }, null),
    ).toEqual([]);
  });
});

describe('baseline-missing', () => {
  it('finds that pins are gone', () => {
    expect(observe('baseline-missing', { pins: PINS }, {})).toEqual([
      {
        subject: null,
        message: 'provenance.lock.json has no pins any more',
        expected: 'pins of packages: 2',
        found: 'none',
      },
    ]);
  });

  it('finds nothing where some are left, none were, or nothing is compared', () => {
    const left = pinsOf({ 'b@1.0.0': UNPROVEN_PIN });
    const base = { pins: PINS };
    expect(observe('baseline-missing', base, { pins: left })).toEqual([]);
    expect(observe('baseline-missing', {}, {})).toEqual([]);
    expect(observe('baseline-missing', base, null)).toEqual([]);
  });
});

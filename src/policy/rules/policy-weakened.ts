import type { Rule } from '../rule.js';
import { findWeakenings } from '../weaker/find-weakenings.js';
import { weakerPins } from '../weaker/weaker-pins.js';

export const policyWeakened: Rule = {
  id: 'policy-weakened',
  title: 'The working tree asks for less than the commit it is held against',
  meaning:
    'With --policy-from, policy and pins of that commit govern. Those of the ' +
    'working tree, which would govern after a merge, ask for less in this ' +
    'way: a lower level or threshold, a demand less, a new exemption, a pin ' +
    'that is gone or changed … Compared is what they mean; where it cannot ' +
    'be said that something else is as much, it counts as less.',
  remedy:
    'Take the change back, or have somebody who may weaken the policy look ' +
    'at just this and merge it in spite of the finding.',
  example: 'the working tree’s policy asks for less: coverage, production',
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'policy',
  evaluate: (_subjects, { policy, pins, proposed, rules }) => {
    if (proposed === null) return [];
    const isGone = proposed.pins.size === 0;
    return [
      ...findWeakenings(policy, proposed.policy, rules),
      // Of all of them at once baseline-missing speaks.
      ...(isGone ? [] : weakerPins(pins, proposed.pins)),
    ].map(({ what, expected, found }) => ({
      subject: null,
      message: `the working tree’s policy asks for less: ${what}`,
      expected,
      found,
    }));
  },
};

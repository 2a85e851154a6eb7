import { isFarAhead } from '../expiry.js';
import { allEntries, describeEntry } from '../idle-exemptions.js';
import { atLine } from '../identity-demand.js';
import type { Rule } from '../rule.js';

export const exemptionTooLong: Rule = {
  id: 'exemption-too-long',
  title: 'An exemption or acknowledgement holds for years',
  meaning:
    'The entry holds for more than two years from now. Nobody will have to ' +
    'look at it again until then, so it is a change of the policy rather ' +
    'than an exception to it.',
  remedy:
    'Set a date by which somebody can be expected to look at it again, or ' +
    'change the policy.',
  example: 'the exemption of left-pad@1.3.0 holds for more than two years',
  defaultLevel: 'warning',
  consequence: 'violated',
  about: 'policy',
  evaluate: (_subjects, context) =>
    allEntries(context)
      .filter((entry) => isFarAhead(entry, context.now))
      .map((entry) => ({
        subject: null,
        message: `${describeEntry(entry)} holds for more than two years`,
        expected: 'at most two years from now',
        found: entry.expires,
        ...atLine(entry),
      })),
};

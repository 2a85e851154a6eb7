import { hasExpired } from '../expiry.js';
import {
  allEntries,
  describeEntry,
  isAboutFinding,
} from '../idle-exemptions.js';
import { atLine } from '../identity-demand.js';
import type { Rule } from '../rule.js';

export const exemptionExpired: Rule = {
  id: 'exemption-expired',
  title: 'An exemption or acknowledgement has expired',
  meaning:
    'The last day on which the entry holds is over, by UTC. What it was ' +
    'about counts again. Somebody meant to decide anew by then.',
  remedy:
    'Look at it again: mend what it was about, or set a new date with a ' +
    'reason that holds today.',
  example: 'the exemption of left-pad@1.3.0 expired: findings that count: 1',
  setting: `exemptions:
  - package: left-pad@1.3.0
    rules: [provenance-missing]
    reason: unmaintained, vendored copy reviewed
    expires: 2027-03-01
`,
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'policy',
  evaluate: (_subjects, context) =>
    allEntries(context)
      .filter((entry) => hasExpired(entry, context.now))
      .map((entry) => {
        const open = context.findings.filter(
          (finding) =>
            finding.exempted === null && isAboutFinding(entry, finding),
        ).length;
        return {
          subject: null,
          message:
            open === 0
              ? `${describeEntry(entry)} expired, and nothing needs it`
              : `${describeEntry(entry)} expired: findings that count: ${open}`,
          expected: `${context.now.toISOString().slice(0, 10)} or later`,
          found: entry.expires,
          ...(open === 0 ? { remedy: 'Remove the entry.' } : {}),
          ...atLine(entry),
        };
      }),
};

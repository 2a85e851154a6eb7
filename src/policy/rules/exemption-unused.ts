import { findExempting, isAbout } from '../exempt.js';
import { hasExpired } from '../expiry.js';
import {
  describeEntry,
  whyAcknowledgementIdle,
  whyExemptionIdle,
  type IdleReason,
} from '../idle-exemptions.js';
import { atLine } from '../identity-demand.js';
import { isLeftOut } from '../left-out.js';
import type { Acknowledgement, Exemption } from '../policy.js';
import type { Observation, Rule } from '../rule.js';
import type { Subject } from '../verdict.js';

export const exemptionUnused: Rule = {
  id: 'exemption-unused',
  title: 'An exemption or acknowledgement that nothing needs',
  meaning:
    'The entry takes no weight from any finding: what it is about is no ' +
    'longer there or has changed, another entry comes before it, or it was ' +
    'never right. It would hide the next finding that happens to fit. A ' +
    'changed byte or another reason of rejection makes an acknowledgement ' +
    'void, and the rejection counts again. Nothing is said about an entry for a ' +
    'package that a selection has left out.',
  remedy:
    'Remove the entry. If it should have an effect, look again at what it ' +
    'is about and write that down.',
  example:
    'the exemption of left-pad@1.3.0 has no effect: the lockfile has other ' +
    'versions of the package',
  defaultLevel: 'warning',
  consequence: 'violated',
  about: 'policy',
  evaluate: (subjects, context) => {
    const { policy, findings, now } = context;
    const used = new Set(
      findings.flatMap((finding) => findExempting(finding, context) ?? []),
    );
    // Of those that have expired exemption-expired speaks.
    const leftOut = subjects.filter(isLeftOut);
    const isIdle = (entry: Exemption | Acknowledgement): boolean =>
      !used.has(entry) &&
      !hasExpired(entry, now) &&
      !leftOut.some((subject) => isNamed(entry, subject));
    return [
      ...policy.exemptions
        .filter(isIdle)
        .map((entry) =>
          observe(entry, whyExemptionIdle(entry, subjects, findings)),
        ),
      ...policy.acknowledged
        .filter(isIdle)
        .map((entry) =>
          observe(entry, whyAcknowledgementIdle(entry, subjects, findings)),
        ),
    ];
  },
};

/** Whether the entry names this version, whatever would be found about it. */
function isNamed(
  entry: Exemption | Acknowledgement,
  subject: Subject,
): boolean {
  if (!('version' in entry)) return isAbout(entry, subject);
  const { name, version } = subject.dependency.id;
  return entry.name === name && entry.version === version;
}

function observe(
  entry: Exemption | Acknowledgement,
  { message, expected, found }: IdleReason,
): Observation {
  return {
    subject: null,
    message: `${describeEntry(entry)} has no effect: ${message}`,
    expected,
    found,
    ...atLine(entry),
  };
}

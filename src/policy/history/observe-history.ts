import { isAnswered } from '../answered.js';
import type { Observation } from '../rule.js';
import type { Subject } from '../verdict.js';
import { placeRelease, type PlacedRelease } from './placed-release.js';

/**
 * What `judge` finds in each subject that is answered for, with its place in the
 * history of the package. Where that is not known it is said to be open: what
 * withholds the history must not pass for a quiet one. Of rejected, unavailable
 * and unverifiable evidence other rules speak.
 */
export function observeHistory(
  subjects: readonly Subject[],
  judge: (
    subject: Subject,
    release: PlacedRelease,
  ) => Omit<Observation, 'subject'> | null,
): readonly Observation[] {
  return subjects.flatMap((subject) => {
    if (!isAnswered(subject)) return [];
    const placement = placeRelease(subject);
    if (placement.status === 'unknown') {
      return [openAbout(subject, placement.message)];
    }
    const found = judge(subject, placement.release);
    return found === null ? [] : [{ ...found, subject }];
  });
}

/** What cannot be told is not met, and not violated. */
export function openAbout(subject: Subject, reason: string): Observation {
  return {
    subject,
    message: `cannot be compared with earlier versions: ${reason}`,
    expected: null,
    found: null,
    remedy:
      'Run the audit again where the registry can be asked for all versions ' +
      'of the package, or turn this rule off for it.',
    consequence: 'incomplete',
  };
}

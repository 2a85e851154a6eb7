import { isAnswered } from '../answered.js';
import type { Subject } from '../verdict.js';
import { comparePin, type PinComparison } from './compare-pin.js';
import { NOTHING_PROVEN, toPin, type Pin } from './pin.js';
import { pinFor, type EffectivePin, type Pins } from './pins.js';

/** A package that is pinned, held against its pin. */
export interface PinnedSubject {
  readonly subject: Subject;
  readonly pinned: EffectivePin;
  readonly found: Pin;
  readonly comparison: PinComparison;
}

/** Sources that take the place of a registry's package, with no proof at all. */
const REPLACEMENTS: readonly string[] = ['git', 'file', 'remote-tarball'];

/**
 * Those of which it is known what is proven, held against their pins. Of
 * rejected, unavailable and unverifiable evidence other rules speak.
 */
export function pinnedSubjects(
  subjects: readonly Subject[],
  pins: Pins,
): readonly PinnedSubject[] {
  return subjects.flatMap((subject) => {
    const pinned = pinFor(pins, subject.dependency.id);
    const found = findProven(subject);
    if (pinned === null || found === null) return [];
    return [
      { subject, pinned, found, comparison: comparePin(pinned.pin, found) },
    ];
  });
}

/** What is proven of a subject; null where that is not known, or not asked. */
export function findProven(subject: Subject): Pin | null {
  const { facts, evidence } = subject;
  if (facts === null) {
    const isReplaced =
      evidence.status === 'not-applicable' &&
      REPLACEMENTS.includes(evidence.reason);
    return isReplaced ? NOTHING_PROVEN : null;
  }
  return isAnswered(subject) ? toPin(facts) : null;
}

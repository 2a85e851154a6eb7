import { LEVELS } from '../../facts/facts.js';
import { comparePin } from '../pins/compare-pin.js';
import type { Pin } from '../pins/pin.js';
import { pinFor, type Pins } from '../pins/pins.js';
import { foldGithubCase } from '../source-pattern.js';
import { distinct, NOT_THERE, type Weakening } from './weakening.js';

/** A version of a line in which nothing is pinned. */
const NEW_LINE = '999999999.0.0';
const COMPARED = [
  'ownerId',
  'workflow',
  'builder',
  'issuer',
  'refKind',
] as const;

/**
 * Packages that `proposed` holds against less, or against something else, than
 * `base` does. Looked at is every version at which either changes, and one of
 * another line: between those, what holds stays the same.
 *
 * A new name of the same repository is no other source, nor are ids that an old
 * pin did not have.
 */
export function weakerPins(base: Pins, proposed: Pins): readonly Weakening[] {
  const all = [...base.keys()].flatMap((name) => {
    const versions = [base, proposed].flatMap((pins) =>
      (pins.get(name) ?? []).map(({ version }) => version),
    );
    return [...versions, NEW_LINE].flatMap((version): Weakening[] => {
      const before = pinFor(base, { name, version });
      const after = pinFor(proposed, { name, version });
      if (before === null) return [];
      if (after !== null && isAsStrict(after.pin, before.pin)) return [];
      return [
        {
          what: `pins, ${name}@${before.version}`,
          ...describe(before.pin, after?.pin ?? null),
        },
      ];
    });
  });
  return distinct(all);
}

function isAsStrict(pin: Pin, than: Pin): boolean {
  if (LEVELS.indexOf(pin.level) < LEVELS.indexOf(than.level)) return false;
  if (than.source === null) return true;
  return (
    (than.sourceId === null
      ? foldGithubCase(pin.source ?? '') === foldGithubCase(than.source)
      : pin.sourceId === than.sourceId) &&
    COMPARED.every((key) => than[key] === null || pin[key] === than[key])
  );
}

function describe(
  before: Pin,
  after: Pin | null,
): Pick<Weakening, 'expected' | 'found'> {
  if (after === null)
    return { expected: `level ${before.level}`, found: NOT_THERE };
  const { changes, isLower } = comparePin(before, after);
  const level = { what: 'level', expected: before.level, found: after.level };
  const all = [...(isLower ? [level] : []), ...changes];
  if (all.length === 0) {
    return { expected: 'all that is pinned', found: 'less of the identity' };
  }
  return {
    expected: all.map((each) => `${each.what} ${each.expected}`).join(', '),
    found: all.map((each) => `${each.what} ${each.found}`).join(', '),
  };
}

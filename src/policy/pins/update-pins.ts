import { LEVELS } from '../../facts/facts.js';
import { isExactVersion } from '../../lockfile/npm-grammar.js';
import type { PackageId } from '../../package/package-id.js';
import type { Subject } from '../verdict.js';
import { comparePin, isAsPinned, type PinComparison } from './compare-pin.js';
import type { Pin } from './pin.js';
import { findProven } from './pinned-subjects.js';
import {
  compareVersions,
  pinFor,
  type EffectivePin,
  type PinnedVersion,
  type Pins,
} from './pins.js';

/** What a user allows to be changed. */
export interface PinChoices {
  /** Names of packages that may be less, or other, than they are pinned. */
  readonly accept: ReadonlySet<string>;
  /** Drop the pins that nothing in the lockfile is held against. */
  readonly prune: boolean;
}

/** What became of one version of a package. */
export interface PinOutcome {
  readonly id: PackageId;
  /**
   * `added`: first pinned, in its version line; `raised`: more is known of it
   * than was pinned; `accepted`: less or other, as the user allows; `left`: less
   * or other, so its pin stays; `unknown`, `rejected`: nothing is known of it, so
   * its pin stays, if it has one.
   */
  readonly status:
    | 'unchanged'
    | 'added'
    | 'raised'
    | 'accepted'
    | 'left'
    | 'unknown'
    | 'rejected';
  /** What it was held against; null if nothing was pinned. */
  readonly pinned: EffectivePin | null;
  /** Null if nothing is pinned, or nothing known. */
  readonly comparison: PinComparison | null;
  /** What is proven of it; null if that is not known. */
  readonly found: Pin | null;
}

/** New pins, and what became of the packages. */
export interface PinUpdate {
  readonly pins: Pins;
  /** One for each version that was looked at, by name and version. */
  readonly outcomes: readonly PinOutcome[];
  /** Pins that nothing in the lockfile is held against, or were, if pruned. */
  readonly idle: readonly PackageId[];
}

/**
 * The pins of what is proven now. Nothing proven before is given up unless the
 * user names the package; nothing is taken from evidence that was rejected or
 * is not known; what a selection leaves out stays as it is. The order of
 * `subjects` makes no difference.
 */
export function updatePins(
  old: Pins,
  subjects: readonly Subject[],
  choices: PinChoices,
): PinUpdate {
  const byName = groupByName(subjects);
  const outcomes: PinOutcome[] = [];
  const idle: PackageId[] = [];
  const pins = new Map<string, readonly PinnedVersion[]>();
  const names = new Set([...old.keys(), ...byName.keys()]);
  for (const name of [...names].toSorted()) {
    const ofName = byName.get(name) ?? [];
    const known = ofName.flatMap((each) => outcomeOf(each, old, choices) ?? []);
    const list = toPinned(name, old.get(name) ?? [], known);
    const unused = findIdle(
      name,
      list,
      ofName.map(({ id }) => id),
    );
    outcomes.push(...known);
    idle.push(...unused.map(({ version }) => ({ name, version })));
    const kept = choices.prune
      ? list.filter((each) => !unused.includes(each))
      : list;
    if (kept.length > 0) pins.set(name, kept);
  }
  return { pins, outcomes, idle };
}

/** One version of a package, wherever in the lockfile it stands. */
interface Candidate {
  readonly id: PackageId;
  /** Null where that is not known; of several the least. */
  readonly found: Pin | null;
  readonly isInScope: boolean;
  readonly isRejected: boolean;
}

function groupByName(
  subjects: readonly Subject[],
): ReadonlyMap<string, readonly Candidate[]> {
  const byName = new Map<string, Map<string, Candidate>>();
  for (const subject of subjects) {
    const { id } = subject.dependency;
    const versions = byName.get(id.name) ?? new Map<string, Candidate>();
    const other = versions.get(id.version);
    const candidate = {
      id,
      found: findProven(subject),
      isInScope: subject.facts !== null,
      isRejected: subject.facts?.verification === 'rejected',
    };
    versions.set(id.version, other ? lesser(other, candidate) : candidate);
    byName.set(id.name, versions);
  }
  return new Map(
    [...byName].map(([name, versions]) => [
      name,
      [...versions.values()].toSorted((a, b) =>
        compareVersions(a.id.version, b.id.version),
      ),
    ]),
  );
}

/** Of the same version from two places what is true of both. */
function lesser(a: Candidate, b: Candidate): Candidate {
  const isInScope = a.isInScope || b.isInScope;
  if (a.found === null || b.found === null)
    return { ...a, found: null, isInScope };
  const isLess = rankOf(b.found) < rankOf(a.found);
  return { ...(isLess ? b : a), isInScope };
}

/** Null for what was not looked at and could not be pinned. */
function outcomeOf(
  { id, found, isInScope, isRejected }: Candidate,
  old: Pins,
  { accept }: PinChoices,
): PinOutcome | null {
  const pinned = pinFor(old, id);
  const comparison =
    pinned === null || found === null ? null : comparePin(pinned.pin, found);
  const outcome = (status: PinOutcome['status']): PinOutcome => ({
    ...{ id, status, pinned, comparison, found },
  });
  if (isRejected) return outcome('rejected');
  if (found === null) return isInScope ? outcome('unknown') : null;
  // A git commit may be called by what is no version.
  if (!isExactVersion(id.version)) {
    return pinned === null ? null : outcome('left');
  }
  if (pinned === null || comparison === null) {
    return isInScope ? outcome('added') : null;
  }
  if (!isAsPinned(comparison)) {
    return outcome(accept.has(id.name) ? 'accepted' : 'left');
  }
  if (!pinned.isOwnLine) return outcome('added');
  const isSame = isEqual(merge(pinned.pin, found), pinned.pin);
  return outcome(isSame ? 'unchanged' : 'raised');
}

/**
 * The pins of one name. A pin is changed where it stands; versions that are to
 * be held against something else then get a pin of their own.
 */
function toPinned(
  name: string,
  old: readonly PinnedVersion[],
  outcomes: readonly PinOutcome[],
): readonly PinnedVersion[] {
  const pins = new Map(old.map(({ version, pin }) => [version, pin]));
  const wanted = outcomes.flatMap((outcome) => {
    const pin = wantedPin(outcome);
    const { pinned, id } = outcome;
    // A git commit may be called by what is no version, which has no pin of its own.
    if (pin === null || !isExactVersion(id.version)) return [];
    if (pinned?.isOwnLine === true) pins.set(pinned.version, pin);
    return [{ id, pin, isBorrower: mayBorrow(outcome) }];
  });
  // What is set for one version moves others, so until nothing does.
  for (let isStable = false; !isStable;) {
    isStable = true;
    for (const { id, pin, isBorrower } of wanted) {
      const now = pinFor(new Map([[name, toList(pins)]]), id);
      const isInPlace = now?.isOwnLine === true || isBorrower;
      if (now !== null && isInPlace && isEqual(now.pin, pin)) continue;
      pins.set(id.version, pin);
      isStable = false;
    }
  }
  return toList(pins);
}

/** What a version is to be held against; null for what is left alone. */
function wantedPin({ status, pinned, found }: PinOutcome): Pin | null {
  switch (status) {
    case 'accepted':
      return found;
    case 'added':
    case 'raised':
    case 'unchanged':
      if (pinned === null || found === null) return found;
      return merge(pinned.pin, found);
    case 'left':
    case 'unknown':
    case 'rejected':
      return pinned?.pin ?? null;
  }
}

/**
 * Of a line without pins, held against the same pin of another line for as long
 * as it can be. Where that changes, or a better one joins it, the version gets the
 * pin it was held against: else what is left now would be met by the next update.
 */
function mayBorrow({ status, pinned }: PinOutcome): boolean {
  return (
    pinned?.isOwnLine === false &&
    (status === 'left' || status === 'unknown' || status === 'rejected')
  );
}

/** What is known of either; of what both know, what was found. */
function merge(pin: Pin, found: Pin): Pin {
  return {
    level: found.level,
    source: found.source ?? pin.source,
    sourceId: found.sourceId ?? pin.sourceId,
    ownerId: found.ownerId ?? pin.ownerId,
    workflow: found.workflow ?? pin.workflow,
    builder: found.builder ?? pin.builder,
    issuer: found.issuer ?? pin.issuer,
    refKind: found.refKind ?? pin.refKind,
  };
}

function findIdle(
  name: string,
  list: readonly PinnedVersion[],
  ids: readonly PackageId[],
): readonly PinnedVersion[] {
  const pins = new Map([[name, list]]);
  const used = new Set(ids.map((id) => pinFor(pins, id)?.version));
  return list.filter(({ version }) => !used.has(version));
}

function toList(pins: ReadonlyMap<string, Pin>): readonly PinnedVersion[] {
  return [...pins]
    .map(([version, pin]) => ({ version, pin }))
    .toSorted((a, b) => compareVersions(a.version, b.version));
}

function isEqual(a: Pin, b: Pin): boolean {
  const keys = Object.keys(a) as (keyof Pin)[];
  return keys.every((key) => a[key] === b[key]);
}

function rankOf({ level }: Pin): number {
  return LEVELS.indexOf(level);
}

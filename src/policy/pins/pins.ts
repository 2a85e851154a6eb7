import { requireCommonJs } from '../../commonjs.js';
import { LEVELS } from '../../facts/facts.js';
import type { PackageId } from '../../package/package-id.js';
import type { Pin } from './pin.js';

const compareBuild = requireCommonJs('semver/functions/compare-build.js');
const parseVersion = requireCommonJs('semver/functions/parse.js');

/** Largest accepted file: some 100,000 packages. */
export const MAX_PINS_BYTES = 32 * 1024 * 1024;

/** A pin, and from which version on it holds. */
export interface PinnedVersion {
  readonly version: string;
  readonly pin: Pin;
}

/** All pins of a project, by name; those of a name by version, ascending. */
export type Pins = ReadonlyMap<string, readonly PinnedVersion[]>;

/** What a version is held against, and where that is pinned. */
export interface EffectivePin extends PinnedVersion {
  /** Pinned in the version's own line, not borrowed from another one. */
  readonly isOwnLine: boolean;
}

/**
 * The pin that a version is held against; null if its package has none.
 *
 * A pin holds from its version on, in its version line (the versions that
 * `^` takes for compatible): so it survives ordinary updates, while a project
 * that uses an old and a new line side by side has a pin for each. A version
 * older than every pin of its line is held against the oldest; one of a line
 * without pins against the best pin of the package, so that nothing is lost by
 * moving to another line.
 */
export function pinFor(
  pins: Pins,
  { name, version }: PackageId,
): EffectivePin | null {
  const all = pins.get(name) ?? [];
  const line = versionLine(version);
  const own = all.filter((each) => versionLine(each.version) === line);
  const found =
    own.findLast((each) => compareVersions(each.version, version) <= 0) ??
    own[0];
  if (found !== undefined) return { ...found, isOwnLine: true };
  const best = bestPin(all);
  return best === null ? null : { ...best, isOwnLine: false };
}

/** What `^` takes for compatible: `4`, `0.3`; empty for what is no version. */
export function versionLine(version: string): string {
  const parsed = parseVersion(version);
  if (parsed === null) return '';
  const { major, minor } = parsed;
  return major === 0 ? `0.${minor}` : String(major);
}

/** Orders versions, what is no version first. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (left === null || right === null) {
    return Number(left !== null) - Number(right !== null);
  }
  return compareBuild(left, right);
}

/** The one that proves most; of several the newest. */
function bestPin(all: readonly PinnedVersion[]): PinnedVersion | null {
  return all.reduce<PinnedVersion | null>(
    (best, each) =>
      best === null || rankOf(each) >= rankOf(best) ? each : best,
    null,
  );
}

function rankOf({ pin }: PinnedVersion): number {
  return LEVELS.indexOf(pin.level);
}

/** A project without pins. */
export const NO_PINS: Pins = new Map();

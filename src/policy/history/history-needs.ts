import type { PackageId } from '../../package/package-id.js';
import { levelOf } from '../evaluate-policy.js';
import type { HistoryWindows, Policy } from '../policy.js';
import type { Rule } from '../rule.js';
import type { Selectable } from '../select.js';
import type { Subject } from '../verdict.js';
import { findDowngrade, isProvenBuild } from './downgrade.js';
import { placeRelease } from './placed-release.js';

/** So many attested versions are looked at to tell what is usual. */
const MAX_BUILDS = 3;

/** What rules that are not off need to know of one dependency. */
export interface HistoryNeeds {
  readonly history: boolean;
  /** The version that a downgrade is held against. */
  readonly compared: boolean;
  /** How a few earlier versions were built. */
  readonly builds: boolean;
}

/** What of the history of a dependency the policy makes worth a request. */
export function historyNeeds(
  one: Selectable,
  policy: Policy,
  rules: readonly Rule[],
): HistoryNeeds {
  const needed = rules.filter(
    (rule) =>
      rule.needs !== undefined && levelOf(rule, one, { policy }) !== 'off',
  );
  return {
    history: needed.length > 0,
    compared: needed.some(({ needs }) => needs === 'compared'),
    builds: needed.some(({ needs }) => needs === 'builds'),
  };
}

/** An earlier version whose attestations are worth having. */
export interface WantedBuild {
  readonly id: PackageId;
  /** As the registry states it. */
  readonly integrity: string | null;
}

/**
 * Earlier versions whose attestations a comparison rests on: the one that a
 * downgrade is held against, and the last attested ones where builds are
 * compared. Few, whatever the history says.
 */
export function wantedBuilds(
  subject: Subject,
  needs: HistoryNeeds,
  windows: HistoryWindows,
): readonly WantedBuild[] {
  const placement = placeRelease(subject);
  if (placement.status === 'unknown') return [];
  const { release } = placement;
  const downgrade = needs.compared
    ? findDowngrade(release, subject, windows)
    : null;
  const compared = downgrade === null ? [] : [downgrade.compared];
  const attested = isProvenBuild(subject.facts)
    ? release.earlier.filter(({ level }) => level !== 'none')
    : [];
  const recent = needs.builds ? attested.slice(-MAX_BUILDS).toReversed() : [];
  const { name } = subject.dependency.id;
  return [...new Set([...compared, ...recent])].map(
    ({ version, integrity }) => ({ id: { name, version }, integrity }),
  );
}

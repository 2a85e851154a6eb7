import { LEVELS } from '../facts/facts.js';
import { toPin } from '../policy/pins/pin.js';
import {
  compareVersions,
  type PinnedVersion,
  type Pins,
} from '../policy/pins/pins.js';
import type { ReportDependency } from './report.js';

/**
 * What `dependencies` of a report would be pinned as: what was proven of each,
 * and nothing for those of which that is not known.
 */
export function pinsOfReport(dependencies: readonly ReportDependency[]): Pins {
  const pins = new Map<string, PinnedVersion[]>();
  for (const { name, version, ...rest } of dependencies) {
    const level = LEVELS.find((each) => each === rest.level);
    if (!isAnswered(rest) || level === undefined) continue;
    const pin = toPin({ level, provenance: rest.provenance });
    pins.set(name, [...(pins.get(name) ?? []), { version, pin }]);
  }
  for (const list of pins.values()) {
    list.sort((a, b) => compareVersions(a.version, b.version));
  }
  return pins;
}

function isAnswered({
  scope,
  evidence,
  verification,
}: Pick<ReportDependency, 'scope' | 'evidence' | 'verification'>): boolean {
  return (
    scope === 'in-scope' &&
    evidence !== 'unavailable' &&
    (verification === 'verified' || verification === 'none')
  );
}

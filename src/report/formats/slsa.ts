import { slsaLevel, type SlsaLevel } from '../../facts/slsa-level.js';
import type { ReportDependency } from '../report.js';

/** SLSA's word for what was verified of one dependency. */
export type SlsaResult =
  `SLSA_BUILD_LEVEL_${SlsaLevel}` | 'SLSA_BUILD_LEVEL_UNEVALUATED' | 'FAILED';

/**
 * The SLSA result of a dependency. Level 0 is what was asked about and has no
 * provenance; what could not be asked or decided, or is out of scope, was not
 * evaluated; rejected evidence has failed.
 */
export function slsaResult(dependency: ReportDependency): SlsaResult {
  const { scope, evidence, verification, provenance } = dependency;
  if (verification === 'rejected') return 'FAILED';
  if (scope === 'out-of-scope' || verification === 'unverifiable') {
    return 'SLSA_BUILD_LEVEL_UNEVALUATED';
  }
  if (evidence === 'unavailable') return 'SLSA_BUILD_LEVEL_UNEVALUATED';
  if (verification !== 'verified' || provenance === null) {
    return 'SLSA_BUILD_LEVEL_0';
  }
  const runner = RUNNERS.find((each) => each === provenance.runner) ?? null;
  return `SLSA_BUILD_LEVEL_${slsaLevel({ ...provenance, runner })}`;
}

const RUNNERS = ['github-hosted', 'gitlab-hosted', 'self-hosted'] as const;

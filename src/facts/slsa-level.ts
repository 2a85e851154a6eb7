import { GENERATOR_BUILD_TYPE, isGeneratorBuilder } from './slsa-generator.js';
import type { ProvenanceFacts } from './facts.js';

/** Build level of SLSA v1.0 that verified provenance shows; 0 without any. */
export type SlsaLevel = 0 | 1 | 2 | 3;

/**
 * The SLSA build level that verified provenance is proof of. A build of a hosted
 * platform that signs its provenance is level 2: the workflow that npm signs for
 * could reach the signing material of its own job, so it is no level 3. That is
 * one of SLSA's generator, whose build and signature are kept apart. Where the
 * runner is the project's own, or nobody says whose it is, it is level 1.
 *
 * Source: SLSA v1.0, "Security levels", and npm's documentation of provenance.
 */
export function slsaLevel(
  provenance: Pick<ProvenanceFacts, 'buildType' | 'builder' | 'runner'> | null,
): SlsaLevel {
  if (provenance === null) return 0;
  const { buildType, builder, runner } = provenance;
  if (runner !== 'github-hosted' && runner !== 'gitlab-hosted') return 1;
  // Its signer was held against the builder before there was provenance.
  return buildType === GENERATOR_BUILD_TYPE && isGeneratorBuilder(builder)
    ? 3
    : 2;
}

/** Source: SLSA provenance v1 and v0.2; npm/attestation, `specs`. */
export const PROVENANCE_V1 = 'https://slsa.dev/provenance/v1';
/** The same, as builds of before 2023 write it. */
export const PROVENANCE_V02 = 'https://slsa.dev/provenance/v0.2';
/** The registry’s statement that it accepted a publication. */
export const PUBLISH =
  'https://github.com/npm/attestation/tree/main/specs/publish/v0.1';
const RELEASE =
  'https://github.com/npm/attestation/tree/main/specs/release/v0.1';

/** Types whose subject binds a package version to its bytes. */
export const KNOWN_PREDICATE_TYPES: readonly string[] = [
  PROVENANCE_V1,
  PROVENANCE_V02,
  PUBLISH,
  RELEASE,
];

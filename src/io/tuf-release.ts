/**
 * What is fixed when a version of this program is released. The values are
 * written by `fixtures/tuf-release.ts`, which verifies them first.
 */
export interface Release {
  /** The day before which no copy of this version existed, UTC. */
  readonly builtOn: string;
  /**
   * Base64 of the newest `root.json` of the public Sigstore repository, where
   * that is newer than the one that `@sigstore/tuf` ships; else null.
   */
  readonly tufRoot: string | null;
}

/** Of this version. */
export const RELEASE: Release = {
  builtOn: '2026-11-01',
  tufRoot: null,
};

import type { PackageId } from '../package/package-id.js';
import type { Unavailable } from './evidence.js';

/** One question to a registry about a package version, or its package. */
export interface RegistryRequest {
  /**
   * - `version`: the version's manifest.
   * - `attestations`: its attestation document.
   * - `publish-time`: when it was published, along with all other versions of
   *   the package: the JSON object that is `time` in the package's full document
   *   (the abbreviated one has none), dates by version.
   * - `history`: what the package's full document says of all versions, as far
   *   as `extractHistory` takes it over.
   */
  readonly kind: 'version' | 'attestations' | 'publish-time' | 'history';
  readonly id: PackageId;
  /** Base URL of the registry that is asked, ending in `/`. */
  readonly registry: string;
  /** An earlier answer was of no use: the registry itself is to be asked. */
  readonly anew?: true;
}

/** Whether the answer is the same for every version of the package. */
export function isAboutPackage(kind: RegistryRequest['kind']): boolean {
  return kind === 'publish-time' || kind === 'history';
}

/**
 * - `found`: the body of a 200 answer, or what of it was asked for; decoded and
 *   within limits, unparsed. `isKept`: in an earlier run, so that the registry may
 *   have a better one now.
 * - `absent`: the registry was asked and says there is none (404).
 * - `unavailable`: everything else, after retries.
 */
export type RegistryAnswer =
  | {
      readonly status: 'found';
      readonly body: Uint8Array;
      readonly isKept?: true;
    }
  | { readonly status: 'absent' }
  | Unavailable;

/**
 * The port through which evidence is asked for. Implementations never throw
 * for what a registry or the network does, and stop when `signal` fires.
 */
export interface Registry {
  /** Asks one question, with as many tries as it sees fit. */
  ask(request: RegistryRequest, signal: AbortSignal): Promise<RegistryAnswer>;
}

import type { PackageId } from '../package/package-id.js';
import type { Unavailable } from './evidence.js';

/** One question to a registry about one package version. */
export interface RegistryRequest {
  /**
   * `version`: the version's manifest. `attestations`: its attestation document.
   */
  readonly kind: 'version' | 'attestations';
  readonly id: PackageId;
  /** Base URL of the registry that is asked, ending in `/`. */
  readonly registry: string;
}

/**
 * - `found`: the body of a 200 answer, decoded and within limits, unparsed.
 * - `absent`: the registry was asked and says there is none (404).
 * - `unavailable`: everything else, after retries.
 */
export type RegistryAnswer =
  | { readonly status: 'found'; readonly body: Uint8Array }
  | { readonly status: 'absent' }
  | Unavailable;

/**
 * The port through which evidence is asked for. Implementations never throw
 * for what a registry or the network does, and stop when `signal` fires.
 */
export interface Registry {
  ask(request: RegistryRequest, signal: AbortSignal): Promise<RegistryAnswer>;
}

import type { PackageId } from '../package/package-id.js';
import type { Unavailable } from './evidence.js';
import type { Reading } from './read-answer.js';

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
 * What an answer does not say itself, claimed as the answer is:
 *
 * - `attested-before`: metadata that announces no attestations, of a version of
 *   which the same registry has handed out some to an earlier run.
 * - `from-packument`: the registry has no endpoint for single versions, and this
 *   one's manifest was cut from the document about the whole package.
 */
export type AnswerNote = 'attested-before' | 'from-packument';

/** All of them. */
export const ANSWER_NOTES: readonly AnswerNote[] = [
  'attested-before',
  'from-packument',
];

/** The body of a 200 answer, or what of it was asked for. Untrusted. */
export interface FoundAnswer {
  readonly status: 'found';
  /** Decoded and within limits. */
  readonly body: Uint8Array;
  /** In an earlier run, so that the registry may have a better one now. */
  readonly isKept?: true;
  /** None is the same as left out. */
  readonly notes?: readonly AnswerNote[];
  /**
   * What the body was read as, where it was read on its way, by `readAnswer` and
   * for this very question: not to be read twice.
   *
   * @internal No part of the library's API.
   */
  readonly reading?: Reading;
}

/**
 * - `found`: the registry has it.
 * - `absent`: the registry was asked and says there is none (404).
 * - `unavailable`: everything else, after retries.
 */
export type RegistryAnswer =
  FoundAnswer | { readonly status: 'absent' } | Unavailable;

/**
 * The port through which evidence is asked for. Implementations never throw
 * for what a registry or the network does, and stop when `signal` fires.
 */
export interface Registry {
  /** Asks one question, with as many tries as it sees fit. */
  ask(request: RegistryRequest, signal: AbortSignal): Promise<RegistryAnswer>;
}

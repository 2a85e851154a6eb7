import { AuditError } from '../errors.js';
import type { VerifiedWalk, Walk } from './tuf-walk.js';

/** A walk without a result. */
export type FailedWalk = Exclude<Walk, VerifiedWalk>;

/** What else there was to go by; said, so that a person sees what was tried. */
export type Instead =
  /** The user asked for the repository and nothing else. */
  | { readonly kind: 'nothing-allowed' }
  /** The cache holds nothing that verifies and is young enough. */
  | { readonly kind: 'cache-useless'; readonly maxAgeMs: number };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The error that ends an audit for want of a trust root, as one line. It names
 * the cases of the repository's own making that matter most: frozen
 * (`trust-root-expired`) and set back (`trust-root-rollback`).
 */
export function failureOf(
  mirrorUrl: string,
  walk: FailedWalk,
  instead: Instead,
): AuditError {
  switch (walk.status) {
    case 'root-invalid':
      return new AuditError(
        'TRUST_ROOT_INVALID',
        `the root to begin with for ${mirrorUrl} (--tuf-root): ${walk.message}`,
      );
    case 'invalid':
      return new AuditError(
        'TRUST_ROOT_UNAVAILABLE',
        `trust root: what ${mirrorUrl} serves does not verify ` +
          `(${classify(walk.message)}): ${walk.message}`,
      );
    case 'unreachable':
      return new AuditError(
        'TRUST_ROOT_UNAVAILABLE',
        `trust root: ${mirrorUrl} cannot be reached (${walk.message})` +
          remedyOf(instead),
      );
  }
}

/** In words: `30 days`, `12 hours`. */
export function wordAge(milliseconds: number): string {
  const [unit, count] =
    milliseconds < DAY_MS
      ? ['hour', Math.floor(milliseconds / HOUR_MS)]
      : ['day', Math.floor(milliseconds / DAY_MS)];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** tuf-js hides its error classes behind text where it wraps them. */
function classify(message: string): string {
  if (/\bis expired\b/.test(message)) return 'trust-root-expired';
  return /less than current|Missing file/.test(message)
    ? 'trust-root-rollback'
    : 'trust-root-invalid';
}

function remedyOf(instead: Instead): string {
  return instead.kind === 'nothing-allowed'
    ? '; the cache was left as it is'
    : ` and the cache holds nothing verified in the last ` +
        `${wordAge(instead.maxAgeMs)}; ` +
        `--trusted-root and --npm-keys work without it`;
}

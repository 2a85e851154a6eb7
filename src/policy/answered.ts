import type { Subject } from './verdict.js';

/**
 * Whether the registry's answer about a subject can be relied on as it stands:
 * only then is what it does not have missing, and not merely unknown.
 */
export function isAnswered({ evidence, facts }: Subject): boolean {
  return (
    (evidence.status === 'attested' || evidence.status === 'unattested') &&
    (facts?.verification === 'verified' || facts?.verification === 'none')
  );
}

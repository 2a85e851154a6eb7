import type {
  Unverifiable,
  UnverifiableCode,
} from '../verification/verification.js';
import type { Subject } from './verdict.js';

/** Which rule speaks for which code: every code has one, or nobody would. */
const RULES_BY_CODE: Readonly<
  Record<
    UnverifiableCode,
    | 'attestations-withheld'
    | 'clock-implausible'
    | 'registry-keys-missing'
    | 'weak-integrity'
  >
> = {
  'weak-integrity': 'weak-integrity',
  'no-sha512': 'weak-integrity',
  'integrity-malformed': 'weak-integrity',
  'registry-keys-missing': 'registry-keys-missing',
  'provenance-withheld': 'attestations-withheld',
  'clock-implausible': 'clock-implausible',
};

/** Why `subject` is unverifiable, as far as `rule` has to say it; else null. */
export function unverifiableBy(
  rule: string,
  { facts }: Subject,
): Unverifiable | null {
  if (facts?.verification !== 'unverifiable') return null;
  return (
    facts.unverifiable.find(({ code }) => RULES_BY_CODE[code] === rule) ?? null
  );
}

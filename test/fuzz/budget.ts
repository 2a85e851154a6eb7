/**
 * How many mutations each family makes when twenty thousand are made in all.
 * Weighed by cost as well: refusing a form takes well under a millisecond,
 * walking a certificate chain more than ten.
 */
const SHARES = {
  'flipped-bytes': 7_000,
  'flipped-fields': 3_000,
  'json-values': 5_500,
  duplicates: 2_000,
  spellings: 1_500,
  'swapped-parts': 1_000,
} as const;
/** A kind of mutation, with a test file of its own. */
export type Family = keyof typeof SHARES;

/** All families, for the test that their shares make up the whole. */
export const FAMILIES: readonly Family[] = [
  'flipped-bytes',
  'flipped-fields',
  'json-values',
  'duplicates',
  'spellings',
  'swapped-parts',
];

/** What every run of the tests makes at least, without recorded documents. */
export const LEAST_MUTATIONS = 20_000;

/**
 * How many mutations this run makes. `PROVENANCE_AUDIT_FUZZ` asks for more than
 * the least; fewer cannot be asked for.
 */
export const MUTATIONS = Math.max(
  LEAST_MUTATIONS,
  readNumber('PROVENANCE_AUDIT_FUZZ', LEAST_MUTATIONS),
);

/** Where chance begins: the same for every run, unless another is asked for. */
export const SEED = readNumber('PROVENANCE_AUDIT_FUZZ_SEED', 20_261);

/** Whether more than the usual number is made. */
export const IS_LONG = MUTATIONS > LEAST_MUTATIONS;

/** Far beyond what a file takes; a machine that is busy must not fail it. */
export const TIME_LIMIT_MS = (MUTATIONS / LEAST_MUTATIONS) * 600_000;

/** How many mutations of that family this run makes. */
export function shareOf(family: Family): number {
  return Math.ceil((SHARES[family] * MUTATIONS) / LEAST_MUTATIONS);
}

function readNumber(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} is not a number`);
  return Number(text);
}

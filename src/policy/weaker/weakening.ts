/** One way in which a policy, or pins, ask for less than others. */
export interface Weakening {
  /** Which setting: `coverage, production`. May quote the policy, as all here. */
  readonly what: string;
  /** What the stricter one says, in words. */
  readonly expected: string;
  /** What the weaker one says. */
  readonly found: string;
}

/** What stands for a setting that is not there. */
export const NOT_THERE = 'nothing';

/** Of several that say the same the first. */
export function distinct(all: readonly Weakening[]): readonly Weakening[] {
  const seen = new Map(
    all
      .toReversed()
      .map((each) => [
        JSON.stringify([each.what, each.expected, each.found]),
        each,
      ]),
  );
  return [...seen.values()].toReversed();
}

import type { Edge } from './graph.js';

/** What a package manager can be told to leave out of an installation. */
export const OMIT_KINDS = ['dev', 'optional', 'peer'] as const;
/** One of them, as behind `--omit`. */
export type OmitKind = (typeof OMIT_KINDS)[number];

/** Kinds that are left out together. */
export type Omission = readonly OmitKind[];

/** Every combination; those that are part of another one come first. */
const COMBINATIONS: readonly Omission[] = [
  ...OMIT_KINDS.map((kind) => [kind]),
  ['dev', 'optional'],
  ['dev', 'peer'],
  ['optional', 'peer'],
  OMIT_KINDS,
];

/** Each kind as a bit. */
const BITS = { dev: 1, optional: 2, peer: 4 } as const;
const WITH_BITS = COMBINATIONS.map(
  (omission) =>
    [omission, omission.reduce((sum, kind) => sum | BITS[kind], 0)] as const,
);

/** The combinations in bits, and leaving out nothing. */
export const EVERY_COMBINATION: readonly number[] = [
  0,
  ...WITH_BITS.map(([, bits]) => bits),
];

/** The kinds an edge is of, in bits: leaving out any of them leaves it out. */
export function bitsOf(type: Edge['type']): number {
  switch (type) {
    case 'dev':
    case 'optional':
    case 'peer':
      return BITS[type];
    case 'peerOptional':
      return BITS.peer | BITS.optional;
    case 'prod':
    case 'workspace':
      return 0;
  }
}

/** Whether places that are `reached` under these combinations are so without any of `kind`. */
export function isReachedWithout(reached: number, kind: OmitKind): boolean {
  return (reached & (1 << BITS[kind])) !== 0;
}

/** Whether anything leads to them. */
export function isReached(reached: number): boolean {
  return (reached & 1) !== 0;
}

/** By what is reached: there are not more of them. */
const OMISSIONS = Array.from({ length: 256 }, (_, reached) => {
  const found: Omission[] = [];
  for (const [omission, bits] of WITH_BITS) {
    if (isOmitted(found, omission)) continue;
    if ((reached & (1 << bits)) === 0) found.push(omission);
  }
  return found;
});

/**
 * What has to be left out for places not to be needed any more, as smallest
 * combinations: what is asked for by a development edge here and an optional one
 * there goes only with both. `reached` says for which combinations edges lead to
 * one of the places (`reachedUnder`).
 */
export function omissionsOf(reached: number): readonly Omission[] {
  return OMISSIONS[reached] ?? [];
}

/** Whether leaving out `kinds` leaves out what `omittedBy` was found for. */
export function isOmitted(
  omittedBy: readonly Omission[],
  kinds: Omission,
): boolean {
  return omittedBy.some((each) => each.every((kind) => kinds.includes(kind)));
}

import type { Edge } from './graph.js';

/** What a package manager can be told to leave out of an installation. */
export const OMIT_KINDS = ['dev', 'optional', 'peer'] as const;
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

/** Which kinds an edge is of: leaving out any of them leaves it out. */
export function kindsOf(type: Edge['type']): Omission {
  switch (type) {
    case 'dev':
    case 'optional':
    case 'peer':
      return [type];
    case 'peerOptional':
      return ['peer', 'optional'];
    case 'prod':
    case 'workspace':
      return [];
  }
}

/**
 * Finds what has to be left out for places not to be needed any more, as
 * smallest combinations: what is asked for by a development edge here and an
 * optional one there goes only with both. `reach` says which places edges lead
 * to from the root and the workspaces, without those of the kinds given.
 *
 * The result says it of places that are installed together as one package; a
 * place that nothing leads to at all (`reach([])`) is always needed.
 */
export function findOmissions(
  reach: (omission: Omission) => ReadonlySet<string>,
): (places: readonly string[]) => readonly Omission[] {
  const all = reach([]);
  const left = COMBINATIONS.map(
    (omission) => [omission, reach(omission)] as const,
  );
  return (places) => {
    if (places.some((place) => !all.has(place))) return [];
    const found: Omission[] = [];
    for (const [omission, reached] of left) {
      if (isOmitted(found, omission)) continue;
      if (!places.some((place) => reached.has(place))) found.push(omission);
    }
    return found;
  };
}

/** Whether leaving out `kinds` leaves out what `omittedBy` was found for. */
export function isOmitted(
  omittedBy: readonly Omission[],
  kinds: Omission,
): boolean {
  return omittedBy.some((each) => each.every((kind) => kinds.includes(kind)));
}

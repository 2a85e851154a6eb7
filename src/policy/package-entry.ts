import type { Level } from '../facts/facts.js';
import { compareText } from '../package/package-id.js';
import { compileGlob, matchesGlob } from './glob.js';
import type { PackagePolicy } from './policy.js';

/** The entry of `packages` that counts for a name. */
export interface PackageEntry {
  readonly entry: PackagePolicy;
  /** Why this one, for people: `its exact name`. May quote the policy. */
  readonly reason: string;
}

/**
 * Makes what finds the entry that counts for a package name, alone; null where
 * none is about it. The order of `entries` matters only between two with the
 * same pattern: the first counts.
 *
 * An exact name comes before any glob; of globs the one with more literal
 * characters, then the one with fewer stars, then the first in text order.
 */
export function packageEntries(
  entries: readonly PackagePolicy[],
): (name: string) => PackageEntry | null {
  const exact = new Map<string, PackagePolicy>();
  for (const entry of entries) {
    if (!isGlob(entry) && !exact.has(entry.pattern)) {
      exact.set(entry.pattern, entry);
    }
  }
  const globs = entries
    .filter(isGlob)
    .toSorted(compareSpecificity)
    .map((entry) => ({ entry, glob: compileGlob(entry.pattern) }));
  return (name) => {
    const named = exact.get(name);
    if (named !== undefined) return { entry: named, reason: 'its exact name' };
    const [first, second] = globs.filter(({ glob }) => matchesGlob(glob, name));
    if (first === undefined) return null;
    const reason =
      second === undefined
        ? 'no other entry matches'
        : `more specific than ${second.entry.pattern}`;
    return { entry: first.entry, reason };
  };
}

/** Entries in the order in which one of them counts for a name it matches. */
export function orderBySpecificity(
  entries: readonly PackagePolicy[],
): readonly PackagePolicy[] {
  return [
    ...entries.filter((entry) => !isGlob(entry)),
    ...entries.filter(isGlob).toSorted(compareSpecificity),
  ];
}

/**
 * The least level that an entry demands. One that demands a certain identity
 * demands proof of it too, unless it says otherwise: without that, a package
 * would escape the demand by having no provenance.
 */
export function requiredLevel(entry: PackagePolicy): Level {
  if (entry.require !== null) return entry.require;
  return demandsIdentity(entry) ? 'provenance' : 'none';
}

function demandsIdentity(entry: PackagePolicy): boolean {
  const { source, workflow, signer, ref, runner, builder, issuer, events } =
    entry;
  return [source, workflow, signer, ref, runner, builder, issuer, events].some(
    (list) => list.length > 0,
  );
}

/** Whether an entry is for more than one name. */
export function isGlob({ pattern }: PackagePolicy): boolean {
  return pattern.includes('*');
}

/** Orders entries as they count: the most specific first. */
export function compareSpecificity(a: PackagePolicy, b: PackagePolicy): number {
  const [starsA, starsB] = [countStars(a.pattern), countStars(b.pattern)];
  const literalsA = a.pattern.length - starsA;
  const literalsB = b.pattern.length - starsB;
  return (
    literalsB - literalsA ||
    starsA - starsB ||
    compareText(a.pattern, b.pattern)
  );
}

function countStars(pattern: string): number {
  return pattern.split('*').length - 1;
}

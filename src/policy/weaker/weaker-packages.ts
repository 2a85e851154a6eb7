import { LEVELS } from '../../facts/facts.js';
import { foldGithubCase } from '../source-pattern.js';
import {
  compareSpecificity,
  isGlob,
  packageEntries,
  requiredLevel,
} from '../package-entry.js';
import type { PackagePolicy, Policy } from '../policy.js';
import { coversGlob, overlapGlobs } from './glob-relations.js';
import { NOT_THERE, type Weakening } from './weakening.js';

type Entries = Pick<Policy, 'packages'>;
/** An entry that counts for some name in one policy, and in the other. */
type Pair = readonly [base: PackagePolicy, proposed: PackagePolicy | null];

/** Members that list what is allowed, and whether an item allows all of another. */
const ALLOWED = {
  source: coversSource,
  workflow: isSame,
  signer: coversSigner,
  ref: coversGlob,
  runner: isSame,
  builder: isSame,
  issuer: isSame,
  events: isSame,
} as const satisfies Partial<
  Record<keyof PackagePolicy, (outer: string, inner: string) => boolean>
>;
type ListName = keyof typeof ALLOWED;
const LISTS = Object.keys(ALLOWED) as readonly ListName[];
/** With more patterns than this they are not compared one by one. */
const MAX_GLOBS = 200;

/**
 * Packages of which `proposed` demands less than `base`. Whatever name: those
 * that are written out are looked up, and of patterns all pairs are compared
 * that can count for one and the same name.
 */
export function weakerPackages(
  base: Entries,
  proposed: Entries,
): readonly Weakening[] {
  if (isEqual(base, proposed)) return [];
  const globs = [base, proposed].map(globsOf);
  const [ours = [], theirs = []] = globs;
  if (ours.length + theirs.length > MAX_GLOBS) {
    return [
      {
        what: 'packages',
        expected: 'as they are',
        found: 'changed, with too many patterns to compare',
      },
    ];
  }
  const pairs = [...namePairs(base, proposed), ...globPairs(ours, theirs)];
  return pairs.flatMap(([before, after, name]) => {
    const lists = LISTS.filter((list) => isLaxer(list, before, after));
    const lowered = isLowered(before, after);
    if (lists.length === 0 && !lowered) return [];
    const side = (entry: PackagePolicy | null): string =>
      [
        ...(lowered ? [describeLevel(entry)] : []),
        ...lists.map((list) => describeList(list, entry)),
      ].join(', ');
    const what = `packages, ${name}`;
    return [{ what, expected: side(before), found: side(after) }];
  });
}

type NamedPair = readonly [...Pair, name: string];

function namePairs(base: Entries, proposed: Entries): readonly NamedPair[] {
  const names = new Set(
    [...base.packages, ...proposed.packages]
      .filter((entry) => !isGlob(entry))
      .map(({ pattern }) => pattern),
  );
  const [before, after] = [
    packageEntries(base.packages),
    packageEntries(proposed.packages),
  ];
  return [...names].flatMap((name) => {
    const entry = before(name)?.entry;
    return entry === undefined
      ? []
      : [[entry, after(name)?.entry ?? null, name] as const];
  });
}

function globPairs(
  ours: readonly PackagePolicy[],
  theirs: readonly PackagePolicy[],
): readonly NamedPair[] {
  return ours.flatMap((entry): readonly NamedPair[] => {
    const { pattern } = entry;
    const isLeft = !theirs.some((each) => coversGlob(each.pattern, pattern));
    const pairs = theirs
      .filter(
        (other) =>
          overlapGlobs(pattern, other.pattern) &&
          !isHidden(entry, other, ours) &&
          !isHidden(other, entry, theirs),
      )
      .map((other) => [entry, other, pattern] as const);
    return isLeft ? [...pairs, [entry, null, pattern]] : pairs;
  });
}

/** Whether for every name that both match another of `entries` counts. */
function isHidden(
  entry: PackagePolicy,
  other: PackagePolicy,
  entries: readonly PackagePolicy[],
): boolean {
  return entries.some(
    (each) =>
      compareSpecificity(each, entry) < 0 &&
      (coversGlob(each.pattern, entry.pattern) ||
        coversGlob(each.pattern, other.pattern)),
  );
}

function globsOf({ packages }: Entries): readonly PackagePolicy[] {
  const byPattern = new Map<string, PackagePolicy>();
  for (const entry of packages.filter(isGlob)) {
    if (!byPattern.has(entry.pattern)) byPattern.set(entry.pattern, entry);
  }
  return [...byPattern.values()];
}

function isLowered(
  before: PackagePolicy,
  after: PackagePolicy | null,
): boolean {
  return rankOf(after) < rankOf(before);
}

function rankOf(entry: PackagePolicy | null): number {
  return LEVELS.indexOf(entry === null ? 'none' : requiredLevel(entry));
}

/** An empty list allows everything. */
function isLaxer(
  list: ListName,
  before: PackagePolicy,
  after: PackagePolicy | null,
): boolean {
  const [allowed, now] = [before[list], after?.[list] ?? []];
  if (allowed.length === 0) return false;
  const isCovered = (item: string): boolean =>
    allowed.some((each) => ALLOWED[list](each, item));
  return now.length === 0 || !now.every(isCovered);
}

/** `https://github.com/acme/*` allows `https://github.com/acme/widget`. */
function coversSource(outer: string, inner: string): boolean {
  return coversGlob(foldGithubCase(outer), foldGithubCase(inner));
}

/** One without a ref allows every ref. */
function coversSigner(outer: string, inner: string): boolean {
  return outer === inner || inner.startsWith(`${outer}@`);
}

function isSame(outer: string, inner: string): boolean {
  return outer === inner;
}

function isEqual(a: Entries, b: Entries): boolean {
  const plain = ({ packages }: Entries): string =>
    JSON.stringify(packages.map((entry) => ({ ...entry, line: null })));
  return plain(a) === plain(b);
}

function describeLevel(entry: PackagePolicy | null): string {
  return `require ${entry === null ? 'none' : requiredLevel(entry)}`;
}

function describeList(list: ListName, entry: PackagePolicy | null): string {
  const items = entry?.[list] ?? [];
  return `${list} ${items.length === 0 ? `any (${NOT_THERE} demanded)` : items.join(' or ')}`;
}

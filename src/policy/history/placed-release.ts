import type {
  PublishedVersion,
  ReleaseHistory,
} from '../../evidence/release-history.js';
import { lineOf, type ReleaseLine } from './release-line.js';
import type { Subject } from '../verdict.js';

/** A version of the history whose date is known. */
export interface DatedRelease extends PublishedVersion {
  readonly publishedAt: Date;
}

/** The version of a subject in the history of its package. */
export interface PlacedRelease {
  readonly own: PublishedVersion;
  readonly history: ReleaseHistory;
  readonly line: ReleaseLine;
  /** By the transparency log where that is verified, else the registry's word. */
  readonly publishedAt: Date;
  /** What the registry dates before it, the latest last. */
  readonly earlier: readonly DatedRelease[];
}

/** Where a subject stands, or in one line why that cannot be told. */
export type Placement =
  | { readonly status: 'placed'; readonly release: PlacedRelease }
  | { readonly status: 'unknown'; readonly message: string };

/** Finds the subject's version in the history that was asked for. */
export function placeRelease({
  dependency,
  history: answer,
  facts,
}: Subject): Placement {
  const { name, version } = dependency.id;
  if (answer === undefined) {
    return unknown('nobody was asked for the history of the package');
  }
  if (answer.status === 'unavailable') {
    return unknown(
      `the history of the package could not be had: ${answer.message}`,
    );
  }
  const { history } = answer;
  const own = history.versions.find((each) => each.version === version);
  if (own === undefined) {
    return unknown(`the registry does not list this version of ${name}`);
  }
  const signed =
    facts?.verification === 'verified'
      ? (facts.publish ?? facts.provenance)
      : null;
  const publishedAt = signed?.signedAt ?? own.publishedAt;
  if (publishedAt === null) {
    return unknown('the registry does not say when it was published');
  }
  const earlier = history.versions.filter(
    (each): each is DatedRelease =>
      each !== own &&
      each.publishedAt !== null &&
      // Its own entry in the log may be a little before the registry's date.
      each.publishedAt < (own.publishedAt ?? publishedAt),
  );
  const line = lineOf(version, history.tags);
  return {
    status: 'placed',
    release: { own, history, line, publishedAt, earlier },
  };
}

/**
 * The release that `placed` follows: the last one before it in its line, else
 * the last of the same class in any; null if it is the first.
 */
export function previousRelease({
  line,
  history,
  earlier,
}: PlacedRelease): DatedRelease | null {
  const ofClass = earlier.filter(
    ({ version }) =>
      lineOf(version, history.tags).preRelease === line.preRelease,
  );
  const inLine = ofClass.filter(
    ({ version }) => lineOf(version, history.tags).series === line.series,
  );
  return inLine.at(-1) ?? ofClass.at(-1) ?? null;
}

/** `2026-06-01`, by which people find a release again. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 'yyyy-mm-dd'.length);
}

function unknown(message: string): Placement {
  return { status: 'unknown', message };
}

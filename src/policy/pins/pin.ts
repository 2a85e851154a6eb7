import {
  provenPart,
  type Level,
  type ProvenanceFacts,
} from '../../facts/facts.js';

/** What a source ref can be. */
export const REF_KINDS = ['branch', 'tag', 'other'] as const;
/** One of them. */
export type RefKind = (typeof REF_KINDS)[number];

/**
 * What was proven of a package when it was pinned: what stays the same from one
 * version to the next. Null: nothing was proven, or the certificate was too old
 * to say.
 */
export interface Pin {
  /**
   * `provenance` at most: what a registry claims beside it, a mirror may leave
   * out of its metadata, and nothing would be less proven.
   */
  readonly level: Level;
  /** `https://github.com/acme/widget`; null exactly without provenance. */
  readonly source: string | null;
  /** Of the repository; a name can be registered again, an id cannot. */
  readonly sourceId: string | null;
  readonly ownerId: string | null;
  /** Path of the calling workflow. */
  readonly workflow: string | null;
  /** Without what changes with every run or release of the builder. */
  readonly builder: string | null;
  readonly issuer: string | null;
  readonly refKind: RefKind | null;
}

/** What is proven of a package of which nothing is. */
export const NOTHING_PROVEN: Pin = {
  level: 'none',
  source: null,
  sourceId: null,
  ownerId: null,
  workflow: null,
  builder: null,
  issuer: null,
  refKind: null,
};

const GITHUB_RUNNER = 'https://github.com/actions/runner';
const GITLAB_RUNNER = /\/-\/runners\/[^/]+$/;

/** What of a provenance is pinned, from facts or from a report. */
type PinnedProvenance = Pick<
  ProvenanceFacts,
  | 'sourceRepository'
  | 'sourceRepositoryId'
  | 'sourceOwnerId'
  | 'sourceRef'
  | 'workflow'
  | 'issuer'
  | 'builder'
  | 'limitedIdentity'
> & { readonly runner: string | null };

/** What there is to pin of established facts. */
export function toPin({
  level,
  provenance,
}: {
  readonly level: Level;
  readonly provenance: PinnedProvenance | null;
}): Pin {
  if (provenance === null) return { ...NOTHING_PROVEN, level };
  return {
    level: provenPart(level),
    source: provenance.sourceRepository,
    sourceId: provenance.sourceRepositoryId,
    ownerId: provenance.sourceOwnerId,
    workflow: provenance.workflow,
    builder: toBuilder(provenance),
    issuer: provenance.issuer,
    refKind: toRefKind(provenance.sourceRef),
  };
}

/**
 * The builder as far as it stays the same: of GitHub’s and GitLab’s runners whose
 * machine it was, which is the certificate's word, and of no builder its
 * version. Null where the certificate was too old to vouch for any of it.
 */
function toBuilder({
  builder,
  runner,
  sourceRepository,
  limitedIdentity,
}: PinnedProvenance): string | null {
  if (limitedIdentity) return null;
  if (builder === GITHUB_RUNNER) {
    return `${builder}/${runner ?? 'github-hosted'}`;
  }
  if (GITLAB_RUNNER.test(builder) && builder.startsWith(sourceRepository)) {
    // A shared runner is another one each time.
    return `${new URL(builder).origin}/-/runners/${runner ?? 'unknown'}`;
  }
  const version = builder.indexOf('@');
  return version === -1 ? builder : builder.slice(0, version);
}

function toRefKind(ref: string | null): RefKind | null {
  if (ref === null) return null;
  if (ref.startsWith('refs/heads/')) return 'branch';
  return ref.startsWith('refs/tags/') ? 'tag' : 'other';
}

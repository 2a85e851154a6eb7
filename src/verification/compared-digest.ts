import {
  ARCHIVE_ALGORITHMS,
  type ArchiveDigests,
} from '../evidence/archive-source.js';
import type { Evidence } from '../evidence/evidence.js';
import type { Dependency } from '../lockfile/dependency.js';
import {
  parseIntegrity,
  sriOf,
  sriOfSha512,
  type Integrity,
} from '../package/integrity.js';
import { failed, notMade, passed, undecided, type Check } from './check.js';
import { judgeIntegrity } from './lockfile-claims.js';

/**
 * What evidence is held against, from the strongest to the weakest:
 *
 * - `lockfile`: the SHA-512 that the lockfile pins, which an install enforces.
 * - `tarball`: that of the archive as it was downloaded now. A weaker hash of
 *   the lockfile agrees with it, or the lockfile has none.
 * - `registry`: that which the registry states. A registry that lies about it
 *   and about all evidence is not found out.
 */
export type Binding = 'lockfile' | 'tarball' | 'registry';

/** The digest that evidence of one dependency is held against. */
export interface ComparedDigest {
  readonly binding: Binding;
  /** 128 lower-case hexadecimal digits. */
  readonly sha512: string;
}

/** Whose digest it is, to stand behind "the SHA-512". */
export const WHOSE: Readonly<Record<Binding, string>> = {
  lockfile: 'that the lockfile pins',
  tarball: 'of the archive as downloaded',
  registry: 'that the registry states',
};

/** A digest, if there is a usable one, and the checks that led to it. */
export interface ChosenDigest {
  readonly digest: ComparedDigest | null;
  readonly checks: readonly Check[];
}

/** Pins that say too little, and nothing wrong. */
const REPLACEABLE: readonly Integrity['status'][] = [
  'weak',
  'missing',
  'no-sha512',
];

/**
 * Decides which digest evidence is held against. A SHA-512 of the lockfile is
 * the only one that counts where there is one; an integrity that is ambiguous or
 * no SRI string is never replaced. Check C5.
 */
export function chooseDigest(
  dependency: Dependency,
  evidence: Evidence,
): ChosenDigest {
  const pinned = parseIntegrity(dependency.integrity);
  if (pinned.status === 'sha512') {
    const digest = { binding: 'lockfile', sha512: pinned.sha512 } as const;
    const check = judgeIntegrity(pinned, dependency.integrity);
    return { digest, checks: [check, digestPassed(digest)] };
  }
  if (pinned.status === 'missing' && dependency.archiveChecksum !== undefined) {
    return ofRegistry(evidence, OWN_ARCHIVE);
  }
  const archive = 'archive' in evidence ? evidence.archive : undefined;
  if (archive === undefined && isForOtherSystems(dependency)) {
    return ofRegistry(evidence, OTHER_SYSTEMS);
  }
  // What is downloaded must not take the place of a pin that cannot be right.
  if (archive === undefined || !REPLACEABLE.includes(pinned.status)) {
    return without(judgeIntegrity(pinned, dependency.integrity));
  }
  if (archive.status === 'unavailable') {
    const message = `${wordWeakness(dependency)}, and its archive could not be had: ${archive.message}`;
    return without(
      undecided(
        'integrity',
        { code: 'weak-integrity', message },
        { found: dependency.integrity },
      ),
    );
  }
  return ofArchive(dependency, archive.digests);
}

const OWN_ARCHIVE =
  'the lockfile pins an archive that its package manager makes';

const OTHER_SYSTEMS =
  'the lockfile pins nothing of it, as its package manager does of what is for other systems';

/**
 * Whether the lockfile has no digest of any kind of a package because it was
 * written where that is not installed: Yarn Berry then has none to write. Both
 * have to be so: the entry limits it to some systems, and the graph, not the
 * entry, says that an installation can do without it. Everything else without a
 * digest stays undecided.
 */
export function isForOtherSystems({
  integrity,
  archiveChecksum,
  conditions,
  optional,
}: Dependency): boolean {
  const isUnpinned = isMissing(integrity) && archiveChecksum === undefined;
  return isUnpinned && conditions !== undefined && optional;
}

/** Nobody else can say which archive of the registry it is; `why` it is asked. */
function ofRegistry(evidence: Evidence, why: string): ChosenDigest {
  if (!('metadata' in evidence)) {
    return without(notMade('integrity', why));
  }
  const { integrity } = evidence.metadata;
  const stated = parseIntegrity(integrity);
  if (stated.status !== 'sha512') {
    const message = `${why}, and the registry states no SHA-512`;
    const code = 'weak-integrity';
    return without(
      undecided('integrity', { code, message }, { found: integrity }),
    );
  }
  const digest = { binding: 'registry', sha512: stated.sha512 } as const;
  const check = notMade('integrity', why);
  return { digest, checks: [check, digestPassed(digest)] };
}

function ofArchive(
  dependency: Dependency,
  digests: ArchiveDigests,
): ChosenDigest {
  const { integrity } = dependency;
  const expected = isMissing(integrity) ? [] : integrity.split(' ');
  const differing = expected.find((pin) => pin !== sriFor(pin, digests));
  if (differing !== undefined) {
    return without(
      failed('integrity', {
        kind: 'mismatch',
        code: 'integrity-mismatch',
        message: 'the registry serves other bytes than this lockfile pins',
        expected: differing,
        found: sriFor(differing, digests),
      }),
    );
  }
  const digest = { binding: 'tarball', sha512: digests.sha512 } as const;
  const message = isMissing(integrity)
    ? wordWeakness(dependency)
    : `${wordWeakness(dependency)}, which the archive has`;
  return {
    digest,
    checks: [notMade('integrity', message), digestPassed(digest)],
  };
}

/** The archive's digest of the kind that `pin` is of. */
function sriFor(pin: string, digests: ArchiveDigests): string | null {
  const algorithm = ARCHIVE_ALGORITHMS.find((each) =>
    pin.startsWith(`${each}-`),
  );
  return algorithm === undefined ? null : sriOf(algorithm, digests[algorithm]);
}

function wordWeakness({ integrity }: Dependency): string {
  return isMissing(integrity)
    ? 'the lockfile pins no integrity for this package'
    : 'the lockfile pins no SHA-512, only a weaker hash';
}

function isMissing(integrity: string | null): integrity is null | '' {
  return integrity === null || integrity === '';
}

function digestPassed({ binding, sha512 }: ComparedDigest): Check {
  return passed('digest', {
    expected: `the SHA-512 ${WHOSE[binding]}`,
    found: sriOfSha512(sha512),
  });
}

function without(integrity: Check): ChosenDigest {
  const check = notMade('digest', 'there is no SHA-512 to compare with');
  return { digest: null, checks: [integrity, check] };
}

import type {
  Improvement,
  ImproveReport,
  ImprovementGroup,
} from './improve-report.js';
import type { Coverage, Report } from './report.js';
import { toCoverage } from './summarize.js';

/** Reasons that are found out; with any other it is not known. */
const FOUND_OUT: readonly string[] = [
  'none-better',
  'out-of-range',
  'no-command',
  'newest-not-attested',
];

/**
 * Puts what updates would bring into its plain form. `audit` is of the whole
 * lockfile; `total` is how long everything took, in milliseconds.
 */
export function buildImproveReport(
  audit: Report,
  groups: readonly ImprovementGroup[],
  total: number,
): ImproveReport {
  const packages = groups.flatMap((group) => group.packages);
  const count = (holds: (one: Improvement) => boolean): number =>
    packages.filter(holds).length;
  const updates = count(({ updatesTo }) => updatesTo !== null);
  const gained = groups.reduce((sum, group) => sum + group.gained, 0);
  const limitedIdentity = count(
    ({ weakness }) => weakness === 'limited-identity',
  );
  const isUnknown = ({ reason }: Improvement): boolean =>
    reason !== null && !FOUND_OUT.includes(reason.code);
  const { all } = audit.summary.coverage;
  const { notProven } = audit.summary;
  const unknown = count(isUnknown);
  const undecided = notProven.unavailable + notProven.unverifiable;
  const isOpen = unknown + undecided > 0;
  const { schemaVersion, tool, auditedAt, lockfile, trustRoot, policy } = audit;
  return {
    ...{ schemaVersion, tool, auditedAt, lockfile, trustRoot, policy },
    ...resultOfImprove(audit, isOpen),
    coverage: { before: all, after: raised(all, gained) },
    summary: {
      unproven: packages.length - limitedIdentity,
      limitedIdentity,
      updates,
      outOfReach: count(
        (one) =>
          one.updatesTo === null &&
          (one.inRange !== null || one.nearest !== null),
      ),
      without: count(({ reason }) => reason?.code === 'none-better'),
      ...{ unknown, undecided, rejected: notProven.rejected },
    },
    groups,
    durations: { total },
  };
}

function raised({ verified, eligible }: Coverage, by: number): Coverage {
  return toCoverage({ verified: verified + by, eligible });
}

function resultOfImprove(
  { result }: Report,
  isOpen: boolean,
): Pick<ImproveReport, 'result' | 'exitCode'> {
  // What is acknowledged does not count.
  if (result === 'tampered') return { result: 'tampered', exitCode: 4 };
  return isOpen
    ? { result: 'incomplete', exitCode: 3 }
    : { result: 'pass', exitCode: 0 };
}

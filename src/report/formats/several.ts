import { compareText } from '../../package/package-id.js';
import { RULES } from '../../policy/rules/index.js';
import type { RecursiveReport } from '../recursive-report.js';
import type { Report, ReportFinding } from '../report.js';

/** One project of several that was audited. */
export interface AuditedProject {
  /** Its folder from the one that was searched; `.` for that itself. */
  readonly path: string;
  readonly report: Report;
  /** Its lockfile as seen from the root of the checkout. */
  readonly lockfilePath: string;
}

/** One that could not be. Texts may quote what is outside. */
export interface UnauditedProject {
  readonly path: string;
  /** Its folder as seen from the root of the checkout; `.` for that itself. */
  readonly folderPath: string;
  readonly code: string;
  readonly message: string;
}

/** A finding in the project that it was made in. */
export interface PlacedFinding {
  readonly finding: ReportFinding;
  readonly project: AuditedProject;
}

/** Those of `report` that were audited, in its order; `folder` was searched. */
export function auditedProjects(
  { projects }: RecursiveReport,
  folder: string,
): readonly AuditedProject[] {
  return projects.flatMap(({ path, report }) =>
    report === null
      ? []
      : [
          {
            path: path === '' ? '.' : path,
            report,
            lockfilePath: joined([folder, path, report.lockfile.path]),
          },
        ],
  );
}

/** The others, with what kept them from being audited. */
export function unauditedProjects(
  { projects }: RecursiveReport,
  folder: string,
): readonly UnauditedProject[] {
  return projects.flatMap(({ path, error }) =>
    error === null
      ? []
      : [
          {
            path: path === '' ? '.' : path,
            folderPath: joined([folder, path]) || '.',
            ...error,
          },
        ],
  );
}

/**
 * All findings in the order of one report's: errors first, then as the rules. The
 * same of the same package version in several projects stands together.
 */
export function mergeFindings(
  projects: readonly AuditedProject[],
): readonly PlacedFinding[] {
  const order = new Map(RULES.map(({ id }, index) => [id, index]));
  const rankOf = ({ finding: { level, rule } }: PlacedFinding): number =>
    (level === 'error' ? 0 : RULES.length + 1) +
    (order.get(rule) ?? RULES.length);
  return projects
    .flatMap((project) =>
      project.report.findings.map((finding) => ({ finding, project })),
    )
    .toSorted(
      (a, b) =>
        rankOf(a) - rankOf(b) ||
        compareText(a.finding.package ?? '', b.finding.package ?? ''),
    );
}

function joined(steps: readonly string[]): string {
  return steps.filter((step) => step !== '').join('/');
}

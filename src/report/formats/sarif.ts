import type { RecursiveReport } from '../recursive-report.js';
import type { Report } from '../report.js';
import type { ReportFormat, SeveralContext } from './format.js';
import { toRelativeUri } from './relative-uri.js';
import { renderSarifRun, type SarifLockfile } from './sarif-run.js';
import {
  auditedProjects,
  mergeFindings,
  unauditedProjects,
} from './several.js';

export const sarif: ReportFormat = {
  extension: '.sarif',
  mediaType: 'application/sarif+json',
  summary: 'SARIF 2.1.0 for code scanning, at the lockfile’s lines',
  render: (report, { lockfilePath }) =>
    renderSarif(report, { lockfilePath, category: [] }),
  renderSeveral: renderSarifOfSeveral,
};

/** What of a report goes into a log; a comparison has it too. */
export type SarifSource = Pick<
  Report,
  'tool' | 'result' | 'exitCode' | 'auditedAt' | 'lockfile' | 'findings'
>;

/**
 * The findings as a SARIF 2.1.0 log, the gravest first. What does not fit into
 * the limits of code scanning is left out, and a notification says how much.
 * The only file named is the lockfile; messages are plain text.
 */
export function renderSarif(
  report: SarifSource,
  {
    lockfilePath,
    category,
  }: {
    readonly lockfilePath: string;
    /** What tells its results from those of other logs of the same lockfile. */
    readonly category: readonly string[];
  },
): string {
  const lockfile = { ...toLockfile(report, lockfilePath), mark: [] };
  return renderSarifRun({
    source: report,
    result: report.result,
    exitCode: report.exitCode,
    isComplete: report.result !== 'incomplete',
    id: [...category, lockfile.uri],
    lockfiles: [lockfile],
    findings: report.findings.map((finding) => ({ finding, lockfile: 0 })),
    problems: [],
  });
}

/** One run for all of them, at the lines of each one's lockfile. */
function renderSarifOfSeveral(
  report: RecursiveReport,
  { folder }: SeveralContext,
): string {
  const projects = auditedProjects(report, folder);
  const problems = unauditedProjects(report, folder);
  const positions = new Map(projects.map((project, index) => [project, index]));
  return renderSarifRun({
    source: report,
    result: report.result,
    exitCode: report.exitCode,
    isComplete:
      problems.length === 0 &&
      projects.every((project) => project.report.result !== 'incomplete'),
    id: ['recursive', ...(folder === '' ? [] : [toRelativeUri(folder)])],
    lockfiles: projects.map((project) =>
      toLockfile(project.report, project.lockfilePath),
    ),
    findings: mergeFindings(projects).map(({ finding, project }) => ({
      finding,
      lockfile: positions.get(project) ?? 0,
    })),
    problems: problems.map(
      ({ folderPath, message }) => `${folderPath}: not audited: ${message}`,
    ),
  });
}

function toLockfile(
  { lockfile: { path, sha256 } }: Pick<Report, 'lockfile'>,
  lockfilePath: string,
): SarifLockfile {
  const uri = toRelativeUri(lockfilePath);
  return { file: path, uri, sha256, mark: [uri] };
}

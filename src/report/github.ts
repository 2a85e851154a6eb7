import { escapeTerminal } from './escape.js';
import { isFailing, wordFinding } from './formats/finding-words.js';
import {
  auditedProjects,
  mergeFindings,
  unauditedProjects,
  type AuditedProject,
  type PlacedFinding,
} from './formats/several.js';
import type { RecursiveReport } from './recursive-report.js';
import type { Report, ReportFinding } from './report.js';

/** GitHub shows so many of each kind for a step. */
const MAX_ANNOTATIONS = 10;
const MAX_TEXT = 1000;

/**
 * The findings as workflow commands of GitHub Actions, which show them at the
 * lockfile's lines: the first ten errors and warnings, and a notice that counts
 * the others. What the policy exempts is left out. One line each; empty without
 * findings. `lockfilePath` is from the root of the repository.
 */
export function renderAnnotations(
  report: Report,
  lockfilePath: string,
): string {
  const project = { path: '.', report, lockfilePath };
  return commandsOf(
    report.findings.map((finding) => ({ finding, project })),
    [],
  );
}

/**
 * The same of several projects, those that were not audited among the errors.
 * `folder` is the one that was searched, from the root of the repository.
 */
export function renderAnnotationsOfSeveral(
  report: RecursiveReport,
  folder: string,
): string {
  const problems = unauditedProjects(report, folder).map(
    ({ folderPath, message }) => {
      const text = escapeTerminal(
        `${folderPath}: not audited: ${message}`,
        MAX_TEXT,
      );
      return `::error title=provenance-audit::${escapeData(text)}`;
    },
  );
  return commandsOf(mergeFindings(auditedProjects(report, folder)), problems);
}

function commandsOf(
  findings: readonly PlacedFinding[],
  problems: readonly string[],
): string {
  const toCommands = (isMeant: (finding: ReportFinding) => boolean) =>
    findings
      .filter(({ finding }) => isMeant(finding))
      .map(({ finding, project }) => toCommand(finding, project));
  const errors = [...problems, ...toCommands(isFailing)];
  const warnings = toCommands(
    ({ level, exempted }) => level === 'warning' && exempted === null,
  );
  const lines = [errors, warnings].flatMap((commands) =>
    commands.slice(0, MAX_ANNOTATIONS),
  );
  const more = errors.length + warnings.length - lines.length;
  if (more > 0) {
    const text = `${more} further findings have no annotation, since GitHub shows ${MAX_ANNOTATIONS} of each kind; the report and the job summary list them`;
    lines.push(`::notice title=provenance-audit::${escapeData(text)}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

/**
 * The audit's outcome as the step's outputs: lines for GITHUB_OUTPUT, each value
 * between two `delimiter` lines, which nobody may be able to guess.
 */
export function renderOutputs(
  report: Pick<Report | RecursiveReport, 'result' | 'exitCode' | 'summary'>,
  delimiter: string,
): string {
  const { coverage, findings } = report.summary;
  const { verified, eligible } = coverage.all;
  const outputs: readonly (readonly [string, string | number])[] = [
    ['result', report.result],
    ['exit-code', report.exitCode],
    ['verified', verified],
    ['eligible', eligible],
    ['errors', findings.error],
    ['warnings', findings.warning],
  ];
  return outputs
    .map(([name, value]) => `${name}<<${delimiter}\n${value}\n${delimiter}\n`)
    .join('');
}

function toCommand(
  finding: ReportFinding,
  { report, lockfilePath }: AuditedProject,
): string {
  const { level, rule, package: name, location, remedy } = finding;
  const { line, column } = (location?.file === report.lockfile.path
    ? location
    : null) ?? {
    line: null,
    column: null,
  };
  const properties = [
    ['file', lockfilePath],
    ['line', `${line ?? 1}`],
    ...(line === null || column === null ? [] : [['col', `${column}`]]),
    ['title', `provenance-audit: ${rule}`],
  ].map(([key = '', value = '']) => `${key}=${escapeProperty(value)}`);
  const subject = name === null ? '' : `${escapeTerminal(name)}: `;
  const text = `${subject}${escapeTerminal(wordFinding(finding), MAX_TEXT)}. ${remedy}`;
  return `::${level} ${properties.join(',')}::${escapeData(text)}`;
}

/** Source: the runner's parsing of workflow commands; actions/toolkit. */
function escapeData(text: string): string {
  return escapeTerminal(text, 2 * MAX_TEXT)
    .replaceAll('%', '%25')
    .replace(/##(?=\[|vso\[)/gi, '#\\u{23}');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

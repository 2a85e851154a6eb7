import { compareText } from '../package/package-id.js';
import type { Consequence } from '../policy/verdict.js';
import type { RecursiveReport, ReportProject } from './recursive-report.js';
import type { Report, ReportDependency, ReportSummary } from './report.js';
import { summarize } from './summarize.js';

/** Everything that a report about several projects is made of. */
export interface RecursiveInput {
  readonly tool: Report['tool'];
  readonly auditedAt: Date;
  readonly projects: readonly Omit<ReportProject, 'exitCode'>[];
  readonly ignored: readonly string[];
  /** Milliseconds. */
  readonly durations: RecursiveReport['durations'];
}

/** Gravest first, as for one audit: 4 > 2 > 1 > 3 > 0. */
const RESULTS = [
  ['tampered', 4],
  ['unusable', 2],
  ['violated', 1],
  ['incomplete', 3],
  ['pass', 0],
] as const;

/** What an error that kept a project from being audited comes to. */
const INCOMPLETE_ERRORS = ['TRUST_ROOT_UNAVAILABLE', 'CLOCK_IMPLAUSIBLE'];

/**
 * Puts the audits of several projects together. The same input gives the same
 * report, whatever the order of the projects. A project is in it even where no
 * audit was possible, and then the whole does not pass.
 */
export function buildRecursiveReport(input: RecursiveInput): RecursiveReport {
  const projects = input.projects
    .map(toProject)
    .toSorted((a, b) => compareText(a.path, b.path));
  const [result, exitCode] = gravest(projects);
  return {
    schemaVersion: 1,
    tool: input.tool,
    auditedAt: input.auditedAt.toISOString(),
    result,
    exitCode,
    projects,
    ignored: input.ignored,
    summary: summarizeAll(projects),
    durations: { total: input.durations.total },
  };
}

function toProject(one: Omit<ReportProject, 'exitCode'>): ReportProject {
  const { path, report, error } = one;
  const exitCode =
    report?.exitCode ?? (INCOMPLETE_ERRORS.includes(error?.code ?? '') ? 3 : 2);
  return { path, exitCode, report, error };
}

/** Of no project at all nothing is known, so that does not pass either. */
function gravest(projects: readonly ReportProject[]): (typeof RESULTS)[number] {
  const found = RESULTS.find(([, code]) =>
    projects.some(({ exitCode }) => exitCode === code),
  );
  return found ?? ['unusable', 2];
}

function summarizeAll(projects: readonly ReportProject[]): ReportSummary {
  const reports = projects.flatMap(({ report }) => report ?? []);
  const sum = (count: (summary: ReportSummary) => number): number =>
    reports.reduce((total, { summary }) => total + count(summary), 0);
  const failing = (consequence: Consequence): number =>
    sum((summary) => summary.failing[consequence]);
  return {
    ...summarize(distinctOf(projects), []),
    findings: {
      error: sum(({ findings }) => findings.error),
      warning: sum(({ findings }) => findings.warning),
    },
    failing: {
      tampered: failing('tampered'),
      violated: failing('violated'),
      incomplete: failing('incomplete'),
    },
  };
}

/** Every package version once, in the worst of its states. */
function distinctOf(
  projects: readonly ReportProject[],
): readonly ReportDependency[] {
  const distinct = new Map<string, ReportDependency>();
  for (const { path, report } of projects) {
    for (const one of report?.dependencies ?? []) {
      const key = keyOf(one, path);
      const known = distinct.get(key);
      distinct.set(key, known === undefined ? one : join(known, one));
    }
  }
  return [...distinct.values()];
}

/** Sources that are another thing in each project. */
const LOCAL = ['workspace', 'link', 'file'];

function keyOf(one: ReportDependency, project: string): string {
  const { name, version, integrity, resolved, scopeReason } = one;
  const place = LOCAL.includes(scopeReason ?? '') ? project : null;
  return JSON.stringify([name, version, integrity, resolved, place]);
}

/** The worse account of one version; needed as any project needs it. */
function join(a: ReportDependency, b: ReportDependency): ReportDependency {
  return {
    ...(rankOf(a) <= rankOf(b) ? a : b),
    production: a.production || b.production,
    direct: a.direct || b.direct,
  };
}

const WORST_FIRST = ['rejected', 'unverifiable', 'unavailable'];

/** What one project has left out is what another one says of it. */
function rankOf({ scope, verification, evidence }: ReportDependency): number {
  if (scope === 'out-of-scope') return WORST_FIRST.length + 1;
  const found = [verification, evidence]
    .map((state) => WORST_FIRST.indexOf(state))
    .filter((rank) => rank !== -1);
  return Math.min(WORST_FIRST.length, ...found);
}

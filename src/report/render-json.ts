import type { DiffReport } from './diff-report.js';
import type { HistoryReport } from './history-report.js';
import type { ImproveReport } from './improve-report.js';
import { toJsonParts, toJsonText } from './json-text.js';
import type { PolicyReport } from './policy-report.js';
import type { PackageReport } from './package-report.js';
import type { RecursiveReport } from './recursive-report.js';
import type { Report } from './report.js';
import type { RulesReport } from './rules-report.js';
import type { TrustRootReport } from './trust-root-report.js';

/** The same as `renderJson`, a part after the other. */
export function* renderJsonParts(report: Report): Iterable<string> {
  yield* toJsonParts(report, 2);
  yield '\n';
}

/**
 * The report as JSON: two spaces, one newline at the end, keys in the order of
 * the report, every value unchanged; written as toJsonText says.
 */
export function renderJson(
  report:
    | Report
    | PackageReport
    | RecursiveReport
    | TrustRootReport
    | RulesReport
    | PolicyReport
    | DiffReport
    | HistoryReport
    | ImproveReport,
): string {
  return `${toJsonText(report, 2)}\n`;
}

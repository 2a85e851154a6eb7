import type { DiffReport } from './diff-report.js';
import type { HistoryReport } from './history-report.js';
import type { ImproveReport } from './improve-report.js';
import { toJsonText } from './json-text.js';
import type { PolicyReport } from './policy-report.js';
import type { PackageReport } from './package-report.js';
import type { RecursiveReport } from './recursive-report.js';
import type { Report } from './report.js';
import type { RulesReport } from './rules-report.js';
import type { TrustRootReport } from './trust-root-report.js';

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

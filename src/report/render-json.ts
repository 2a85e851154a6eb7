import type { DiffReport } from './diff-report.js';
import { isPrintable } from './escape.js';
import type { PackageReport } from './package-report.js';
import type { RecursiveReport } from './recursive-report.js';
import type { Report } from './report.js';
import type { RulesReport } from './rules-report.js';
import type { TrustRootReport } from './trust-root-report.js';

/**
 * The report as JSON: two spaces, one newline at the end, keys in the order of
 * the report, every value unchanged.
 *
 * What a terminal or a CI log would obey is written as a `\u` escape, which a
 * JSON parser reads back as the same text (RFC 8259 section 7). Outside of
 * strings JSON has none of these characters but the newlines written here.
 */
export function renderJson(
  report:
    | Report
    | PackageReport
    | RecursiveReport
    | TrustRootReport
    | RulesReport
    | DiffReport,
): string {
  const json = JSON.stringify(report, null, 2)
    .split('\n')
    .map((line) => (isPrintable(line) ? line : escapeCodeUnits(line)))
    .join('\n');
  // A GitHub workflow obeys `##[command]` anywhere in a line.
  return `${json.replace(/#(?=#)/g, '\\u0023')}\n`;
}

function escapeCodeUnits(line: string): string {
  return Array.from(line, (character) =>
    isPrintable(character)
      ? character
      : character.split('').map(toHex).join(''),
  ).join('');
}

function toHex(codeUnit: string): string {
  return `\\u${codeUnit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

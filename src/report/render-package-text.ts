import { formatPackageId } from '../package/package-id.js';
import type { InspectedPackage, PackageReport } from './package-report.js';
import type { TextOptions } from './render-text.js';
import { checkLines } from './text/check-list.js';
import { policyLines, reminderLines, trustRootLines } from './text/footer.js';
import { BLANK, proseWidth, span, type Line } from './text/layout.js';
import { failureLines } from './text/package-failures.js';
import { summaryLines } from './text/package-summary.js';
import { packageTitleLines } from './text/package-title.js';
import { clampWidth, paintLines } from './text/paint.js';

/**
 * Some packages for people at a terminal: for each what it is, what speaks
 * against it, what is known, then every check. Escaped and coloured as the text
 * of an audit. `quiet` leaves out all but the title and what speaks against it.
 */
export function renderPackageText(
  report: PackageReport,
  options: TextOptions,
): string {
  const full = clampWidth(options.width);
  const width = proseWidth(full);
  const rule = [span('─'.repeat(width), 'faint')];
  const blocks = report.packages.map((one) =>
    packageLines(one, report, { ...options, width, full }),
  );
  const packages = blocks.flatMap((block, index) =>
    index === 0 ? block : [...(options.quiet ? [] : [rule, BLANK]), ...block],
  );
  const lines = options.quiet
    ? packages.slice(0, -1)
    : [
        ...packages,
        ...policyLines(report, width),
        ...trustRootLines(report, width),
        BLANK,
        ...reminderLines(width),
      ];
  return paintLines(lines, options.color);
}

/** Ends with a blank line. */
function packageLines(
  one: InspectedPackage,
  report: PackageReport,
  // The list of checks is a table, not prose: it uses the full width.
  style: TextOptions & { readonly full: number },
): Line[] {
  const name = formatPackageId(one);
  const findings = report.findings.filter((each) => each.package === name);
  const told = { lockfile: report.lockfile.path, findings };
  const top = [
    ...packageTitleLines(one, style.width),
    BLANK,
    ...failureLines(one, findings, { ...style, suggestsShow: false }),
  ];
  if (style.quiet) return top;
  const checks = checkLines(one, { ...style, width: style.full });
  return [
    ...top,
    ...summaryLines(one, told, style),
    BLANK,
    ...(checks.length === 0 ? [] : [...checks, BLANK]),
  ];
}

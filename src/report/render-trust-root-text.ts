import type { TextOptions } from './render-text.js';
import { wordTrustRoot } from './text/footer.js';
import { BLANK, labelled, proseWidth, span } from './text/layout.js';
import { clampWidth, paintLines } from './text/paint.js';
import { trustRootDetails } from './text/trust-root-details.js';
import type { TrustRootReport } from './trust-root-report.js';

/**
 * The trust root for people at a terminal: in one line what it is and how fresh,
 * then every detail. `quiet` leaves only that line.
 */
export function renderTrustRootText(
  report: TrustRootReport,
  options: TextOptions,
): string {
  const width = proseWidth(clampWidth(options.width));
  const text = wordTrustRoot(report.trustRoot, report.checkedAt);
  const place = { indent: 0, width, labelWidth: 12 };
  const head = labelled(span('trust root', 'strong'), text, place);
  const lines = options.quiet
    ? head
    : [...head, BLANK, ...trustRootDetails(report, width)];
  return paintLines(lines, options.color);
}

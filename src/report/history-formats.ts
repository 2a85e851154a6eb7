import type { HistoryReport } from './history-report.js';
import { renderHistoryPage } from './html/history-page.js';
import { renderHistoryText } from './render-history-text.js';
import { renderJson } from './render-json.js';
import type { TextOptions } from './render-text.js';

/** One form of the history of a package. */
export interface HistoryFormat {
  /** As typed behind `--format`. */
  readonly name: string;
  readonly render: (report: HistoryReport, look: TextOptions) => string;
}

/** Every form of a history, in the order of help and documents. */
export const HISTORY_FORMATS: readonly HistoryFormat[] = [
  { name: 'text', render: renderHistoryText },
  { name: 'json', render: (report) => renderJson(report) },
  { name: 'html', render: (report) => renderHistoryPage(report) },
];

/** The one of that name, which must be one of them. */
export function requireHistoryFormat(name: string): HistoryFormat {
  const found = HISTORY_FORMATS.find((format) => format.name === name);
  if (found === undefined) throw new Error(`there is no format ${name}`);
  return found;
}

import type { HistoryReport } from './history-report.js';
import type { TextOptions } from './render-text.js';

/** A history in one form, ending with a newline; outside text is escaped. */
export type RenderHistory = (
  report: HistoryReport,
  look: TextOptions,
) => string;

/** A form of a history in the list, loaded when it is needed. */
export interface ListedHistoryFormat {
  /** As typed behind `--format`. */
  readonly name: string;
  /** What renders it. Rejects only where the installation is damaged. */
  readonly load: () => Promise<RenderHistory>;
}

/** Every form of a history, in the order of help and documents. */
export const HISTORY_FORMATS: readonly ListedHistoryFormat[] = [
  {
    name: 'text',
    load: async () =>
      (await import('./render-history-text.js')).renderHistoryText,
  },
  {
    name: 'json',
    load: async () => (await import('./render-json.js')).renderJson,
  },
  {
    name: 'html',
    load: async () =>
      (await import('./html/history-page.js')).renderHistoryPage,
  },
];

/** What renders the form of that name, which must be one of them. */
export async function loadHistoryFormat(name: string): Promise<RenderHistory> {
  const found = HISTORY_FORMATS.find((format) => format.name === name);
  if (found === undefined) throw new Error(`there is no format ${name}`);
  return found.load();
}

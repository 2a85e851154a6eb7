import type { DiffReport } from './diff-report.js';
import type { RenderContext } from './formats/format.js';

/** A comparison in one form, ending with a newline; outside text is escaped. */
export type RenderDiff = (report: DiffReport, context: RenderContext) => string;

/** A form of a comparison in the list, loaded when it is needed. */
export interface ListedDiffFormat {
  /** As typed behind `--format`. */
  readonly name: string;
  /** What renders it. Rejects only where the installation is damaged. */
  readonly load: () => Promise<RenderDiff>;
}

/** Every form of a comparison, in the order of help and documents. */
export const DIFF_FORMATS: readonly ListedDiffFormat[] = [
  {
    name: 'text',
    load: async () => (await import('./render-diff-text.js')).renderDiffText,
  },
  {
    name: 'json',
    load: async () => (await import('./render-json.js')).renderJson,
  },
  {
    name: 'markdown',
    load: async () => {
      const { renderDiffMarkdown } = await import('./render-diff-markdown.js');
      return (report, { lockfilePath }) =>
        renderDiffMarkdown(report, lockfilePath);
    },
  },
  {
    name: 'sarif',
    load: async () => {
      const { renderSarif } = await import('./formats/sarif.js');
      return (report, { lockfilePath }) =>
        renderSarif(report, { lockfilePath, category: ['diff'] });
    },
  },
];

/** What renders the form of that name, which must be one of them. */
export async function loadDiffFormat(name: string): Promise<RenderDiff> {
  const found = DIFF_FORMATS.find((format) => format.name === name);
  if (found === undefined) throw new Error(`there is no format ${name}`);
  return found.load();
}

import type { DiffReport } from './diff-report.js';
import type { RenderContext } from './formats/format.js';
import { renderSarif } from './formats/sarif.js';
import { renderDiffMarkdown } from './render-diff-markdown.js';
import { renderDiffText } from './render-diff-text.js';
import { renderJson } from './render-json.js';

/** One form of a comparison. */
export interface DiffFormat {
  /** As typed behind `--format`. */
  readonly name: string;
  readonly render: (report: DiffReport, context: RenderContext) => string;
}

/** Every form of a comparison, in the order of help and documents. */
export const DIFF_FORMATS: readonly DiffFormat[] = [
  { name: 'text', render: renderDiffText },
  { name: 'json', render: (report) => renderJson(report) },
  {
    name: 'markdown',
    render: (report, { lockfilePath }) =>
      renderDiffMarkdown(report, lockfilePath),
  },
  {
    name: 'sarif',
    render: (report, { lockfilePath }) =>
      renderSarif(report, { lockfilePath, category: ['diff'] }),
  },
];

/** The one of that name, which must be one of them. */
export function requireDiffFormat(name: string): DiffFormat {
  const found = DIFF_FORMATS.find((format) => format.name === name);
  if (found === undefined) throw new Error(`there is no format ${name}`);
  return found;
}

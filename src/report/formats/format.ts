import type { TextOptions } from '../render-text.js';
import type { RecursiveReport } from '../recursive-report.js';
import type { Report } from '../report.js';

/** What a report is rendered for, beside the report itself. */
export interface RenderContext extends TextOptions {
  /**
   * The lockfile as seen from the root of the checkout, with `/` between the
   * names: what code hosts know it as.
   */
  readonly lockfilePath: string;
}

/** What the report on several projects is rendered for. */
export interface SeveralContext extends TextOptions {
  /**
   * The folder that was searched as seen from the root of the checkout, with `/`
   * between the names; empty for the root itself.
   */
  readonly folder: string;
}

/**
 * What renders one form of the report. The list in index.ts gives it its name;
 * nothing else knows which forms there are.
 */
export interface ReportFormat {
  /** What its files usually end in, with the dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** What it is for, in one line. */
  readonly summary: string;
  /**
   * The report in this form, ending with a newline. Never decides or counts
   * anything that the report does not say; escapes all outside text.
   */
  readonly render: (report: Report, context: RenderContext) => string;
  /** The same in parts, where it is many times the report itself. */
  readonly renderParts?: (report: Report) => Iterable<string>;
  /**
   * The reports on several projects as one document, under the same rules, with
   * every project in it that could not be audited. Left out where the form has
   * room for one project only; format-names.ts says so too.
   */
  readonly renderSeveral?: (
    report: RecursiveReport,
    context: SeveralContext,
  ) => string;
}

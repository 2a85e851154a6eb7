import { randomUUID } from 'node:crypto';
import { appendToFile } from '../io/append-file.js';
import { reasonOf } from '../io/files.js';
import type { RecursiveReport } from '../report/recursive-report.js';
import type { Report } from '../report/report.js';
import type { PlacedEnvironment } from './environment.js';
import type { Notes } from './notes.js';
import { write } from './write.js';

/** Of one step, in bytes. Source: GitHub, limits of job summaries. */
const MAX_SUMMARY = 1024 * 1024;
/** Below that a summary says nothing any more. */
const MIN_SUMMARY = 8192;

/** What there is to be told; nothing of it is made elsewhere. */
export interface Announcement {
  /** Workflow commands, a line each. */
  readonly annotations: () => string;
  /** Markdown of at most so many bytes. */
  readonly summarize: (maxBytes: number) => string;
  /** Lines for GITHUB_OUTPUT, each value between two of this delimiter. */
  readonly outputs: (delimiter: string) => string;
}

/** What is told of the audit of one lockfile, by its path in the checkout. */
export async function announcementOf(
  report: Report,
  lockfilePath: string,
): Promise<Announcement> {
  const { renderAnnotations, renderOutputs } =
    await import('../report/github.js');
  const { renderMarkdown } = await import('../report/formats/markdown.js');
  return {
    annotations: () => renderAnnotations(report, lockfilePath),
    summarize: (maxBytes) => renderMarkdown(report, { lockfilePath, maxBytes }),
    outputs: (delimiter) => renderOutputs(report, delimiter),
  };
}

/** What is told of several, found below `folder` of the checkout. */
export async function announcementOfSeveral(
  report: RecursiveReport,
  folder: string,
): Promise<Announcement> {
  const { renderAnnotationsOfSeveral, renderOutputs } =
    await import('../report/github.js');
  const { renderMarkdownOfSeveral } =
    await import('../report/formats/markdown.js');
  return {
    annotations: () => renderAnnotationsOfSeveral(report, folder),
    summarize: (maxBytes) =>
      renderMarkdownOfSeveral(report, { folder, maxBytes }),
    outputs: (delimiter) => renderOutputs(report, delimiter),
  };
}

/**
 * Within GitHub Actions, tells the host what was found: annotations on stderr,
 * which the runner reads like stdout, the job summary, and the step's outputs.
 * Elsewhere does nothing. What cannot be told is a warning: the report itself
 * was delivered, and the exit code stands.
 */
export async function announceToGithub(
  announcement: () => Promise<Announcement>,
  {
    environment: { env, stderr },
    notes,
  }: { readonly environment: PlacedEnvironment; readonly notes: Notes },
): Promise<void> {
  if (env['GITHUB_ACTIONS'] !== 'true') return;
  const { annotations, summarize, outputs } = await announcement();
  await write(stderr, annotations());
  const add = async (
    variable: string,
    text: (size: number) => string,
  ): Promise<void> => {
    const path = env[variable];
    if (path === undefined || path === '') return;
    await appendToFile(path, text).catch((error: unknown) => {
      notes.warn(`${variable}: ${reasonOf(error)}`);
    });
  };
  await add('GITHUB_STEP_SUMMARY', (size) => {
    const maxBytes = MAX_SUMMARY - size;
    if (maxBytes >= MIN_SUMMARY) {
      return summarize(maxBytes);
    }
    notes.warn('GITHUB_STEP_SUMMARY: there is no room for a summary');
    return '';
  });
  // Values are of a closed set, but a guard that is always there is never missed.
  await add('GITHUB_OUTPUT', () => outputs(`provenance-audit-${randomUUID()}`));
}

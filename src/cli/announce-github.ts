import { randomUUID } from 'node:crypto';
import { appendToFile } from '../io/append-file.js';
import { reasonOf } from '../io/files.js';
import { renderMarkdown } from '../report/formats/markdown.js';
import { renderAnnotations, renderOutputs } from '../report/github.js';
import type { Report } from '../report/report.js';
import type { PlacedEnvironment } from './environment.js';
import type { Notes } from './notes.js';
import { write } from './write.js';

/** Of one step, in bytes. Source: GitHub, limits of job summaries. */
const MAX_SUMMARY = 1024 * 1024;
/** Below that a summary says nothing any more. */
const MIN_SUMMARY = 8192;

/**
 * Within GitHub Actions, tells the host what was found: annotations on stderr,
 * which the runner reads like stdout, the job summary, and the step's outputs.
 * Elsewhere does nothing. What cannot be told is a warning: the report itself
 * was delivered, and the exit code stands.
 */
export async function announceToGithub(
  report: Report,
  lockfilePath: string,
  {
    environment: { env, stderr },
    notes,
  }: { readonly environment: PlacedEnvironment; readonly notes: Notes },
): Promise<void> {
  if (env['GITHUB_ACTIONS'] !== 'true') return;
  await write(stderr, renderAnnotations(report, lockfilePath));
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
      return renderMarkdown(report, { lockfilePath, maxBytes });
    }
    notes.warn('GITHUB_STEP_SUMMARY: there is no room for a summary');
    return '';
  });
  // Values are of a closed set, but a guard that is always there is never missed.
  await add('GITHUB_OUTPUT', () =>
    renderOutputs(report, `provenance-audit-${randomUUID()}`),
  );
}

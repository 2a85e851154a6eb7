import { resolve } from 'node:path';
import { checkOutput, writeWhole } from '../io/files.js';
import type { TextOptions } from '../report/render-text.js';
import { columnsOf } from './columns.js';
import type { PlacedEnvironment } from './environment.js';
import type { OutputOptions, ReportFormat } from './options.js';
import { wantsColor } from './wants-color.js';
import { write } from './write.js';

/** One report in every form that can be asked for. */
export interface Renderings {
  readonly json: () => string;
  readonly text: (look: TextOptions) => string;
}

/** Columns of a text report in a file. */
const FILE_WIDTH = 80;

/**
 * Finds out before any work whether the report can be written to where
 * `--output` says. Throws an `AuditError` `USAGE`, or what checkOutput throws.
 */
export async function checkDelivery(
  { output }: OutputOptions,
  { cwd }: PlacedEnvironment,
): Promise<void> {
  if (output !== null) await checkOutput('--output', resolve(cwd, output));
}

/** Delivers a report: to stdout, and with `--output` to a file. */
export async function deliver(
  { json, text }: Renderings,
  options: OutputOptions,
  { stdout, env, cwd }: PlacedEnvironment,
): Promise<void> {
  const { format, output, quiet, verbose } = options;
  const color = wantsColor(options.color, stdout, env);
  const render = (as: ReportFormat, forFile: boolean): string =>
    as === 'json'
      ? json()
      : text({
          width: forFile ? FILE_WIDTH : columnsOf(stdout),
          color: color && !forFile,
          verbose,
          quiet,
        });
  // A file in a format of its own leaves stdout to the person who watches. What
  // they see comes first: it should not be lost with the file.
  const shown = output === null ? (format ?? 'text') : 'text';
  await write(stdout, render(shown, false));
  if (output !== null) {
    await writeWhole(resolve(cwd, output), render(format ?? 'json', true));
  }
}

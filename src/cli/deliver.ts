import { resolve } from 'node:path';
import { AuditError } from '../errors.js';
import { findCheckout } from '../io/checkout.js';
import { checkOutput, writeWhole } from '../io/files.js';
import type { TextOptions } from '../report/render-text.js';
import { columnsOf } from './columns.js';
import type { PlacedEnvironment } from './environment.js';
import type { OutputOptions } from './options.js';
import { usage } from './usage.js';
import { wantsColor } from './wants-color.js';
import { gathered, write, type Text } from './write.js';

/**
 * A report in the form of that name, one of those that the command has. Fails
 * with an `AuditError` `OUTPUT_FAILED` where this form cannot be had.
 */
export type Render = (
  format: string,
  look: TextOptions,
) => Text | Promise<Text>;

/**
 * What `load` gives for each form that `options` want, by its name; before any
 * work, since what is missing of an installation should not cost a report.
 */
export async function loadForms<Form>(
  { format, files }: OutputOptions,
  load: (name: string) => Promise<Form>,
): Promise<(name: string) => Form> {
  const forms = new Map<string, Form>();
  for (const name of new Set([format, ...files.map((file) => file.format)])) {
    forms.set(name, await load(name));
  }
  return (name) => {
    const found = forms.get(name);
    if (found === undefined) throw new Error(`${name} was not loaded`);
    return found;
  };
}

/** Where reports may go. */
export interface Delivery extends PlacedEnvironment {
  /** Root of the checkout: no link in it leads a report out of it. */
  readonly root: string;
}

/** The world of a command that reports on the project in `directory`. */
export async function toDelivery(
  environment: PlacedEnvironment,
  directory: string,
): Promise<Delivery> {
  const root = await findCheckout(resolve(environment.cwd, directory));
  return { ...environment, root };
}

/** Columns of a text report in a file. */
const FILE_WIDTH = 80;

/**
 * Finds out before any work whether every report can be written to where the
 * options say, and that no two share a file. Throws an `AuditError` `USAGE`.
 */
export async function checkDelivery(
  { files }: OutputOptions,
  { cwd, root }: Delivery,
): Promise<void> {
  const taken = new Map<string, string>();
  for (const { option, path } of files) {
    const target = await checkOutput(option, resolve(cwd, path), root);
    const other = taken.get(target.path);
    if (other !== undefined && target.status?.isFile() !== false) {
      throw usage(`${other} and ${option}: two reports in one file, ${path}`);
    }
    taken.set(target.path, option);
  }
}

/**
 * Delivers a report: to stdout, and to each file that was asked for. One that
 * cannot be rendered or written keeps none of the files back. Throws an
 * `AuditError`: `OUTPUT_FAILED`, the first there was, or `ABORTED` if the user
 * stopped before anything was written, or while a form was waited for.
 */
export async function deliver(
  render: Render,
  options: OutputOptions,
  { stdout, env, cwd, root, signal }: Delivery,
): Promise<void> {
  if (signal.aborted) {
    throw new AuditError('ABORTED', 'stopped: no report was written');
  }
  const { quiet, verbose } = options;
  const color = wantsColor(options.color, stdout, env);
  const width = columnsOf(stdout);
  // What people see comes first: it should not be lost with a file.
  const failures: AuditError[] = [];
  const seen = { width, color, verbose, quiet };
  await attempt(async () => {
    await write(stdout, await render(options.format, seen));
  }, failures);
  const look = { width: FILE_WIDTH, color: false, verbose, quiet };
  for (const { format, path } of options.files) {
    await attempt(async () => {
      const text = await render(format, look);
      const parts = typeof text === 'string' ? text : gathered(text);
      await writeWhole(resolve(cwd, path), parts, root);
    }, failures);
  }
  const [first] = failures;
  if (first !== undefined) throw first;
}

/** Runs `write`; that it failed is added to `failures`. */
async function attempt(
  write: () => Promise<void>,
  failures: AuditError[],
): Promise<void> {
  try {
    await write();
  } catch (error) {
    const isFailure =
      error instanceof AuditError && error.code === 'OUTPUT_FAILED';
    if (!isFailure) throw error;
    failures.push(error);
  }
}

import type { FormatName } from '../report/formats/format-names.js';
import type { OptionName } from './option-table.js';
import { readFlag, readText, readTexts, type Given } from './option-values.js';
import type { OutputOptions, ReportFile } from './options.js';
import { usage } from './usage.js';

/** What `readOutputOptions` reads. */
export const OUTPUT_OPTIONS: readonly OptionName[] = [
  ...(['format', 'json', 'output', 'report'] as const),
  ...(['quiet', 'verbose', 'color'] as const),
];

/**
 * Where the report goes, and how it looks; `formats` are the forms that the
 * command has. A file in a form of its own leaves stdout to the person who
 * watches.
 */
export function readOutputOptions(
  given: Given,
  formats: readonly FormatName[],
): OutputOptions {
  const quiet = readFlag(given, 'quiet') ?? false;
  const verbose = readFlag(given, 'verbose') ?? false;
  if (quiet && verbose) {
    throw usage('--quiet and --verbose exclude each other');
  }
  const format = readFormat(given, formats);
  const output = readText(given, 'output');
  return {
    format: output === null ? (format ?? 'text') : 'text',
    files: [
      ...(output === null
        ? []
        : [{ option: '--output', format: format ?? 'json', path: output }]),
      ...readTexts(given, 'report').map((text) => readFile(text, formats)),
    ],
    quiet,
    verbose,
    color: readFlag(given, 'color'),
  };
}

function readFormat(
  given: Given,
  formats: readonly FormatName[],
): string | null {
  const format = readText(given, 'format');
  if (format !== null) requireFormat('--format', format, formats);
  if (readFlag(given, 'json') !== true) return format;
  if (format === null || format === 'json') return 'json';
  throw usage(`--json and --format ${format} exclude each other`);
}

function readFile(text: string, formats: readonly FormatName[]): ReportFile {
  const equals = text.indexOf('=');
  if (equals < 1 || equals === text.length - 1) {
    throw usage(`--report: expected FORMAT=FILE, found ${text}`);
  }
  const format = text.slice(0, equals);
  requireFormat('--report', format, formats);
  const option = `--report ${format}`;
  return { option, format, path: text.slice(equals + 1) };
}

function requireFormat(
  option: string,
  name: string,
  formats: readonly FormatName[],
): void {
  const names = formats.map((format) => format.name);
  if (names.includes(name)) return;
  const expected = `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
  throw usage(`${option}: expected ${expected}, found ${name}`);
}

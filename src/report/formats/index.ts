import type { ReportFormat } from './format.js';
import { json } from './json.js';
import { text } from './text.js';

/** Every form of an audit's report, in the order of help and documents. */
export const FORMATS: readonly ReportFormat[] = [text, json];

/** Forms that `show` and `trust-root` have too. */
export const BASIC_FORMATS: readonly ReportFormat[] = [text, json];

/** The one of that name, which must be one of them. */
export function requireFormat(name: string): ReportFormat {
  const found = FORMATS.find((format) => format.name === name);
  if (found === undefined) throw new Error(`there is no format ${name}`);
  return found;
}

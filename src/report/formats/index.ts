import { codeQuality } from './code-quality.js';
import { csv } from './csv.js';
import { cyclonedx } from './cyclonedx.js';
import type { ReportFormat } from './format.js';
import { html } from './html.js';
import { json } from './json.js';
import { junit } from './junit.js';
import { markdown } from './markdown.js';
import { ndjson } from './ndjson.js';
import { sarif } from './sarif.js';
import { text } from './text.js';
import { tree } from './tree.js';
import { vsa } from './vsa.js';

/**
 * Every form of an audit's report, in the order of help and documents; their
 * names are in format-names.ts too.
 */
export const FORMATS: readonly ReportFormat[] = [
  text,
  tree,
  json,
  ndjson,
  csv,
  markdown,
  html,
  sarif,
  codeQuality,
  junit,
  vsa,
  cyclonedx,
];

/** The one of that name, which must be one of them. */
export function requireFormat(name: string): ReportFormat {
  const found = FORMATS.find((format) => format.name === name);
  if (found === undefined) throw new Error(`there is no format ${name}`);
  return found;
}

/** A form of a report as the command line names it. */
export interface FormatName {
  readonly name: string;
}

/**
 * What the list in index.ts has, in its order: help and options need the names
 * and not the renderers, which take long to load.
 */
export const FORMAT_NAMES: readonly FormatName[] = [
  'text',
  'tree',
  'json',
  'ndjson',
  'csv',
  'markdown',
  'html',
  'sarif',
  'code-quality',
  'junit',
  'vsa',
  'cyclonedx',
].map((name) => ({ name }));

/** Forms that every other command has too. */
export const BASIC_FORMAT_NAMES: readonly FormatName[] = [
  { name: 'text' },
  { name: 'json' },
];

/** Forms of a comparison, as in diff-formats.ts. */
export const DIFF_FORMAT_NAMES: readonly FormatName[] = [
  ...['text', 'json', 'markdown', 'sarif'],
].map((name) => ({ name }));

/** Forms of the history of a package, as in history-formats.ts. */
export const HISTORY_FORMAT_NAMES: readonly FormatName[] = [
  ...['text', 'json', 'html'],
].map((name) => ({ name }));

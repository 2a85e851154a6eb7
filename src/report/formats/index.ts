import type { ReportFormat } from './format.js';

/** A form of the report in the list, which is not loaded before it is needed. */
export interface ListedFormat {
  /** As typed behind `--format`. */
  readonly name: string;
  /** Whether it has several projects too: whether it has `renderSeveral`. */
  readonly isForSeveral?: boolean;
  /** What renders it. Rejects only where the installation is damaged. */
  readonly load: () => Promise<ReportFormat>;
}

/**
 * Every form of an audit's report, in the order of help and documents. Help and
 * options need the names alone; renderers take long to load.
 */
export const FORMATS: readonly ListedFormat[] = [
  {
    name: 'text',
    isForSeveral: true,
    load: async () => (await import('./text.js')).text,
  },
  {
    name: 'tree',
    isForSeveral: true,
    load: async () => (await import('./tree.js')).tree,
  },
  {
    name: 'json',
    isForSeveral: true,
    load: async () => (await import('./json.js')).json,
  },
  {
    name: 'ndjson',
    isForSeveral: true,
    load: async () => (await import('./ndjson.js')).ndjson,
  },
  {
    name: 'csv',
    isForSeveral: true,
    load: async () => (await import('./csv.js')).csv,
  },
  {
    name: 'markdown',
    isForSeveral: true,
    load: async () => (await import('./markdown.js')).markdown,
  },
  {
    name: 'html',
    load: async () => (await import('./html.js')).html,
  },
  {
    name: 'sarif',
    isForSeveral: true,
    load: async () => (await import('./sarif.js')).sarif,
  },
  {
    name: 'code-quality',
    isForSeveral: true,
    load: async () => (await import('./code-quality.js')).codeQuality,
  },
  {
    name: 'junit',
    isForSeveral: true,
    load: async () => (await import('./junit.js')).junit,
  },
  {
    name: 'vsa',
    load: async () => (await import('./vsa.js')).vsa,
  },
  {
    name: 'cyclonedx',
    load: async () => (await import('./cyclonedx.js')).cyclonedx,
  },
];

/** What renders the form of that name, which must be one of them. */
export async function loadFormat(name: string): Promise<ReportFormat> {
  const found = FORMATS.find((format) => format.name === name);
  if (found === undefined) throw new Error(`there is no format ${name}`);
  return found.load();
}

/** What renders several projects in that form, which must be one of those that can. */
export async function loadRenderSeveral(
  name: string,
): Promise<NonNullable<ReportFormat['renderSeveral']>> {
  const { renderSeveral } = await loadFormat(name);
  if (renderSeveral === undefined) {
    throw new Error(`the format ${name} has room for one project only`);
  }
  return renderSeveral;
}

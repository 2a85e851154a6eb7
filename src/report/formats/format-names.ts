/** A form of a report as the command line names it. */
export interface FormatName {
  readonly name: string;
}

/** Forms of what has no list of its own. */
export const BASIC_FORMAT_NAMES: readonly FormatName[] = [
  { name: 'text' },
  { name: 'json' },
];

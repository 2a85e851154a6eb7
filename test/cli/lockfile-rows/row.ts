import { FORMATS, lockfileOf, type FormatName, type Pin } from './writers.js';

/** One hostile lockfile, and what has to come of it. */
export interface RowCase {
  readonly format: FormatName;
  readonly what: string;
  /** The file; bytes where it is no text, null for a folder in its place. */
  readonly lockfile: string | Uint8Array | null;
  /** What the package.json asks for. */
  readonly pins?: readonly Pin[];
  /**
   * `refused` with a part of the message; or the state of each package, with
   * the codes of what is wrong with it.
   */
  readonly outcome: Refused | readonly string[];
  readonly exit: number;
  /** Its name, where it is not that which the format has by default. */
  readonly file?: string;
  /** Another file beside it. */
  readonly beside?: readonly [string, string];
  /** A part of what is said beside the report. */
  readonly note?: string;
  /** In the report: a part of the findings, a name. */
  readonly says?: string;
}

interface Refused {
  readonly refused: string;
}

/** A row of the table of hostile lockfiles. */
export interface Row {
  /** Its id and what it is about. */
  readonly title: string;
  readonly cases: readonly RowCase[];
  /** Why it does not apply to the others. */
  readonly not: Partial<Readonly<Record<FormatName, string>>>;
}

/** Exit code of what cannot be used. */
export const UNUSABLE = 2;

export const WIDGET = { name: '@acme/widget', version: '1.2.3' };
export const OTHER_SRI = `sha512-${Buffer.alloc(64, 9).toString('base64')}`;
/** Yarn's alias of the public registry. */
export const PUBLIC = 'https://registry.yarnpkg.com/';
export const LOCKFILES = FORMATS.filter(
  (format) => format !== 'CycloneDX' && format !== 'SPDX',
);
export const SBOMS = ['CycloneDX', 'SPDX'] as const;
export const JSONS = FORMATS.filter((format) => !/^(?:pnpm|Yarn)/.test(format));

/** The same case in several formats. */
export function each(
  formats: readonly FormatName[],
  make: (format: FormatName) => Omit<RowCase, 'format'>,
): readonly RowCase[] {
  return formats.map((format) => ({ format, ...make(format) }));
}

/** A file that pins `pins`, and a package.json that asks for them. */
export function pinning(
  format: FormatName,
  ...pins: readonly Pin[]
): Pick<RowCase, 'lockfile' | 'pins'> {
  return { lockfile: lockfileOf(format, pins), pins };
}

/** A file with a difference of one place; what to replace must be in it. */
export function edited(
  format: FormatName,
  pin: Pin,
  change: (text: string) => string,
): Pick<RowCase, 'lockfile' | 'pins'> {
  const text = lockfileOf(format, [pin]);
  const lockfile = change(text);
  if (lockfile === text) throw new Error(`nothing changed: ${format}`);
  return { lockfile, pins: [pin] };
}

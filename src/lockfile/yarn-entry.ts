import type { Entry } from './join-entries.js';
import { invalidLockfile, quote } from './lockfile-source.js';
import { isExactVersion, isPackageName } from './npm-grammar.js';
import type { Refuse } from './read-fields.js';
import type { SymlRecord } from './syml-records.js';
import type { YarnIdent } from './yarn-range.js';

const MAX_UNAUDITED_TEXT = 512;

/** Something that a package or a workspace asks for. */
export interface YarnAsk extends YarnIdent {
  readonly type: 'prod' | 'dev' | 'optional';
}

/** One entry of a `yarn.lock` of either dialect, judged. Claimed. */
export interface YarnEntry extends Omit<Entry, 'nodes'> {
  /** What it answers: its keys. */
  readonly idents: readonly YarnIdent[];
  /** What Berry calls it; null in files of Yarn 1. */
  readonly locator: YarnIdent | null;
  readonly asks: readonly YarnAsk[];
}

/** What an entry asks for, its development dependencies left out. */
export function readAsks(
  record: SymlRecord,
  refuse: Refuse,
): readonly YarnAsk[] {
  const read = (field: string, type: YarnAsk['type']): readonly YarnAsk[] =>
    Object.entries(readMap(record, field, refuse)).map(([name, range]) => ({
      name,
      range:
        typeof range === 'string'
          ? range
          : refuse(`${field}: ${quote(name)}: expected a text`),
      type,
    }));
  return [
    ...read('dependencies', 'prod'),
    ...read('optionalDependencies', 'optional'),
  ];
}

/** A map in an entry; nothing counts as empty. */
export function readMap(
  record: SymlRecord,
  field: string,
  refuse: Refuse,
): SymlRecord {
  const value = Object.hasOwn(record, field) ? record[field] : undefined;
  if (value === undefined) return {};
  return typeof value === 'object' ? value : refuse(`${field}: expected a map`);
}

/** A text in an entry; null if there is none or it is empty. */
export function readField(
  record: SymlRecord,
  field: string,
  refuse: Refuse,
): string | null {
  const value = Object.hasOwn(record, field) ? record[field] : undefined;
  if (value === undefined || value === '') return null;
  return typeof value === 'string'
    ? value
    : refuse(`${field}: expected a text, found a map`);
}

/**
 * What is asked of a registry must be a name and a version in npm's grammar
 * (SECURITY.md C3), and is installed under such names. The rest is only shown.
 */
export function refuseGrammar(
  { id, origin, idents }: Pick<YarnEntry, 'id' | 'origin' | 'idents'>,
  refuse: Refuse,
): void {
  const names = [id.name, ...idents.map(({ name }) => name)];
  const isAudited = origin.kind === 'registry';
  const isOdd = (name: string): boolean =>
    isAudited ? !isPackageName(name) : name.length > MAX_UNAUDITED_TEXT;
  const odd = names.find(isOdd);
  if (odd !== undefined) {
    refuse(`expected a package name, found ${quote(odd)}`);
  }
  const { version } = id;
  if (isAudited && !isExactVersion(version)) {
    refuse(`expected an exact version, found ${quote(version)}`);
  }
  if (version.length > MAX_UNAUDITED_TEXT) {
    refuse(`expected a version, found ${quote(version)}`);
  }
}

/** Names among `idents` that are not the package's own, each once. */
export function aliasesOf(
  idents: readonly YarnIdent[],
  name: string,
): readonly string[] {
  const others = idents.map((ident) => ident.name);
  return [...new Set(others)].filter((other) => other !== name).toSorted();
}

/** Ends the audit for the entry at a line of the file `path`. */
export function refuserAt(
  path: string,
  line: number,
  location: string,
): Refuse {
  return (message) => {
    throw invalidLockfile(`${path}:${line}: ${quote(location)}: ${message}`);
  };
}

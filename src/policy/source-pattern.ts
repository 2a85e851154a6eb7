import { compileGlob, matchesGlob, type Glob } from './glob.js';

/** Which source repositories are meant, taken apart at the slashes. */
export interface SourcePattern {
  /** Lower case, with the port if one is written. */
  readonly host: string;
  /** Owner, or groups, each meant literally. */
  readonly owners: readonly string[];
  /** Name of the repository: the only place for a star. */
  readonly name: Glob;
}

/** A pattern, or what is wrong with it, to follow "expected …, found …". */
export type SourcePatternResult =
  | { readonly ok: true; readonly pattern: SourcePattern }
  | { readonly ok: false; readonly error: string };

const MAX_LENGTH = 256;
const GITHUB = 'github.com';
const SCHEME = 'https://';
const HOST = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i;
/** What the known platforms allow in a name; no escapes, so no second spelling. */
const SEGMENT = /^[\w.~+-]+$/;
const LAST_SEGMENT = /^[\w.~+*-]+$/;

/**
 * Reads `https://github.com/acme/widget` or `https://github.com/acme/*` from a
 * policy. Whatever could be taken for more than it says is an error: a star
 * in host or owner, two stars together, anything that is no plain address.
 */
export function parseSourcePattern(text: string): SourcePatternResult {
  const refuse = (error: string): SourcePatternResult => ({ ok: false, error });
  if (text.length > MAX_LENGTH) {
    return refuse(`at most ${MAX_LENGTH} characters`);
  }
  if (!text.startsWith(SCHEME)) {
    return refuse('a repository’s address that begins with https://');
  }
  const [host = '', ...segments] = text.slice(SCHEME.length).split('/');
  const last = segments.pop() ?? '';
  if (host.includes('*') || segments.some((each) => each.includes('*'))) {
    return refuse('a star in the last segment only: https://host/owner/*');
  }
  if (text.includes('**')) return refuse('no two stars together');
  if (!HOST.test(host)) return refuse('a host behind https://');
  if (segments.length === 0) return refuse('an owner and a repository');
  const isPlain =
    segments.every((each) => SEGMENT.test(each) && !isDots(each)) &&
    LAST_SEGMENT.test(last) &&
    !isDots(last);
  if (!isPlain) {
    return refuse('plain segments: no slash at the end, no query, no escapes');
  }
  if (/\.git$/i.test(last)) return refuse('no .git at the end');
  // Certificates name a repository of GitHub by owner and name, nothing below.
  if (host.toLowerCase() === GITHUB && segments.length !== 1) {
    return refuse('one owner and one repository of github.com');
  }
  return { ok: true, pattern: compile(host.toLowerCase(), segments, last) };
}

/**
 * Whether `repository`, as a certificate names it, is one that the pattern
 * means: the same host, as many segments, each of them equal but for the star.
 * On github.com, where names differing in case are the same, case is ignored.
 */
export function matchesSource(
  { host, owners, name }: SourcePattern,
  repository: string,
): boolean {
  const folded = foldGithubCase(repository);
  if (!folded.startsWith(`${SCHEME}${host}/`)) return false;
  const segments = folded.slice(SCHEME.length + host.length + 1).split('/');
  const last = segments.pop() ?? '';
  return (
    segments.length === owners.length &&
    owners.every((owner, index) => owner === segments[index]) &&
    last !== '' &&
    matchesGlob(name, last)
  );
}

/** The address in lower case if it is on github.com, else as it is. */
export function foldGithubCase(address: string): string {
  const lower = address.toLowerCase();
  return lower.startsWith(`${SCHEME}${GITHUB}/`) ? lower : address;
}

function compile(
  host: string,
  owners: readonly string[],
  last: string,
): SourcePattern {
  const fold = (text: string): string =>
    host === GITHUB ? text.toLowerCase() : text;
  return { host, owners: owners.map(fold), name: compileGlob(fold(last)) };
}

function isDots(segment: string): boolean {
  return segment === '.' || segment === '..';
}

/** What somebody asks for, or what answers it: `name@protocol:…`. */
export interface YarnIdent {
  readonly name: string;
  /** Everything behind the `@`; empty if there is nothing. */
  readonly range: string;
}

/**
 * Splits a descriptor or locator of Yarn, untrusted; null for what is none. The
 * name is not held against npm's grammar.
 */
export function splitIdent(text: string): YarnIdent | null {
  const found = /^((?:@[^/@\s]+\/)?[^/@\s]+)@(.*)$/s.exec(text);
  const [, name, range] = found ?? [];
  return name === undefined || range === undefined ? null : { name, range };
}

/**
 * The package behind an alias `npm:real@1.0.0`, with what is asked of it; null
 * for everything else, `npm:^1.0.0` and `npm:latest` too.
 */
export function aliasTarget(range: string): YarnIdent | null {
  if (!/^npm:/i.test(range)) return null;
  const target = splitParams(range.slice('npm:'.length)).range;
  const isScope = /^@[^/@\s]+\/[^/@\s]+$/.test(target);
  return isScope ? { name: target, range: '' } : splitIdent(target);
}

/**
 * The npm package that Yarn Berry gets for `@scope/name@jsr:^1.0.0`, or for
 * `alias@jsr:@scope/name@^1.0.0`; every other ident unchanged. It is one of the
 * scope `@jsr`, whose registry the user's configuration names.
 *
 * Source: JSR's documentation, npm compatibility; Yarn's resolver of `jsr:`.
 */
export function behindJsr(ident: YarnIdent): YarnIdent {
  if (!ident.range.startsWith('jsr:')) return ident;
  const wanted = ident.range.slice('jsr:'.length);
  const { name, range } = splitIdent(wanted) ?? { ...ident, range: wanted };
  const [, scope, own] = /^@([^/]+)\/(.+)$/.exec(name) ?? [];
  return scope === undefined || own === undefined
    ? ident
    : { name: `@jsr/${scope}__${own}`, range: `npm:${range}` };
}

/** Divides what Yarn Berry binds to a range: `range::name=value&name=value`. */
export function splitParams(range: string): {
  readonly range: string;
  readonly params: ReadonlyMap<string, string>;
} {
  const at = range.lastIndexOf('::');
  if (at === -1) return { range, params: new Map() };
  const params = range
    .slice(at + 2)
    .split('&')
    .map((pair): [string, string] => {
      const equals = pair.indexOf('=');
      return equals === -1
        ? [pair, '']
        : [pair.slice(0, equals), decodeText(pair.slice(equals + 1))];
    });
  return { range: range.slice(0, at), params: new Map(params) };
}

/** The package that a `patch:` changes, decoded; null for other ranges. */
export function patchSource(range: string): YarnIdent | null {
  const [, source] = /^patch:([^#]+)#/.exec(range) ?? [];
  return source === undefined ? null : splitIdent(decodeText(source));
}

/** A bad escape stays as it is: it then names nothing. */
function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What a package manager would do with a range. */
export type RangeForm =
  'registry' | 'git' | 'remote-tarball' | 'file' | 'link' | 'workspace';

const GIT = [
  /^(?:git|ssh)(?:\+[a-z]+)?:/i,
  /^(?:github|gitlab|bitbucket|gist):/i,
  /^https?:[^#]+\.git(?:#.*)?$/i,
  /^https?:\/\/(?:github|gitlab|bitbucket)\.(?:com|org)\/[^/]+\/[^/]+$/i,
  /^[\w.-]+@[\w.-]+:/,
  // A repository's shorthand, with or without a commit.
  /^[\w-][\w.-]*\/[\w.-]+(?:#.*)?$/,
];

/**
 * Classifies a range of either Yarn, untrusted; null for a protocol that neither
 * has of its own. Ranges of versions and tags ask the registry.
 *
 * Source: Yarn's documentation, protocols; the resolvers of Yarn 1.
 */
export function rangeForm(range: string): RangeForm | null {
  if (/^(?:link|portal):/.test(range)) return 'link';
  if (range.startsWith('workspace:')) return 'workspace';
  if (/^(?:file|exec):|^(?:\.{1,2}|~)?\//.test(range)) return 'file';
  // An archive by its name, whatever is written behind it.
  if (/^https?:[^?#]*(?:\.tgz|\.tar\.gz|\/-\/[^?#]*)(?:[?#]|$)/i.test(range)) {
    return 'remote-tarball';
  }
  if (GIT.some((form) => form.test(range))) return 'git';
  if (/^https?:/i.test(range)) return 'remote-tarball';
  return /^[a-z][a-z\d+.-]*:/i.test(range) && !/^npm:/i.test(range)
    ? null
    : 'registry';
}

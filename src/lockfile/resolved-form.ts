/** What npm would do with a `resolved`: clone, download, read a path. */
export type ResolvedForm = 'git' | 'http' | 'file' | 'unclear';

const GIT = [
  /^git(?:\+[a-z]+)?:/i,
  /^(?:github|gitlab|bitbucket|gist|sourcehut):/i,
  // scp-like: git@host:owner/repository
  /^[\w.-]+@[\w.-]+:/,
  // The shorthand of a GitHub repository, with or without a commit.
  /^[\w-][\w.-]*\/[\w.-]+(?:#.*)?$/,
];

/**
 * Classifies the `resolved` of an entry that is no link, or a lockfile version
 * 1's `version` that is no version. Untrusted; never throws.
 *
 * Source: npm documentation, package-lock.json, `resolved`; package.json,
 * "git urls as dependencies".
 */
export function resolvedForm(resolved: string): ResolvedForm {
  if (/^https?:/i.test(resolved)) return 'http';
  if (/^(?:file:|\.{0,2}\/|~\/)/i.test(resolved)) return 'file';
  return GIT.some((form) => form.test(resolved)) ? 'git' : 'unclear';
}

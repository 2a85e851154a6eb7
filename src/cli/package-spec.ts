import { usage } from './usage.js';
import { isExactVersion, isPackageName } from '../lockfile/npm-grammar.js';

/** A package that the user names. */
export interface PackageSpec {
  /** Its own name, or an alias under which it is installed. */
  readonly name: string;
  /** Null for every version that is there. */
  readonly version: string | null;
}

/**
 * Reads `left-pad`, `left-pad@1.3.0` or `@acme/widget@2.1.0`. Throws
 * `AuditError` `USAGE` for anything else: a range or a tag says nothing about
 * what a lockfile pins.
 */
export function parsePackageSpec(text: string): PackageSpec {
  const at = text.indexOf('@', 1);
  const name = at === -1 ? text : text.slice(0, at);
  const version = at === -1 ? null : text.slice(at + 1);
  const isExact = version === null || isExactVersion(version);
  if (isPackageName(name) && isExact) return { name, version };
  throw usage(
    `show: expected a package name, with or without an exact version, found ${text}`,
  );
}

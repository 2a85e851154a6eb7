import { requireCommonJs } from '../commonjs.js';

const valid = requireCommonJs('semver/functions/valid.js');
const validateName = requireCommonJs('validate-npm-package-name');

const MAX_NAME = 214;
const MAX_VERSION = 256;
/** Most versions, and nothing else: no number that is too large to be exact. */
const PLAIN_VERSION =
  /^(?:0|[1-9]\d{0,14})\.(?:0|[1-9]\d{0,14})\.(?:0|[1-9]\d{0,14})$/;

/**
 * Whether `name`, untrusted, is a name that the registry has or once had:
 * npm's grammar with its legacy upper case, at most 214 characters. Such a
 * name is safe in a URL path.
 *
 * Source: SECURITY.md C3; validate-npm-package-name, `validForOldPackages`.
 */
export function isPackageName(name: string): boolean {
  return name.length <= MAX_NAME && validateName(name).validForOldPackages;
}

/**
 * Whether `version`, untrusted, is one exact version as npm writes it: no
 * range, no tag, no `v` in front, no build metadata; at most 256 characters.
 */
export function isExactVersion(version: string): boolean {
  if (PLAIN_VERSION.test(version)) return true;
  return version.length <= MAX_VERSION && valid(version) === version;
}

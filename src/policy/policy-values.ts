import { requireCommonJs } from '../commonjs.js';
import { isUsableIssuer, type Platform } from '../facts/platforms.js';
import { registryBase } from '../evidence/registry-base.js';
import { isExactVersion, isPackageName } from '../lockfile/npm-grammar.js';
import { parseIntegrity } from '../package/integrity.js';
import { withoutCredentials } from '../package/web-address.js';
import type { Threshold } from './policy.js';
import { parseSourcePattern } from './source-pattern.js';

const semver = requireCommonJs('semver');

/**
 * What is wrong with one text of a policy file, as what was expected instead;
 * null if nothing is. Texts are untrusted.
 */
export type ValueCheck = (text: string) => string | null;

/** Longest accepted pattern, address or path. */
const MAX_LENGTH = 256;
const MAX_PROSE = 1000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Ten years: beyond any age that is meant. */
const MAX_AGE_MS = 3650 * DAY_MS;

/** Shared with the JSON Schema, so that editors know them. */
export const PERCENTAGE = /^(0|[1-9]\d{0,2})(?:\.(\d{1,2}))?%$/;
/** As in `3d` or `12h`. Shared with the JSON Schema. */
export const DURATION = /^([1-9]\d{0,5})([hd])$/;
/** As in `10m`, `12h` or `730d`. Shared likewise. */
export const WINDOW = /^([1-9]\d{0,6})([mhd])$/;
/** The form of a date; `checkDate` asks the calendar too. Shared likewise. */
export const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** A share with its percent sign and at most two decimals; null if it is none. */
export function parseThreshold(text: string): Threshold | null {
  const match = PERCENTAGE.exec(text);
  if (match === null) return null;
  const [, whole = '', decimals = ''] = match;
  const hundredths = Number(whole) * 100 + Number(decimals.padEnd(2, '0'));
  return hundredths <= 10_000 ? { text, hundredths } : null;
}

/** Milliseconds of `3d` or `12h`, at most ten years; null for anything else. */
export function parseAge(text: string): number | null {
  const match = DURATION.exec(text);
  if (match === null) return null;
  const age = Number(match[1]) * (match[2] === 'd' ? DAY_MS : HOUR_MS);
  return age <= MAX_AGE_MS ? age : null;
}

/** Milliseconds of `10m`, `12h` or `730d`, at most ten years; else null. */
export function parseWindow(text: string): number | null {
  const match = WINDOW.exec(text);
  if (match === null) return null;
  const units = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
  const span = Number(match[1]) * units[match[2] as keyof typeof units];
  return span <= MAX_AGE_MS ? span : null;
}

/** A package with what stands behind the `@`; null if nothing does. */
export interface PackageSpec {
  readonly name: string;
  readonly version: string | null;
}

/** Parts `name@range`; the `@` of a scope is part of the name. */
export function splitPackageSpec(text: string): PackageSpec {
  const at = text.indexOf('@', 1);
  return at === -1
    ? { name: text, version: null }
    : { name: text.slice(0, at), version: text.slice(at + 1) };
}

/**
 * The base URL of a registry as written in a policy, in one spelling; `public`
 * stands for `publicRegistry`. Null for what is no such URL.
 */
export function parseRegistry(
  text: string,
  publicRegistry: string,
): string | null {
  if (text === 'public') return publicRegistry;
  const isPlain = !/[\s?#*]/.test(text) && withoutCredentials(text) === text;
  return isPlain && text.length <= MAX_LENGTH ? registryBase(text) : null;
}

/** Certificates write a server with a slash at the end; people forget it. */
export function withSlash(server: string): string {
  return server.endsWith('/') ? server : `${server}/`;
}

/** Whether `text` is a date that the calendar has, as `2027-03-01`. */
export const checkDate: ValueCheck = (text) => {
  const time = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  // Some engines take 30 February for 2 March.
  const isReal =
    !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
  return isReal ? null : 'a date such as 2027-03-01';
};

/** What `parseThreshold` accepts. */
export const checkPercentage: ValueCheck = (text) =>
  parseThreshold(text) === null
    ? 'a share from 0% to 100% such as 60% or 89.95%'
    : null;

/** What `parseAge` accepts. */
export const checkAge: ValueCheck = (text) =>
  parseAge(text) === null
    ? 'a time such as 3d or 12h, at most ten years'
    : null;

/** What `parseWindow` accepts. */
export const checkWindow: ValueCheck = (text) =>
  parseWindow(text) === null
    ? 'a time such as 730d, 12h or 10m, at most ten years'
    : null;

/** A name, or a pattern of which each star stands for a part of a name. */
export const checkPackagePattern: ValueCheck = (text) => {
  if (text.length > MAX_LENGTH) return `at most ${MAX_LENGTH} characters`;
  if (text.includes('**')) return 'no two stars together';
  // A pattern that no name could match is a mistake, often a regular expression.
  return isPackageName(text.replaceAll('*', 'a'))
    ? null
    : 'a package name or a pattern such as @acme/*';
};

/** A source repository, or a pattern of some, as `parseSourcePattern` reads it. */
export const checkSource: ValueCheck = (text) => {
  const result = parseSourcePattern(text);
  return result.ok ? null : result.error;
};

/** A git ref in full, or a pattern of which each star stands for any text. */
export const checkRef: ValueCheck = (text) => {
  if (text.length > MAX_LENGTH) return `at most ${MAX_LENGTH} characters`;
  if (text.includes('**')) return 'no two stars together';
  return /^refs\/[^\s/][^\s]*$/.test(text)
    ? null
    : 'a full ref such as refs/heads/main or refs/tags/v*';
};

/** The path of a workflow, which is compared exactly. */
export const checkWorkflow: ValueCheck = (text) => {
  const isPath =
    text !== '' &&
    text.length <= MAX_LENGTH &&
    !text.startsWith('/') &&
    !/[*\\\p{Cc}]|:\/\//u.test(text) &&
    !text.split('/').includes('..');
  return isPath
    ? null
    : 'a path in the repository such as .github/workflows/release.yml, no pattern';
};

/** An address that is compared exactly. */
export const checkAddress: ValueCheck = (text) => {
  const isAddress =
    text.length <= 2 * MAX_LENGTH &&
    text.startsWith('https://') &&
    !/[\s*]/.test(text) &&
    URL.canParse(text);
  return isAddress
    ? null
    : 'an address that begins with https://, whole and without stars';
};

/** The form of an event’s name; which ones there are, the build platform says. */
export const checkEvent: ValueCheck = (text) =>
  /^[a-z][a-z_]{0,63}$/.test(text)
    ? null
    : 'the name of an event such as push or workflow_dispatch';

/** Any registry's address; which one makes no difference to its form. */
export const checkRegistry: ValueCheck = (text) =>
  parseRegistry(text, text) === null
    ? 'the address of a registry such as https://npm.example/, or public'
    : null;

/** An SRI string that pins bytes by exactly one SHA-512. */
export const checkIntegrity: ValueCheck = (text) =>
  parseIntegrity(text).status === 'sha512'
    ? null
    : 'the lockfile’s integrity with one SHA-512, such as sha512-…';

/** A text for people, such as a reason. */
export const checkProse: ValueCheck = (text) =>
  text.trim() !== '' && text.length <= MAX_PROSE
    ? null
    : `a text of 1 to ${MAX_PROSE} characters`;

/** The name of a workspace; whether there is one is not asked. */
export const checkWorkspace: ValueCheck = (text) =>
  text !== '' && text.length <= MAX_LENGTH ? null : 'the name of a workspace';

/** A name, alone or with a range that leaves some versions out. */
export const checkExempted: ValueCheck = (text) => {
  const { name, version } = splitPackageSpec(text);
  if (name.includes('*')) return 'one package by its name, no pattern';
  if (!isPackageName(name)) return 'a package such as left-pad@1.3.0';
  if (version === null) return null;
  if (version.length > MAX_LENGTH || semver.validRange(version) === null) {
    return 'a version or a range behind the name, such as left-pad@^1.3.0';
  }
  return coversAll(version)
    ? 'a range that leaves some versions out, or the bare name with anyVersion: true'
    : null;
};

/** One version of one package. */
export const checkAcknowledged: ValueCheck = (text) => {
  const { name, version } = splitPackageSpec(text);
  return isPackageName(name) && version !== null && isExactVersion(version)
    ? null
    : 'a package with its exact version, such as left-pad@1.3.0';
};

/** What `checkAddress` accepts, without query and fragment. */
export const checkServer: ValueCheck = (text) =>
  checkAddress(text) === null && !/[?#]/.test(text)
    ? null
    : 'the address of a server such as https://gitlab.example/';

/** Whether builds that this issuer vouches for can be told apart from others. */
export function checkIssuer(
  issuer: string,
  platform: Platform,
  server: string,
): string | null {
  return isUsableIssuer({ issuer, platform, server: withSlash(server) })
    ? null
    : 'an issuer other than the public ones, with a server of its own';
}

/** What names a file beside this one. Where it leads is not looked at. */
export const checkExtends: ValueCheck = (text) => {
  const isRelative =
    text.length <= MAX_LENGTH &&
    !text.startsWith('/') &&
    !/^[a-z][a-z0-9+.-]*:|[\\?#\p{Cc}]/iu.test(text);
  if (!isRelative) return 'a relative path with slashes, no URL';
  if (text.split('/').includes('node_modules')) {
    return 'a file of this repository, nothing in node_modules';
  }
  return /\.(?:ya?ml|json)$/.test(text) && !/(?:^|\/)package\.json$/.test(text)
    ? null
    : 'a file that ends in .yaml, .yml or .json';
};

function coversAll(range: string): boolean {
  return semver.subset('*', range, { includePrerelease: true });
}

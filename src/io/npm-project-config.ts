import { AuditError } from '../errors.js';
import type { Settings } from './npm-config-layers.js';
import { PATIENCE_KEYS } from './npm-patience.js';

/** What of the audited project's .npmrc is followed. */
export interface ProjectSettings {
  readonly settings: Settings;
  /** One line each, quoting names of settings, never values. */
  readonly warnings: readonly string[];
}

/** Each of them decides who answers, or who may listen. */
const NEVER_FROM_PROJECT: ReadonlySet<string> = new Set([
  'ca',
  'cafile',
  'cert',
  'https-proxy',
  'key',
  'local-address',
  'noproxy',
  'proxy',
  'replace-registry-host',
]);
/** This program's own options about trust, which no project may set for it. */
const TRUST_OPTIONS: ReadonlySet<string> = new Set([
  'max-root-age',
  'npm-keys',
  'trusted-root',
  'tuf-mirror',
  'tuf-root',
]);
const REGISTRY = /^(?:@[^:]+:)?registry$/;
const PATIENCE: ReadonlySet<string> = new Set(PATIENCE_KEYS);
const CREDENTIAL = /^\/\/.*:(?:_authToken|_auth|username|_password)$/;
const CLIENT_CERTIFICATE = /^\/\/.*:(?:certfile|keyfile)$/;

/**
 * Picks from `raw`, the settings of the audited project's .npmrc as written,
 * the few that are its business: registries, credentials for them, and how patient
 * to be. The
 * author of a pull request writes this file (SECURITY.md T6), so what decides
 * whom to trust is left out with a warning, and so is every value that would
 * take something from the environment to put it into a request.
 *
 * Throws an `AuditError` with `CONFIG_INVALID` for `strict-ssl=false`, since
 * ignoring that would hide from the user that their installs are not protected,
 * and for an attempt to say what everything is verified against.
 */
export function selectProjectSettings(raw: Settings): ProjectSettings {
  const settings: Record<string, unknown> = {};
  const warnings: string[] = [];
  for (const [key, value] of Object.entries(raw)) {
    if (key === 'strict-ssl') refuseWeakTls(value);
    if (TRUST_OPTIONS.has(key)) refuseTrustOption(key);
    const reason = reasonToIgnore(key, value);
    if (reason !== null) warnings.push(`.npmrc of the project: ${reason}`);
    else if (isFollowed(key)) settings[key] = value;
  }
  return { settings, warnings };
}

function refuseWeakTls(value: unknown): void {
  if (value === true || value === 'true') return;
  throw new AuditError(
    'CONFIG_INVALID',
    '.npmrc of the project: strict-ssl must not be turned off by the audited project; remove the line',
  );
}

function refuseTrustOption(key: string): never {
  throw new AuditError(
    'CONFIG_INVALID',
    `.npmrc of the project: ${key} must not be set by the audited project; remove the line`,
  );
}

function reasonToIgnore(key: string, value: unknown): string | null {
  if (NEVER_FROM_PROJECT.has(key) || CLIENT_CERTIFICATE.test(key)) {
    return `${key} is ignored, the audited project does not decide whom to trust; put it into your own .npmrc`;
  }
  // A setting that is not followed may become one by expansion of its name.
  const expands = key.includes('${') || (isFollowed(key) && hasVariable(value));
  if (expands) {
    return `${key} is ignored, variables of the environment are not expanded there; put it into your own .npmrc`;
  }
  return null;
}

function isFollowed(key: string): boolean {
  return REGISTRY.test(key) || CREDENTIAL.test(key) || PATIENCE.has(key);
}

function hasVariable(value: unknown): boolean {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.some((one) => typeof one === 'string' && one.includes('${'));
}

import { join } from 'node:path';

import { AuditError } from '../errors.js';
import { registryBase } from '../evidence/registry-base.js';
import { PUBLIC_ALIAS_HOST } from '../evidence/registry-identity.js';
import { decodeUtf8 } from '../json/decode-utf8.js';
import { quote } from '../lockfile/lockfile-source.js';
import { placesIn } from '../lockfile/place.js';
import { readYamlWithLibrary } from '../lockfile/yaml-library.js';
import {
  isYamlMap,
  type YamlMap,
  type YamlValue,
} from '../lockfile/yaml-value.js';
import { isMissing, reasonOf } from './files.js';
import type { ProjectSettings } from './npm-project-config.js';
import { PUBLIC_REGISTRY } from './public-registry.js';
import { readRegularFile } from './regular-file.js';

const FILE = '.yarnrc.yml';
const MAX_BYTES = 1024 * 1024;
const SERVER = 'npmRegistryServer';
const SCOPES = 'npmScopes';
/** Each of them decides who answers, or who may listen. */
const NEVER_FROM_PROJECT: ReadonlySet<string> = new Set([
  'caFilePath',
  'httpProxy',
  'httpsCaFilePath',
  'httpsCertFilePath',
  'httpsKeyFilePath',
  'httpsProxy',
  'networkSettings',
  'unsafeHttpWhitelist',
]);
const CREDENTIALS: ReadonlySet<string> = new Set([
  'npmAuthIdent',
  'npmAuthToken',
  'npmRegistries',
]);
/** As in a package's name, without the `@`. */
const SCOPE = /^[a-z0-9~-][a-z0-9._~-]*$/i;

/**
 * Reads what the settings of Yarn Berry in the audited project's `folder`,
 * untrusted, say about registries, in npm's names: `npmRegistryServer`, also of
 * scopes. Nothing else is followed. Credentials are not read, and what decides
 * whom to trust is left out (SECURITY.md T6), both with a warning.
 *
 * Throws an `AuditError` with `CONFIG_INVALID` for a file that cannot be read,
 * as Yarn does, for variables of the environment in an address, and for
 * `enableStrictSsl: false`: ignoring that would hide from the user that their
 * installs are not protected. Source of the names: Yarn's manual, `.yarnrc.yml`.
 */
export async function readYarnProjectSettings(
  folder: string,
): Promise<ProjectSettings> {
  const bytes = await readIfThere(join(folder, FILE));
  return bytes === null ? NOTHING : selectYarnSettings(bytes);
}

const NOTHING: ProjectSettings = { settings: {}, warnings: [] };

/** The same for the file's bytes. */
export function selectYarnSettings(bytes: Uint8Array): ProjectSettings {
  const document = parse(bytes);
  const strict = document.get('enableStrictSsl')?.value;
  if (strict !== undefined && strict !== 'true') {
    throw refused(
      'enableStrictSsl must not be turned off by the audited project; remove the line',
    );
  }
  const settings: Record<string, string> = {};
  const server = serverOf(document, SERVER);
  if (server !== null) settings['registry'] = server;
  const scopes = scopesOf(document);
  for (const [scope, members] of scopes) {
    const own = serverOf(members, `${SCOPES}.${scope}.${SERVER}`);
    if (own !== null) settings[`@${scope}:registry`] = own;
  }
  const maps = [document, ...scopes.values()];
  return { settings, warnings: warningsOf(document, maps) };
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readRegularFile(file, {
      maxBytes: MAX_BYTES,
      followLink: true,
    });
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw refused(reasonOf(cause), cause);
  }
}

function parse(bytes: Uint8Array): YamlMap {
  const decoded = decodeUtf8(bytes);
  if (decoded.status === 'error') throw refused(decoded.message);
  const { text } = decoded;
  if (text.split('\n').every((line) => /^\s*(?:#|$)/.test(line))) {
    return new Map();
  }
  const read = readYamlWithLibrary(text);
  if ('message' in read) {
    const { line, column } = placesIn(text)(read.offset);
    // What is quoted there could be of a file that the project links to.
    const [what = ''] = read.message.split(/[:"\n]/);
    throw new AuditError(
      'CONFIG_INVALID',
      `${FILE}:${line}:${column}: not YAML as expected: ${what.trim()}`,
    );
  }
  const [document, second] = read;
  if (document !== undefined && second === undefined) return document;
  throw refused('expected one document');
}

function scopesOf(document: YamlMap): ReadonlyMap<string, YamlMap> {
  const listed = document.get(SCOPES)?.value ?? new Map<string, never>();
  if (!isYamlMap(listed)) throw refused(`${SCOPES}: expected a map`);
  const scopes = new Map<string, YamlMap>();
  for (const [scope, { value }] of listed) {
    if (!SCOPE.test(scope)) {
      throw refused(
        `${SCOPES}: expected a scope without its @, found ${quote(scope)}`,
      );
    }
    if (!isYamlMap(value)) throw refused(`${SCOPES}.${scope}: expected a map`);
    scopes.set(scope, value);
  }
  return scopes;
}

/** The address of a registry, in one spelling; null where none is set. */
function serverOf(members: YamlMap, name: string): string | null {
  const value: YamlValue | undefined = members.get(SERVER)?.value;
  if (value === undefined) return null;
  if (typeof value === 'string' && value.includes('${')) {
    throw refused(
      `${name}: variables of the environment are not expanded there; name the registry in your own .npmrc and remove the line, or write its address`,
    );
  }
  const base = typeof value === 'string' ? registryBase(value) : null;
  if (typeof value !== 'string' || base === null) {
    throw refused(`${name} is not an http(s) URL`);
  }
  const { username, password } = new URL(value);
  if (username !== '' || password !== '') {
    throw refused(
      `${name}: credentials are not read from there; put them into your own .npmrc`,
    );
  }
  return new URL(base).host === PUBLIC_ALIAS_HOST ? PUBLIC_REGISTRY : base;
}

/** One line each, quoting names of settings, never values. */
function warningsOf(
  document: YamlMap,
  maps: readonly YamlMap[],
): readonly string[] {
  const trust = [...document.keys()].filter((key) =>
    NEVER_FROM_PROJECT.has(key),
  );
  const secret = new Set(
    maps
      .flatMap((one) => [...one.keys()])
      .filter((key) => CREDENTIALS.has(key)),
  );
  const ownFile = 'put it into your own .npmrc';
  return [
    ...trust.map(
      (key) =>
        `${key} is ignored, the audited project does not decide whom to trust; ${ownFile}`,
    ),
    ...[...secret].map(
      (key) =>
        `${key} is not read; a token for the registry belongs into your own .npmrc`,
    ),
  ].map((reason) => `${FILE} of the project: ${reason}`);
}

function refused(problem: string, cause?: unknown): AuditError {
  const message = `${FILE} of the project: ${problem}`;
  return new AuditError('CONFIG_INVALID', message, cause);
}

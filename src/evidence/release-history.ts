import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../json/strict-json.js';
import { compareText } from '../package/package-id.js';
import {
  readPublication,
  type ClaimedPublication,
} from './claimed-publication.js';
import { readDeclaredRepository } from './declared-repository.js';
import { parseTime } from './parse-time.js';

/**
 * How a version was published, by the registry's unsigned word, from least to
 * most: `staged` was approved by a person after the upload.
 */
export const CLAIMED_LEVELS = [
  'none',
  'provenance',
  'trusted-publisher',
  'staged',
] as const;
/** One of them. */
export type ClaimedLevel = (typeof CLAIMED_LEVELS)[number];

/** What a registry says of one of the versions of a package. Claimed. */
export interface PublishedVersion {
  readonly version: string;
  /** Null where the registry does not say. */
  readonly publishedAt: Date | null;
  readonly level: ClaimedLevel;
  /** Whether it names who approved the publication. */
  readonly hasApprover: boolean;
  /** `dist.integrity` as served. */
  readonly integrity: string | null;
  /** As `VersionMetadata.declaredRepository`. */
  readonly declaredRepository: string | null;
  /** Names of the scripts that npm runs when the version is installed. */
  readonly installScripts: readonly string[];
  /** Dependencies that no registry has, as `name: specification`. */
  readonly remoteDependencies: readonly string[];
  readonly isDeprecated: boolean;
}

/** All versions of a package that its registry lists. Claimed, unsigned. */
export interface ReleaseHistory {
  readonly name: string;
  /** By date, then by version; those without a date come first. */
  readonly versions: readonly PublishedVersion[];
  /** Version by dist-tag. */
  readonly tags: ReadonlyMap<string, string>;
}

/** Scripts that run on whoever installs the package. Source: npm, "scripts". */
export const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall'];
/** What of a manifest leads to further packages on an installation. */
export const DEPENDENCY_FIELDS = [
  'dependencies',
  'optionalDependencies',
  'peerDependencies',
];

/**
 * Reads what a packument, or an extract of one, says of all versions; null where
 * it is none of the package `name`. What single versions say in no known form is
 * as if they did not say it.
 */
export function readHistory(
  packument: JsonValue,
  name: string,
): ReleaseHistory | null {
  if (!isJsonObject(packument) || packument['name'] !== name) return null;
  const versions = packument['versions'];
  if (!isJsonObject(versions)) return null;
  const times = objectOf(packument['time']);
  return {
    name,
    versions: Object.entries(versions)
      .map(([version, manifest]) =>
        readVersion(version, objectOf(manifest), times),
      )
      .toSorted(compareReleases),
    tags: new Map(
      Object.entries(objectOf(packument['dist-tags'])).flatMap(
        ([tag, version]) =>
          typeof version === 'string' ? [[tag, version] as const] : [],
      ),
    ),
  };
}

function readVersion(
  version: string,
  manifest: JsonObject,
  times: JsonObject,
): PublishedVersion {
  const dist = objectOf(manifest['dist']);
  const publication = readPublication(manifest);
  const scripts = objectOf(manifest['scripts']);
  const time = Object.hasOwn(times, version) ? times[version] : undefined;
  const dependencies = DEPENDENCY_FIELDS.flatMap((field) =>
    Object.entries(objectOf(manifest[field])),
  );
  return {
    version,
    publishedAt: parseTime(time),
    level: readLevel(dist, publication),
    hasApprover: publication === 'staged',
    integrity: typeof dist['integrity'] === 'string' ? dist['integrity'] : null,
    declaredRepository: readDeclaredRepository(manifest['repository']),
    installScripts: INSTALL_SCRIPTS.filter((each) => isSaid(scripts[each])),
    remoteDependencies: dependencies
      .flatMap(([name, spec]) =>
        typeof spec === 'string' && isRemote(spec) ? [`${name}: ${spec}`] : [],
      )
      .toSorted(compareText),
    isDeprecated: isSaid(manifest['deprecated']),
  };
}

/**
 * A trusted publisher without provenance, as of private repositories, proves no
 * more than a token.
 */
function readLevel(
  dist: JsonObject,
  publication: ClaimedPublication | null,
): ClaimedLevel {
  if (publication === 'staged') return 'staged';
  if (!isSaid(objectOf(dist['attestations'])['provenance'])) return 'none';
  return publication ?? 'provenance';
}

/** Ranges, tags and aliases have neither; folders, addresses, git have one. */
function isRemote(spec: string): boolean {
  return spec.includes(':') ? !spec.startsWith('npm:') : spec.includes('/');
}

function isSaid(value: JsonValue | undefined): boolean {
  return (value ?? false) !== false && value !== '';
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function compareReleases(a: PublishedVersion, b: PublishedVersion): number {
  const time = ({ publishedAt }: PublishedVersion): number =>
    publishedAt?.getTime() ?? -Infinity;
  const [left, right] = [time(a), time(b)];
  if (left !== right) return left < right ? -1 : 1;
  return compareText(a.version, b.version);
}

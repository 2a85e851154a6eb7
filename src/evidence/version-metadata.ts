import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../json/strict-json.js';
import { formatPackageId, type PackageId } from '../package/package-id.js';
import { parseAnswer } from './answer-json.js';
import {
  readPublication,
  type ClaimedPublication,
} from './claimed-publication.js';
import { readDeclaredRepository } from './declared-repository.js';
import type { Unavailable } from './evidence.js';

/** A registry's signature over `name@version:integrity`. Claimed. */
export interface ClaimedSignature {
  readonly keyid: string;
  /** Base64 of a DER ECDSA signature, as served. */
  readonly sig: string;
}

/**
 * What a registry says about a version that an audit uses, but for the publish
 * time all from its manifest. Claimed.
 */
export interface VersionMetadata {
  /** `dist.integrity` as served; null where there is none. */
  readonly integrity: string | null;
  readonly signatures: readonly ClaimedSignature[];
  /** Whether `dist.attestations` is present. */
  readonly advertisesAttestations: boolean;
  /** Whether that names a provenance among them. */
  readonly advertisesProvenance: boolean;
  /**
   * When it was published, by the registry's unsigned word. Null where this was
   * not asked for (`askPublishTimes`) or could not be had: then it is unknown.
   */
  readonly publishedAt: Date | null;
  /**
   * `https://github.com/acme/widget`, by the word of whoever published it. Null
   * where it names none in a known way.
   */
  readonly declaredRepository: string | null;
  /**
   * Hosts, with their ports, of the addresses that it names for the tarball and
   * the attestations, none of which is asked. Left out where it names none.
   */
  readonly hosts?: readonly string[];
  /** How it was published; left out where nothing is said of it. */
  readonly publication?: ClaimedPublication;
  /**
   * What it depends on for whoever installs it, by the name that it is asked for
   * with: a range, or another specification. Left out where it names none.
   */
  readonly dependencies?: ReadonlyMap<string, string>;
  /** Present where nobody asked for it: nothing above was said, or denied. */
  readonly isNotAsked?: true;
}

/** What stands for the metadata of a version whose manifest was not asked for. */
export const METADATA_NOT_ASKED: VersionMetadata = {
  integrity: null,
  signatures: [],
  advertisesAttestations: false,
  advertisesProvenance: false,
  publishedAt: null,
  declaredRepository: null,
  isNotAsked: true,
};

/** A manifest as claimed, or why it says nothing. */
export type VersionMetadataResult =
  | { readonly status: 'parsed'; readonly metadata: VersionMetadata }
  | Unavailable;

/** Largest manifest of one version in bytes, however it is served: 2 MiB. */
export const MAX_METADATA_BYTES = 2 * 1024 * 1024;
const MAX_SIGNATURES = 32;
/** A longer address is none that anybody serves. */
const MAX_ADDRESS = 2048;

/**
 * Reads a version's manifest, untrusted, as the registry's answer to a question
 * about `id`. Whatever is not a manifest of just that version is `unavailable`:
 * what it fails to say is then unknown, not absent.
 *
 * Takes over claims, checks no signature and compares no digest.
 */
export function parseVersionMetadata(
  body: Uint8Array,
  id: PackageId,
): VersionMetadataResult {
  const parsed = parseAnswer(body, MAX_METADATA_BYTES);
  if (parsed.status === 'unavailable') return parsed;
  if (parsed.status === 'refused') return malformed(id, parsed.problem.message);
  const manifest = parsed.value;
  if (!isJsonObject(manifest)) return malformed(id, 'not an object');
  // An answer about something else, from a mixed-up cache or connection, must
  // not speak for this version.
  if (manifest['name'] !== id.name || manifest['version'] !== id.version) {
    return malformed(id, 'it is about another package or version');
  }
  const dist = manifest['dist'];
  if (!isJsonObject(dist)) return malformed(id, 'no dist');
  const dependencies = readDependencyRanges(manifest);
  const publication = readPublication(manifest);
  const ofManifest = {
    declaredRepository: readDeclaredRepository(manifest['repository']),
    ...(publication !== null && { publication }),
    ...(dependencies.size > 0 && { dependencies }),
  };
  return readDist(dist, ofManifest, id);
}

/** Optional and peer dependencies too; where names repeat, the last counts. */
export function readDependencyRanges(
  manifest: JsonObject,
): ReadonlyMap<string, string> {
  return new Map(
    ['peerDependencies', 'dependencies', 'optionalDependencies'].flatMap(
      (field) => {
        const ranges = manifest[field];
        if (!isJsonObject(ranges)) return [];
        return Object.entries(ranges).flatMap(([name, range]) =>
          typeof range === 'string' ? [[name, range] as const] : [],
        );
      },
    ),
  );
}

function readDist(
  dist: JsonObject,
  ofManifest: Pick<
    VersionMetadata,
    'declaredRepository' | 'publication' | 'dependencies'
  >,
  id: PackageId,
): VersionMetadataResult {
  const integrity = dist['integrity'] ?? null;
  if (integrity !== null && typeof integrity !== 'string') {
    return malformed(id, 'dist.integrity is not a string');
  }
  const signatures = readSignatures(dist['signatures'] ?? []);
  if (signatures === null) {
    return malformed(id, 'dist.signatures is not a list of signatures');
  }
  const hosts = readHosts(dist);
  // Present in whatever shape: the question is only whether to ask.
  const advertisesAttestations = (dist['attestations'] ?? null) !== null;
  return {
    status: 'parsed',
    metadata: {
      integrity,
      signatures,
      advertisesAttestations,
      advertisesProvenance: namesProvenance(dist['attestations']),
      publishedAt: null,
      ...(hosts.length > 0 && { hosts }),
      ...ofManifest,
    },
  };
}

function readHosts({ tarball, attestations }: JsonObject): readonly string[] {
  const url = isJsonObject(attestations) ? attestations['url'] : undefined;
  const hosts = [tarball, url].flatMap((address) => {
    if (typeof address !== 'string' || address.length > MAX_ADDRESS) return [];
    if (!URL.canParse(address)) return [];
    const { protocol, host } = new URL(address);
    return protocol === 'https:' || protocol === 'http:' ? [host] : [];
  });
  return [...new Set(hosts)];
}

/** `dist.attestations.provenance`, as npm's registry writes it. */
function namesProvenance(value: JsonValue | undefined): boolean {
  return isJsonObject(value) && (value['provenance'] ?? null) !== null;
}

function readSignatures(value: JsonValue): readonly ClaimedSignature[] | null {
  if (!isJsonArray(value) || value.length > MAX_SIGNATURES) return null;
  const signatures: ClaimedSignature[] = [];
  for (const element of value) {
    if (!isJsonObject(element)) return null;
    const { keyid, sig } = element;
    if (typeof keyid !== 'string' || typeof sig !== 'string') return null;
    signatures.push({ keyid, sig });
  }
  return signatures;
}

function malformed(id: PackageId, reason: string): Unavailable {
  const message = `the registry's metadata of ${formatPackageId(id)} is unusable: ${reason}`;
  return { status: 'unavailable', code: 'metadata-malformed', message };
}

import { createHash } from 'node:crypto';
import type { TimeRange, TrustedRoot } from '@sigstore/protobuf-specs';
import type { Verifier } from '@sigstore/verify';
import { requireCommonJs } from '../commonjs.js';
import { AuditError } from '../errors.js';
import { parseStrictJson } from '../json/strict-json.js';
import { memoizeTrusted, type TrustedKeys } from './memoized-certificates.js';
import {
  findRegistryKey,
  isValidAt,
  parseRegistryKeys,
  type RegistryKey,
} from './registry-keys.js';
import type { TrustRootDocuments } from './trust-root-documents.js';

const specs = requireCommonJs('@sigstore/protobuf-specs');
const sigstore = requireCommonJs('@sigstore/verify');

/** What everything is verified against, with its origin for the report. */
export interface TrustRoot {
  readonly origin: TrustRootDocuments['origin'];
  readonly rootVersion: number | null;
  readonly expires: Date | null;
  readonly refreshedAt: Date | null;
  readonly tuf: TrustRootDocuments['tuf'];
  readonly trustedRootSha256: string;
  /** Of all key files together; null if there is none. */
  readonly npmKeysSha256: string | null;
  /** The keys of the registry at that URL; null if none are known. */
  keysFor(registry: string): readonly RegistryKey[] | null;
  /** Of its certificates; one whose key Node.js cannot read has none. */
  readonly certificateKeys: TrustedKeys;
  /** One verifier per registry, made once: only their keys differ. */
  verifierFor(registry: string): Verifier;
}

const MEDIA_TYPES: readonly string[] = [
  'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  'application/vnd.dev.sigstore.trustedroot.v0.1+json',
  'application/vnd.dev.sigstore.trustedroot.v0.2+json',
];
/** Said, so that no default of the library decides: one of each (C14). */
const THRESHOLDS = {
  tlogThreshold: 1,
  ctlogThreshold: 1,
  timestampThreshold: 1,
};
const LIMITS = { maxBytes: 4 * 1024 * 1024, maxDepth: 32 };

/**
 * Parses the documents into what bundles are verified against.
 *
 * Whoever made `documents` vouches for them; this function refuses what cannot
 * be a trust root (other media type, no certificate authority, no transparency
 * log or timestamp authority, validity without a start, which the library would
 * take as unbounded) with `TRUST_ROOT_INVALID`.
 */
export function parseTrustRoot(documents: TrustRootDocuments): TrustRoot {
  const root = parseTrustedRoot(documents.trustedRoot);
  const { material, certificateKeys } = toTrustMaterialOrThrow(root);
  const keysByHost = parseKeys(documents.registryKeys);
  const verifiers = new Map<string, Verifier>();
  const keysFor = (registry: string): readonly RegistryKey[] | null =>
    keysByHost.get('*') ?? keysByHost.get(new URL(registry).host) ?? null;
  return {
    origin: documents.origin,
    rootVersion: documents.rootVersion,
    expires: documents.expires,
    refreshedAt: documents.refreshedAt,
    tuf: documents.tuf,
    trustedRootSha256: sha256(documents.trustedRoot),
    npmKeysSha256: digestOfKeys(documents.registryKeys),
    keysFor,
    certificateKeys,
    verifierFor(registry) {
      const host = new URL(registry).host;
      const known = verifiers.get(host);
      if (known !== undefined) return known;
      const publicKey = createKeyFinder(keysFor(registry) ?? []);
      const verifier = new sigstore.Verifier(
        { ...material, publicKey },
        THRESHOLDS,
      );
      verifiers.set(host, verifier);
      return verifier;
    },
  };
}

/** Thrown where a bundle names a key that may not sign attestations. */
export class UnknownKeyError extends Error {
  constructor(hint: string) {
    super(`no attestation key with the id ${hint}`);
    this.name = 'UnknownKeyError';
  }
}

/**
 * The library would index a plain object by the bundle's hint, so that a hint
 * of `__proto__` finds something; this looks at our list and at key usage too.
 */
function createKeyFinder(keys: readonly RegistryKey[]) {
  return (hint: string) => {
    const key = findRegistryKey(keys, hint, 'npm:attestations');
    if (key === null) throw new UnknownKeyError(hint);
    return {
      publicKey: key.publicKey,
      validFor: (time: Date) => isValidAt(key, time),
    };
  };
}

function parseTrustedRoot(bytes: Uint8Array): TrustedRoot {
  const result = parseStrictJson(bytes, LIMITS);
  if (result.status === 'error') throw invalid(result.problem.message);
  let root: TrustedRoot;
  try {
    root = specs.TrustedRoot.fromJSON(result.value);
  } catch (cause) {
    throw invalid('not a trusted root document', cause);
  }
  if (!MEDIA_TYPES.includes(root.mediaType)) {
    throw invalid(
      `expected a Sigstore trusted root, found media type ${root.mediaType || '(none)'}`,
    );
  }
  if (root.certificateAuthorities.length === 0) {
    throw invalid('it names no certificate authority');
  }
  if (root.tlogs.length + root.timestampAuthorities.length === 0) {
    throw invalid('it names no transparency log and no timestamp authority');
  }
  const windows = [
    ...root.certificateAuthorities.map((authority) => authority.validFor),
    ...root.timestampAuthorities.map((authority) => authority.validFor),
    ...[...root.tlogs, ...root.ctlogs].map((log) => log.publicKey?.validFor),
  ];
  if (windows.some((window) => !isDate(window?.start))) {
    throw invalid('a validity period has no start');
  }
  if (windows.some((window) => isInverted(window))) {
    throw invalid('a validity period ends before it starts');
  }
  return root;
}

function isInverted(window: TimeRange | undefined): boolean {
  const { start, end } = window ?? {};
  return start !== undefined && end !== undefined && end < start;
}

function isDate(value: Date | undefined): boolean {
  return value !== undefined && !Number.isNaN(value.getTime());
}

function toTrustMaterialOrThrow(root: TrustedRoot) {
  try {
    const material = sigstore.toTrustMaterial(root);
    return { material, certificateKeys: memoizeTrusted(material) };
  } catch (cause) {
    throw invalid('a key or certificate in it cannot be read', cause);
  }
}

function parseKeys(
  keys: TrustRootDocuments['registryKeys'],
): ReadonlyMap<string, readonly RegistryKey[]> {
  const files: readonly (readonly [string, Uint8Array])[] =
    keys.scope === 'every-registry' ? [['*', keys.keys]] : [...keys.keys];
  return new Map(
    files.map(([host, bytes]) => {
      try {
        return [host, parseRegistryKeys(bytes)];
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : 'unreadable';
        throw new AuditError(
          'TRUST_ROOT_INVALID',
          `registry keys${host === '*' ? '' : ` of ${host}`}: ${reason}`,
          cause,
        );
      }
    }),
  );
}

function digestOfKeys(keys: TrustRootDocuments['registryKeys']): string | null {
  if (keys.scope === 'every-registry') return sha256(keys.keys);
  const files = [...keys.keys].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const [first, ...others] = files;
  if (first === undefined) return null;
  // One file is digested as it is, so that it can be compared with the target.
  if (others.length === 0) return sha256(first[1]);
  return sha256(
    Buffer.from(
      files.map(([host, bytes]) => `${host} ${sha256(bytes)}\n`).join(''),
    ),
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function invalid(reason: string, cause?: unknown): AuditError {
  return new AuditError('TRUST_ROOT_INVALID', `trusted root: ${reason}`, cause);
}

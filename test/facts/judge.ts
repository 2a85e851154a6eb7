import { readFile } from 'node:fs/promises';
import type { PrivateSigstore } from '../../fixtures/private-sigstore.js';
import {
  parseAttestationDocument,
  type AttestationDocument,
} from '../../src/evidence/attestation-document.js';
import type { Unavailable } from '../../src/evidence/evidence.js';
import { establishFacts } from '../../src/facts/establish-facts.js';
import type { Facts } from '../../src/facts/facts.js';
import type { TrustedIssuer } from '../../src/facts/platforms.js';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';
import type { Dependency } from '../../src/lockfile/dependency.js';
import type { KnownResults } from '../../src/verification/verify-bundle.js';
import {
  parseTrustRoot,
  type TrustRoot,
} from '../../src/verification/trust-root.js';

/** What a lockfile says about one package. */
export interface Pinned {
  readonly name: string;
  readonly version: string;
  readonly integrity: string | null;
}

export interface Circumstances {
  readonly trustRoot: TrustRoot;
  readonly now: Date;
  /** Default: the public registry. */
  readonly registry?: string;
  readonly resolved?: string;
  /** Default: none beside the public ones. */
  readonly issuers?: readonly TrustedIssuer[];
  /** What the lockfile pins of an archive that its package manager makes. */
  readonly archiveChecksum?: string;
  /** What the registry states; default: what the lockfile pins. */
  readonly stated?: string;
  /** Default: `body`, parsed. Results are known by its very bundles. */
  readonly document?: AttestationDocument | Unavailable;
  /** What was verified before, as by threads. */
  readonly knownResults?: KnownResults;
}

/** The facts that an attestations answer establishes for a pinned package. */
export function judge(
  { name, version, integrity }: Pinned,
  body: Uint8Array,
  circumstances: Circumstances,
): Facts {
  const { trustRoot, now, registry, resolved, issuers = [] } = circumstances;
  const { knownResults } = circumstances;
  const { archiveChecksum, stated = integrity } = circumstances;
  const document = circumstances.document ?? parseAttestationDocument(body);
  if (document.status === 'empty' || document.status === 'unavailable') {
    throw new Error(`not a document: ${document.status}`);
  }
  const dependency: Dependency = {
    id: { name, version },
    aliases: [],
    integrity,
    ...(archiveChecksum !== undefined && { archiveChecksum }),
    origin: { kind: 'registry', resolved: resolved ?? null },
    locations: [`node_modules/${name}`],
    production: true,
    direct: true,
    optional: false,
    omittedBy: [],
    paths: [],
    requiredBy: [],
    workspaces: [],
    patched: false,
    line: null,
    column: null,
  };
  const metadata = {
    integrity: stated,
    signatures: [],
    advertisesAttestations: true,
    advertisesProvenance: false,
    publishedAt: null,
    declaredRepository: null,
  };
  return establishFacts(
    dependency,
    { status: 'attested', metadata, document },
    {
      trustRoot,
      registry: registry ?? PUBLIC_REGISTRY,
      askedAt: registry ?? PUBLIC_REGISTRY,
      issuers,
      publicRegistry: PUBLIC_REGISTRY,
      conflictingPins: new Set(),
      clockDoubts: [],
      now,
      ...(knownResults !== undefined && { knownResults }),
    },
  );
}

export async function readTrustRoot(
  root: string,
  keys: string,
): Promise<TrustRoot> {
  return toTrustRoot(await readFile(root), await readFile(keys));
}

export function trustRootOf(sigstore: PrivateSigstore): TrustRoot {
  return toTrustRoot(toBytes(sigstore.trustedRoot), toBytes(sigstore.npmKeys));
}

export function toBytes(value: unknown): Buffer {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

function toTrustRoot(trustedRoot: Uint8Array, keys: Uint8Array): TrustRoot {
  return parseTrustRoot({
    origin: 'file',
    trustedRoot,
    registryKeys: { scope: 'every-registry', keys },
    rootVersion: null,
    expires: null,
    refreshedAt: null,
    tuf: null,
  });
}

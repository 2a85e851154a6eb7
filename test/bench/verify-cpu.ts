import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';

import {
  createSigstore,
  type PrivateSigstore,
} from '../../fixtures/private-sigstore.js';
import { attestPackage } from '../../fixtures/statements.js';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';
import { parseStrictJson } from '../../src/json/strict-json.js';
import { verifyBundle } from '../../src/verification/verify-bundle.js';
import { trustRootOf } from '../verification/verified-bundle.js';

/** CPU time in milliseconds for one provenance bundle, smallest of the rounds. */
export interface VerifyCost {
  readonly library: number;
  /** With everything that this program checks besides. */
  readonly ours: number;
}

/** Verifies that many provenance bundles in turn, `rounds` times each way. */
export async function measureVerification({
  bundles: count,
  rounds,
}: {
  readonly bundles: number;
  readonly rounds: number;
}): Promise<VerifyCost> {
  const sigstore = await createSigstore();
  const bundles = signBundles(sigstore, count);
  const byLibrary = new Verifier(
    toTrustMaterial(TrustedRoot.fromJSON(sigstore.trustedRoot)),
  );
  const trustRoot = trustRootOf(sigstore);
  const context = { registry: PUBLIC_REGISTRY, now: new Date() };
  const library: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    library.push(
      cpuOf(bundles, (bytes) => {
        const json: unknown = JSON.parse(bytes.toString());
        byLibrary.verify(toSignedEntity(bundleFromJSON(json)));
      }),
    );
    ours.push(
      cpuOf(bundles, (bytes) => {
        const parsed = parseStrictJson(bytes, { maxBytes: 1e6, maxDepth: 64 });
        if (parsed.status === 'error') throw new Error('unreadable');
        const result = verifyBundle(parsed.value, trustRoot, context);
        if (result.status !== 'verified') throw new Error('not verified');
      }),
    );
  }
  return { library: Math.min(...library), ours: Math.min(...ours) };
}

function signBundles(
  sigstore: PrivateSigstore,
  count: number,
): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) => {
    const id = { name: `bench-${index}`, version: '1.0.0' };
    const { attestations } = attestPackage(sigstore, id, 'ab'.repeat(64));
    return Buffer.from(JSON.stringify(attestations.at(-1)?.bundle));
  });
}

function cpuOf(
  bundles: readonly Buffer[],
  verify: (bytes: Buffer) => void,
): number {
  const start = process.cpuUsage();
  for (const each of bundles) verify(each);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000 / bundles.length;
}

import type { PackageId } from '../package/package-id.js';
import type { VerifiedAttestation } from '../verification/verification.js';
import type { Contradiction } from './build-identity.js';
import type { PublishFacts } from './facts.js';

export type PublishResult =
  | { readonly status: 'ok'; readonly publish: PublishFacts }
  | {
      readonly status: 'rejected';
      readonly contradictions: readonly Contradiction[];
    };

/**
 * Reads a verified npm publish attestation and compares it with the package
 * version and with `registry`, the base URL of the registry that it belongs to.
 * Registries are compared as origins and paths without a trailing slash.
 *
 * Checks C35 (a registry's key, not a certificate, signs it) and C36.
 * Source: npm/attestation, `specs/publish/v0.1`.
 */
export function readPublish(
  { statement, signer, signedAt }: VerifiedAttestation,
  id: PackageId,
  registry: string,
): PublishResult {
  if (signer.kind !== 'key') {
    return rejectedBy([
      {
        kind: 'invalid',
        code: 'publish-key',
        message: 'the publish attestation is not signed by a registry key',
        expected: 'a key of the registry',
        found: 'a certificate',
      },
    ]);
  }
  const { name, version, registry: named } = statement.predicate;
  const contradictions = [
    ...differ('name', id.name, name),
    ...differ('version', id.version, version),
    ...differ(
      'registry',
      normalizeRegistry(registry),
      normalizeRegistry(named),
    ),
  ];
  if (contradictions.length > 0) return rejectedBy(contradictions);
  return {
    status: 'ok',
    publish: { registry, keyId: signer.keyId, signedAt },
  };
}

function differ(
  what: string,
  expected: string | null,
  found: unknown,
): readonly Contradiction[] {
  if (expected !== null && expected === found) return [];
  return [
    {
      kind: 'mismatch',
      code: 'publish-predicate',
      message: `the registry attests the publication of another ${what}`,
      expected,
      found: typeof found === 'string' ? found : JSON.stringify(found ?? null),
    },
  ];
}

function normalizeRegistry(value: unknown): string | null {
  if (typeof value !== 'string' || !URL.canParse(value)) return null;
  const url = new URL(value);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function rejectedBy(contradictions: readonly Contradiction[]): PublishResult {
  return { status: 'rejected', contradictions };
}

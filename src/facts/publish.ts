import type { PackageId } from '../package/package-id.js';
import type { CheckId } from '../verification/check-catalogue.js';
import {
  failed,
  passed,
  rejectionsOf,
  type Check,
} from '../verification/check.js';
import type { VerifiedAttestation } from '../verification/verification.js';
import type { PublishFacts } from './facts.js';

/** What was checked, and what is established if all of it holds. */
export interface PublishResult {
  readonly checks: readonly Check[];
  /** Null exactly if one of the checks failed. */
  readonly publish: PublishFacts | null;
}

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
    const bySigner = failed('signed-by-key', {
      kind: 'invalid',
      code: 'publish-key',
      message: 'the publish attestation is not signed by a registry key',
      expected: 'a key of the registry',
      found: 'a certificate',
    });
    return { checks: [bySigner], publish: null };
  }
  const { name, version, registry: named } = statement.predicate;
  const checks = [
    passed('signed-by-key', { found: signer.keyId }),
    match('publish-name', 'name', { expected: id.name, found: name }),
    match('publish-version', 'version', {
      expected: id.version,
      found: version,
    }),
    match('publish-registry', 'registry', {
      expected: normalizeRegistry(registry),
      found: normalizeRegistry(named),
    }),
  ];
  return {
    checks,
    publish:
      rejectionsOf(checks).length > 0
        ? null
        : { registry, keyId: signer.keyId, signedAt },
  };
}

function match(
  check: CheckId,
  what: string,
  {
    expected,
    found,
  }: { readonly expected: string | null; readonly found: unknown },
): Check {
  if (expected !== null && expected === found) {
    return passed(check, { expected, found: expected });
  }
  return failed(check, {
    kind: 'mismatch',
    code: 'publish-predicate',
    message: `the registry attests the publication of another ${what}`,
    expected,
    found: typeof found === 'string' ? found : JSON.stringify(found ?? null),
  });
}

function normalizeRegistry(value: unknown): string | null {
  if (typeof value !== 'string' || !URL.canParse(value)) return null;
  const url = new URL(value);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

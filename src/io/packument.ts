import type { RegistryAnswer } from '../evidence/registry.js';
import type { PackageId } from '../package/package-id.js';

/**
 * Cuts the manifest of one version out of a packument, untrusted: its JSON, for
 * the same parser that reads a manifest served by itself. Never throws.
 *
 * Unlike there, a key that stands twice is not noticed: one bad old version
 * would otherwise make the audit of all others impossible.
 */
export function versionOfPackument(
  body: Uint8Array,
  { name, version }: PackageId,
): RegistryAnswer {
  let packument: unknown;
  try {
    packument = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return malformed('not-json', `the answer about ${name} is not JSON`);
  }
  const versions = ownMember(packument, 'versions');
  if (typeof versions !== 'object' || versions === null) {
    const message = `the answer about ${name} lists no versions`;
    return malformed('metadata-malformed', message);
  }
  const manifest = ownMember(versions, version);
  if (manifest === undefined) return { status: 'absent' };
  try {
    return { status: 'found', body: Buffer.from(JSON.stringify(manifest)) };
  } catch {
    const message = `the answer about ${name} is nested too deeply`;
    return malformed('metadata-malformed', message);
  }
}

/** A version may be called like a member of every object. */
function ownMember(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value as unknown;
}

function malformed(
  code: 'not-json' | 'metadata-malformed',
  message: string,
): RegistryAnswer {
  return { status: 'unavailable', code, message };
}

import type { UnavailableCode } from '../evidence/evidence.js';
import type { RegistryAnswer } from '../evidence/registry.js';
import { MAX_METADATA_BYTES } from '../evidence/version-metadata.js';
import { cutMember } from '../json/cut-member.js';
import { OPEN_OBJECT } from '../json/grammar.js';
import type { PackageId } from '../package/package-id.js';

/** As deep as a manifest served by itself, below two objects. */
const MAX_DEPTH = 64 + 2;

/**
 * Cuts the manifest of one version out of a packument, untrusted: its bytes as
 * they stand there, copied, for the same parser that reads a manifest served by
 * itself. Never throws, and takes a time that grows with the size alone.
 *
 * The packument must be JSON in which `versions` and the version stand once.
 * Other keys that stand twice are not noticed: one bad old version would
 * otherwise make the audit of all others impossible.
 */
export function versionOfPackument(
  body: Uint8Array,
  { name, version }: PackageId,
): RegistryAnswer {
  const path = ['versions', version];
  const cut = cutMember(body, path, MAX_DEPTH);
  switch (cut.status) {
    case 'found':
      return cut.bytes.length > MAX_METADATA_BYTES
        ? unusable('too-large', name, `holds too much about ${version}`)
        : { status: 'found', body: Buffer.from(cut.bytes) };
    case 'absent':
      return cut.objects < path.length
        ? unusable('metadata-malformed', name, 'lists no versions')
        : { status: 'absent' };
    case 'refused':
      // A page for people, say, from something in between.
      return cut.code === 'not-json' &&
        !body.subarray(0, cut.position).includes(OPEN_OBJECT)
        ? unusable('not-json', name, REASONS[cut.code])
        : unusable('metadata-malformed', name, REASONS[cut.code]);
  }
}

const REASONS = {
  'not-json': 'is not JSON',
  'too-deep': 'is nested too deeply',
  'duplicate-key': 'lists the version, or its versions, twice',
} as const;

function unusable(
  code: UnavailableCode,
  name: string,
  reason: string,
): RegistryAnswer {
  const message = `the answer about ${name} ${reason}`;
  return { status: 'unavailable', code, message };
}

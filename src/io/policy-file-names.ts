import { posix } from 'node:path';
import { AuditError } from '../errors.js';
import { cutMember } from '../json/cut-member.js';
import { MAX_MANIFEST_BYTES } from '../lockfile/lockfile-limits.js';
import { MAX_POLICY_BYTES, PACKAGE_JSON_KEY } from '../policy/policy-file.js';

/** Names under which a policy is looked for, besides package.json. */
export const POLICY_FILES: readonly string[] = [
  'provenance-audit.yaml',
  'provenance-audit.yml',
  'provenance-audit.json',
];
/** The file that may hold a policy in a member of its own. */
export const PACKAGE_JSON = 'package.json';

const MAX_MANIFEST_DEPTH = 256;
/**
 * The one of the files found that holds the policy; null if none was. Throws
 * `POLICY_INVALID` for two: one of them would be without effect. `where` is put
 * before the message.
 */
export function onlyPolicyFile(
  found: readonly string[],
  where = '',
): string | null {
  const [name, ...others] = found;
  if (others.length === 0) return name ?? null;
  const all = found
    .map((each) =>
      each === PACKAGE_JSON ? `${each} (${PACKAGE_JSON_KEY})` : each,
    )
    .join(' and ');
  throw invalidPolicy(`${where}several policies: ${all}; keep one of them`);
}

/**
 * Whether a package.json has the member. Throws an `Error` in a few words for
 * what is no JSON: there it cannot be told.
 */
export function holdsPolicy(manifest: Uint8Array): boolean {
  const cut = cutMember(manifest, [PACKAGE_JSON_KEY], MAX_MANIFEST_DEPTH);
  if (cut.status !== 'refused') return cut.status === 'found';
  throw new Error(
    cut.code === 'duplicate-key'
      ? `${PACKAGE_JSON_KEY} stands there twice`
      : 'not JSON, so whether it holds a policy cannot be told',
  );
}

/** Most bytes that a file of this name may have. */
export function limitOf(path: string): number {
  return posix.basename(path) === PACKAGE_JSON
    ? MAX_MANIFEST_BYTES
    : MAX_POLICY_BYTES;
}

/** The error about a policy that cannot be used. */
export function invalidPolicy(message: string, cause?: unknown): AuditError {
  return new AuditError('POLICY_INVALID', message, cause);
}

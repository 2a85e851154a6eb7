import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { AuditError } from '../errors.js';
import { cutMember } from '../json/cut-member.js';
import { MAX_MANIFEST_BYTES } from '../lockfile/lockfile-limits.js';
import {
  extendPolicy,
  toPolicy,
  type LoadPolicyFile,
} from '../policy/extend-policy.js';
import {
  MAX_POLICY_BYTES,
  PACKAGE_JSON_KEY,
  parsePolicy,
  type PolicyFile,
  type PolicyVocabulary,
} from '../policy/parse-policy.js';
import { formatProblem, type PolicyProblem } from '../policy/policy-problem.js';
import type { Policy } from '../policy/policy.js';
import { RULES } from '../policy/rules/index.js';
import { PUBLIC_REGISTRY } from './public-registry.js';

/** Names under which a policy is looked for, besides package.json. */
export const POLICY_FILES: readonly string[] = [
  'provenance-audit.yaml',
  'provenance-audit.yml',
  'provenance-audit.json',
];
/** The file that may hold a policy in a member of its own. */
export const PACKAGE_JSON = 'package.json';

const MAX_MANIFEST_DEPTH = 256;
/** What a policy may refer to here. */
const POLICY_VOCABULARY: PolicyVocabulary = {
  rules: RULES,
  publicRegistry: PUBLIC_REGISTRY,
};

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

/**
 * The policy in a file that was read, with all it extends, which `load` reads.
 * Throws `POLICY_INVALID`, all problems in its message, one a line.
 */
export async function composePolicy(
  { path, bytes }: Pick<PolicyFile, 'path' | 'bytes'>,
  load: LoadPolicyFile,
  { origin, ref }: Pick<Policy, 'origin' | 'ref'>,
): Promise<Policy> {
  const file = { path, bytes, kind: kindOf(path) };
  const extended = await extendPolicy(file, load, POLICY_VOCABULARY);
  if (extended.status === 'ok')
    return toPolicy(extended, { origin, path, ref });
  const where = ref === null ? '' : `${ref}:`;
  throw new InvalidPolicyError(
    extended.problems.map((problem) => ({
      ...problem,
      path: `${where}${problem.path}`,
    })),
  );
}

/**
 * The policy that `text` is, YAML without `extends`, as a file of the name
 * `path`. Throws as `composePolicy`.
 */
export function parsePolicyText(path: string, text: string): Policy {
  const file: PolicyFile = { path, bytes: Buffer.from(text), kind: 'yaml' };
  const parsed = parsePolicy(file, POLICY_VOCABULARY);
  if (parsed.status === 'error') throw new InvalidPolicyError(parsed.problems);
  const { parts } = parsed;
  const sha256 = createHash('sha256').update(text).digest('hex');
  return toPolicy(
    { status: 'ok', parts, sha256, files: [path] },
    { origin: 'file', path, ref: null },
  );
}

/** A policy that says what it may not: all that is wrong with it. */
export class InvalidPolicyError extends AuditError {
  readonly problems: readonly PolicyProblem[];

  constructor(problems: readonly PolicyProblem[]) {
    super('POLICY_INVALID', problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** The error about a policy that cannot be used. */
export function invalidPolicy(message: string, cause?: unknown): AuditError {
  return new AuditError('POLICY_INVALID', message, cause);
}

function kindOf(path: string): PolicyFile['kind'] {
  if (posix.basename(path) === PACKAGE_JSON) return 'package.json';
  return path.endsWith('.json') ? 'json' : 'yaml';
}

import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { AuditError } from '../errors.js';
import {
  extendPolicy,
  toPolicy,
  type LoadPolicyFile,
} from '../policy/extend-policy.js';
import { parsePolicy, type PolicyVocabulary } from '../policy/parse-policy.js';
import type { PolicyFile } from '../policy/policy-file.js';
import { formatProblem, type PolicyProblem } from '../policy/policy-problem.js';
import type { Policy } from '../policy/policy.js';
import { RULES } from '../policy/rules/index.js';
import { PACKAGE_JSON } from './policy-file-names.js';
import { PUBLIC_REGISTRY } from './public-registry.js';

/** What a policy may refer to here. */
const POLICY_VOCABULARY: PolicyVocabulary = {
  rules: RULES,
  publicRegistry: PUBLIC_REGISTRY,
};

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

function kindOf(path: string): PolicyFile['kind'] {
  if (posix.basename(path) === PACKAGE_JSON) return 'package.json';
  return path.endsWith('.json') ? 'json' : 'yaml';
}

import { AuditError } from '../errors.js';
import { MAX_PINS_BYTES, type Pins } from '../policy/pins/pins.js';
import type { Policy } from '../policy/policy.js';
import { reasonOf } from './files.js';
import { readAtCommit, type GitCommit } from './git.js';
import { PINS_FILE, toPins } from './pins-file.js';
import {
  holdsPolicy,
  invalidPolicy,
  limitOf,
  onlyPolicyFile,
  PACKAGE_JSON,
  POLICY_FILES,
} from './policy-file-names.js';

/**
 * The policy that the commit's folder has there, with all it extends; null if it
 * has none. Nothing of the working tree is looked at. Throws `AuditError`
 * `POLICY_INVALID`, all problems in its message, or `GIT_FAILED`.
 */
export async function findPolicyAtCommit(
  commit: GitCommit,
): Promise<Policy | null> {
  const found: string[] = [];
  for (const name of [...POLICY_FILES, PACKAGE_JSON]) {
    const path = `${commit.prefix}${name}`;
    const bytes = await readAtCommit(commit, path, limitOf(path));
    if (bytes === null) continue;
    if (name !== PACKAGE_JSON || holds(bytes, commit)) found.push(name);
  }
  const name = onlyPolicyFile(found, `${commit.ref}: `);
  return name === null
    ? null
    : readPolicyAtCommit(commit, `${commit.prefix}${name}`);
}

/**
 * The policy in one file of the commit, by its path from the repository's root,
 * with all it extends. Throws as `findPolicyAtCommit`.
 */
export async function readPolicyAtCommit(
  commit: GitCommit,
  path: string,
): Promise<Policy> {
  const read = (file: string) => readAtCommit(commit, file, limitOf(file));
  const bytes = await read(path);
  if (bytes === null) {
    throw invalidPolicy(`${commit.ref}:${path}: no such file there`);
  }
  const { composePolicy } = await import('./compose-policy.js');
  return composePolicy(
    { path, bytes },
    async (extended) => {
      try {
        const inner = await read(extended);
        return inner === null
          ? { status: 'error', reason: 'no such file there' }
          : { status: 'ok', bytes: inner };
      } catch (error) {
        if (!(error instanceof AuditError)) throw error;
        return { status: 'error', reason: error.message };
      }
    },
    { origin: 'git', ref: commit.ref },
  );
}

/** The pins that the commit's folder has there; null if it has none. Throws so too. */
export async function readPinsAtCommit(
  commit: GitCommit,
): Promise<Pins | null> {
  const path = `${commit.prefix}${PINS_FILE}`;
  const bytes = await readAtCommit(commit, path, MAX_PINS_BYTES);
  return bytes === null ? null : toPins(`${commit.ref}:${path}`, bytes);
}

function holds(manifest: Uint8Array, { ref, prefix }: GitCommit): boolean {
  try {
    return holdsPolicy(manifest);
  } catch (cause) {
    const path = `${ref}:${prefix}${PACKAGE_JSON}`;
    throw invalidPolicy(`${path}: ${reasonOf(cause)}`, cause);
  }
}

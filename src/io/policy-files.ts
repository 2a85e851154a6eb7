import { createHash } from 'node:crypto';
import { lstat, realpath } from 'node:fs/promises';
import {
  basename,
  dirname,
  isAbsolute,
  join,
  relative,
  resolve,
  sep,
} from 'node:path';
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
import { isMissing, listFolder, reasonOf } from './files.js';
import { PUBLIC_REGISTRY } from './public-registry.js';
import { readRegularFile } from './regular-file.js';

/** Names under which a policy is looked for, besides package.json. */
const POLICY_FILES: readonly string[] = [
  'provenance-audit.yaml',
  'provenance-audit.yml',
  'provenance-audit.json',
];
const PACKAGE_JSON = 'package.json';
const MAX_MANIFEST_DEPTH = 256;
/** What a policy may refer to here. */
const POLICY_VOCABULARY: PolicyVocabulary = {
  rules: RULES,
  publicRegistry: PUBLIC_REGISTRY,
};

/**
 * Which file in `folder` holds its policy; null if none does. Throws
 * `POLICY_INVALID` if two do: one of them would be without effect.
 */
export async function findPolicyFile(folder: string): Promise<string | null> {
  const names = await listFolder(folder);
  const found = POLICY_FILES.filter((name) => names.includes(name));
  if (names.includes(PACKAGE_JSON) && (await holdsPolicy(folder))) {
    found.push(`${PACKAGE_JSON} (${PACKAGE_JSON_KEY})`);
  }
  const [name, ...others] = found;
  if (others.length > 0) {
    const all = found.join(' and ');
    throw invalid(`several policies: ${all}; keep one of them`);
  }
  if (name === undefined) return null;
  return join(folder, POLICY_FILES.includes(name) ? name : PACKAGE_JSON);
}

/**
 * The policy of the project in `folder` with all it extends; null if the
 * project has none. Every file is an author's of the project, so none is
 * followed out of the repository. Throws `AuditError` `POLICY_INVALID`, all
 * problems in its message, one a line.
 */
export async function readProjectPolicy(
  folder: string,
): Promise<Policy | null> {
  const path = await findPolicyFile(folder);
  if (path === null) return null;
  const root = await findRepository(folder);
  const name = basename(path);
  const limit = name === PACKAGE_JSON ? MAX_MANIFEST_BYTES : MAX_POLICY_BYTES;
  const read = (): Promise<Uint8Array> => readInside(root, path, limit);
  return { ...(await readPolicy(path, read, root)), ofProject: true };
}

/**
 * The policy in a file that the user named, with all it extends. That file may
 * be anywhere and a link; what it extends has to be in its repository. In the
 * repository of the audited project in `folder`, null if none is audited, it is
 * that project's all the same.
 * Throws as `readProjectPolicy`.
 */
export async function readPolicyFile(
  path: string,
  folder: string | null = null,
): Promise<Policy> {
  const maxBytes =
    basename(path) === PACKAGE_JSON ? MAX_MANIFEST_BYTES : MAX_POLICY_BYTES;
  const limits = { maxBytes, followLink: true };
  const root = await findRepository(dirname(resolve(path)));
  const policy = await readPolicy(
    path,
    () => readRegularFile(path, limits),
    root,
  );
  const isOfProject =
    folder !== null && (await leadsInto(await findRepository(folder), path));
  return isOfProject ? { ...policy, ofProject: true } : policy;
}

/** Whether `path` is in `root`, all links followed. */
async function leadsInto(root: string, path: string): Promise<boolean> {
  const [realRoot, real] = await Promise.all([realpath(root), realpath(path)]);
  return relative(realRoot, real).split(sep)[0] !== '..';
}

/**
 * The folder whose files a policy in `folder` may extend: that of the git
 * repository it is in, else `folder` itself. Nothing in it is read.
 */
export async function findRepository(folder: string): Promise<string> {
  const start = resolve(folder);
  for (let at = start; ; at = dirname(at)) {
    const isRoot = await lstat(join(at, '.git')).then(
      () => true,
      () => false,
    );
    if (isRoot) return at;
    if (at === dirname(at)) return start;
  }
}

/**
 * The policy that `text` is, YAML without `extends`, as a file of the name
 * `path`. Throws as `readProjectPolicy`.
 */
export function parsePolicyText(path: string, text: string): Policy {
  const file: PolicyFile = { path, bytes: Buffer.from(text), kind: 'yaml' };
  const parsed = parsePolicy(file, POLICY_VOCABULARY);
  if (parsed.status === 'error') throw invalidPolicy(parsed.problems);
  const { parts } = parsed;
  return toPolicy(
    { status: 'ok', parts, sha256: sha256Of(text), files: [path] },
    { origin: 'file', path, ref: null },
  );
}

async function readPolicy(
  path: string,
  read: () => Promise<Uint8Array>,
  root: string,
): Promise<Policy> {
  const shown = toSlashes(relative(root, resolve(path)));
  const bytes = await read().catch((cause: unknown) => {
    throw invalid(`${shown}: ${reasonOf(cause)}`, cause);
  });
  const file = { path: shown, bytes, kind: kindOf(path) };
  const extended = await extendPolicy(file, loadFrom(root), POLICY_VOCABULARY);
  if (extended.status === 'error') throw invalidPolicy(extended.problems);
  return toPolicy(extended, { origin: 'file', path: shown, ref: null });
}

/** All problems in one error, one a line. */
function invalidPolicy(problems: readonly PolicyProblem[]): AuditError {
  return invalid(problems.map(formatProblem).join('\n'));
}

function kindOf(path: string): PolicyFile['kind'] {
  if (basename(path) === PACKAGE_JSON) return 'package.json';
  return path.endsWith('.json') ? 'json' : 'yaml';
}

function loadFrom(root: string): LoadPolicyFile {
  return async (path) => {
    try {
      const bytes = await readInside(root, join(root, path), MAX_POLICY_BYTES);
      return { status: 'ok', bytes };
    } catch (error) {
      return { status: 'error', reason: reasonOf(error) };
    }
  };
}

/** Reads a regular file that is in `root` even when all links are followed. */
async function readInside(
  root: string,
  path: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const [realRoot, real] = await Promise.all([realpath(root), realpath(path)]);
  const inside = relative(realRoot, real);
  const segments = inside.split(sep);
  if (isAbsolute(inside) || segments[0] === '..') {
    throw new Error('a link that leads out of the repository');
  }
  if (segments.includes('node_modules')) {
    throw new Error('a link that leads into node_modules');
  }
  return readRegularFile(real, { maxBytes, followLink: false });
}

/** Whether package.json has the member. What is no JSON cannot be told. */
async function holdsPolicy(folder: string): Promise<boolean> {
  const path = join(folder, PACKAGE_JSON);
  try {
    const limits = { maxBytes: MAX_MANIFEST_BYTES, followLink: true };
    const bytes = await readRegularFile(path, limits);
    const cut = cutMember(bytes, [PACKAGE_JSON_KEY], MAX_MANIFEST_DEPTH);
    if (cut.status !== 'refused') return cut.status === 'found';
    throw new Error(
      cut.code === 'duplicate-key'
        ? `${PACKAGE_JSON_KEY} stands there twice`
        : 'not JSON, so whether it holds a policy cannot be told',
    );
  } catch (cause) {
    if (isMissing(cause)) return false;
    throw invalid(`${PACKAGE_JSON}: ${reasonOf(cause)}`, cause);
  }
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function toSlashes(path: string): string {
  return path.split(sep).join('/');
}

function invalid(message: string, cause?: unknown): AuditError {
  return new AuditError('POLICY_INVALID', message, cause);
}

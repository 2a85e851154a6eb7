import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { isMissing } from '../io/files.js';
import { openCommit, type GitCommit } from '../io/git.js';
import { readPins } from '../io/pins-file.js';
import {
  findPolicyAtCommit,
  readPinsAtCommit,
  readPolicyAtCommit,
} from '../io/policy-at-commit.js';
import { readPolicyFile, readProjectPolicy } from '../io/policy-files.js';
import { NO_PINS, type Pins } from '../policy/pins/pins.js';
import { DEFAULT_POLICY, type Policy } from '../policy/policy.js';
import type { Proposed } from '../policy/rule.js';
import type { PlacedEnvironment } from './environment.js';
import type { AuditCommandOptions } from './options.js';
import { usage } from './usage.js';

/** What an audit is held against. */
export interface Governing {
  readonly policy: Policy;
  readonly pins: Pins;
  /** What the working tree says instead; null where that is what governs. */
  readonly proposed: Proposed | null;
}

/** A policy for several projects, as long as they have none of their own. */
export interface CommonPolicy {
  /** Null for the default one. */
  readonly governing: Policy | null;
  /** What the working tree says instead; null also where that governs. */
  readonly proposed: Policy | null;
  /** Whether the user named it: then it is every project's. */
  readonly isGiven: boolean;
}

type Options = Pick<AuditCommandOptions, 'directory' | 'policy' | 'policyFrom'>;
type World = Pick<PlacedEnvironment, 'cwd' | 'env'>;

const NOT_COMMON: CommonPolicy = {
  governing: null,
  proposed: null,
  isGiven: false,
};

/**
 * Reads policy and pins: of the commit that `--policy-from` names, else of the
 * working tree. Pins are always the project's own, whosever policy it is. Throws
 * `AuditError` where there are some that cannot be used, in either place.
 */
export async function readGoverning(
  options: Options,
  { cwd, env }: World,
  common: CommonPolicy = NOT_COMMON,
): Promise<Governing> {
  const folder = resolve(cwd, options.directory);
  const own = async (read: () => Promise<Policy | null>) =>
    common.isGiven ? null : read();
  const { policyFrom } = options;
  const tree = await own(() => readWorkingTree(options, cwd));
  const pins = (await readPins(folder)) ?? NO_PINS;
  if (policyFrom === null) {
    const policy = choose(tree, common.governing) ?? DEFAULT_POLICY;
    return { policy, pins, proposed: null };
  }
  const commit = await openCommit({ folder, env }, policyFrom);
  const committed = await own(() => readCommitted(options, cwd, commit));
  return {
    policy: choose(committed, common.governing) ?? {
      ...DEFAULT_POLICY,
      origin: 'git',
      ref: commit.ref,
    },
    pins: (await readPinsAtCommit(commit)) ?? NO_PINS,
    proposed: {
      policy: choose(tree, common.proposed) ?? DEFAULT_POLICY,
      pins,
    },
  };
}

/**
 * Reads the policy that the projects below a folder have in common: the one that
 * the user named, else the folder's own. Throws as `readGoverning`.
 */
export async function readCommon(
  options: Options,
  { cwd, env }: World,
): Promise<CommonPolicy> {
  const isGiven = options.policy !== null;
  const tree = await readWorkingTree(options, cwd);
  const { policyFrom } = options;
  if (policyFrom === null) {
    return { governing: tree, proposed: null, isGiven };
  }
  const folder = resolve(cwd, options.directory);
  const commit = await openCommit({ folder, env }, policyFrom);
  const governing = await readCommitted(options, cwd, commit);
  return { governing, proposed: tree, isGiven };
}

/** One that governs, whatever the project has. */
export function givenPolicy(governing: Policy): CommonPolicy {
  return { governing, proposed: null, isGiven: true };
}

/** A project's own policy, unless it is the common one itself. */
function choose(own: Policy | null, common: Policy | null): Policy | null {
  return own === null || own.sha256 === common?.sha256 ? common : own;
}

/** What the user named in the commit, else the project's own; null without. */
async function readCommitted(
  { policy }: Options,
  cwd: string,
  commit: GitCommit,
): Promise<Policy | null> {
  if (policy === null) return findPolicyAtCommit(commit);
  return readPolicyAtCommit(commit, await toCommitted(policy, cwd, commit));
}

/**
 * The same of the working tree. A named file that is gone is no error where
 * another commit governs: then it leaves the default policy.
 */
async function readWorkingTree(
  { policy, directory, policyFrom }: Options,
  cwd: string,
): Promise<Policy | null> {
  const project = resolve(cwd, directory);
  if (policy === null) return readProjectPolicy(project);
  try {
    return await readPolicyFile(resolve(cwd, policy), project);
  } catch (error) {
    const isGone = error instanceof Error && isMissing(error.cause);
    if (isGone && policyFrom !== null) return null;
    throw error;
  }
}

/** Where the file is in the repository, whether or not it still is there. */
async function toCommitted(
  policy: string,
  cwd: string,
  { folder, prefix }: GitCommit,
): Promise<string> {
  const up = prefix.split('/').slice(1);
  const root = resolve(folder, ...up.map(() => '..'));
  const inside = relative(root, resolve(await realpath(cwd), policy));
  const segments = inside.split(sep);
  if (isAbsolute(inside) || segments[0] === '..') {
    throw usage(
      `--policy ${policy}: not in the repository that --policy-from reads`,
    );
  }
  return segments.join('/');
}

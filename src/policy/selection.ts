import { AuditError } from '../errors.js';
import type { Dependency } from '../lockfile/dependency.js';
import { isOmitted, type Omission } from '../lockfile/omission.js';
import { compareText } from '../package/package-id.js';
import { compileGlob, matchesGlob, type Glob } from './glob.js';

/**
 * What of a lockfile is audited. Every member that asks for something must hold;
 * of several in one member any.
 */
export interface Selection {
  /** Kinds without which the project would be installed. */
  readonly omit: Omission;
  /** Reached from one of these workspaces; empty: from anywhere. */
  readonly workspaces: readonly string[];
  /** Only what the root project or a workspace names. */
  readonly direct: boolean;
  /** Names or globs, of real names or aliases; empty: any. */
  readonly packages: readonly string[];
  /** Whether it may mean nothing here, since other lockfiles are audited too. */
  readonly mayBeEmpty: boolean;
}

/** The lockfile as a whole. */
export const WHOLE_LOCKFILE: Selection = {
  omit: [],
  workspaces: [],
  direct: false,
  packages: [],
  mayBeEmpty: false,
};

const MAX_NAMED = 5;

/**
 * The dependencies that `selection` means; all others are left out, whatever
 * they are. Throws `AuditError` `USAGE` where a part of the selection, or all of
 * it together, means nothing of the lockfile, unless it may: a misspelt name would
 * look like an audit that passed. `lockfile` is the file's name, for that message.
 */
export function selectDependencies(
  dependencies: readonly Dependency[],
  selection: Selection,
  lockfile: string,
): ReadonlySet<Dependency> {
  if (isWhole(selection)) return new Set(dependencies);
  if (!selection.mayBeEmpty) {
    refuseUnknownWorkspaces(dependencies, selection, lockfile);
    refuseIdleGlobs(dependencies, selection, lockfile);
  }
  const globs = selection.packages.map(compileGlob);
  const isWithin = withinWorkspaces(selection.workspaces);
  const selected = dependencies.filter(
    (each) =>
      !isOmitted(each.omittedBy, selection.omit) &&
      (!selection.direct || each.direct) &&
      isWithin(each) &&
      (globs.length === 0 || globs.some((glob) => isNamedBy(glob, each))),
  );
  if (selected.length > 0 || selection.mayBeEmpty) return new Set(selected);
  throw new AuditError(
    'USAGE',
    `${lockfile}: nothing in it is selected by ${describeSelection(selection)}`,
  );
}

/** Whether nothing is left out, whatever the lockfile has. */
export function isWhole(selection: Selection): boolean {
  const { omit, workspaces, direct, packages } = selection;
  return (
    !direct && [omit, workspaces, packages].every((list) => list.length === 0)
  );
}

/** A selection as it is written on the command line; empty for everything. */
export function describeSelection(selection: Selection): string {
  const { omit, workspaces, direct, packages } = selection;
  return [
    ...omit.map((kind) => `--omit ${kind}`),
    ...workspaces.map((name) => `--workspace ${name}`),
    ...(direct ? ['--direct'] : []),
    ...packages.map((glob) => `--package ${glob}`),
  ].join(' ');
}

/** Each list is looked through once, however many dependencies share it. */
function withinWorkspaces(
  wanted: readonly string[],
): (dependency: Dependency) => boolean {
  const known = new Map<readonly string[], boolean>();
  return ({ workspaces }) => {
    if (wanted.length === 0) return true;
    const found =
      known.get(workspaces) ?? wanted.some((name) => workspaces.includes(name));
    known.set(workspaces, found);
    return found;
  };
}

function isNamedBy(glob: Glob, { id, aliases }: Dependency): boolean {
  return [id.name, ...aliases].some((name) => matchesGlob(glob, name));
}

function refuseUnknownWorkspaces(
  dependencies: readonly Dependency[],
  { workspaces }: Selection,
  lockfile: string,
): void {
  if (workspaces.length === 0) return;
  // Most dependencies share a few lists, which may be long.
  const lists = new Set(dependencies.map((each) => each.workspaces));
  const known = new Set([...lists].flatMap((list) => list));
  const unknown = workspaces.find((name) => !known.has(name));
  if (unknown === undefined) return;
  const names = [...known].toSorted(compareText);
  const more = names.length - MAX_NAMED;
  const instead =
    names.length === 0
      ? 'it has no workspaces'
      : `it has ${names.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  throw new AuditError(
    'USAGE',
    `--workspace ${unknown}: ${lockfile} has no such workspace; ${instead}`,
  );
}

function refuseIdleGlobs(
  dependencies: readonly Dependency[],
  { packages }: Selection,
  lockfile: string,
): void {
  const idle = packages.find((pattern) => {
    const glob = compileGlob(pattern);
    return !dependencies.some((each) => isNamedBy(glob, each));
  });
  if (idle === undefined) return;
  throw new AuditError(
    'USAGE',
    `--package ${idle}: matches no package of ${lockfile}; expected a name, or a pattern such as @acme/*`,
  );
}

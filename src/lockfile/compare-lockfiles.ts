import { parseIntegrity } from '../package/integrity.js';
import { compareText } from '../package/package-id.js';
import type { Dependency, Origin } from './dependency.js';

/**
 * - `added`, `removed`: no version of the package was, or is, there.
 * - `updated`: another version; of several the ones next to each other.
 * - `re-resolved`: the same version, from elsewhere or with other bytes.
 */
export type ChangeKind = 'added' | 'removed' | 'updated' | 're-resolved';

/** How one package of a lockfile differs from an earlier lockfile. */
export interface LockfileChange {
  readonly kind: ChangeKind;
  readonly name: string;
  /** Null exactly where it was added. */
  readonly before: Dependency | null;
  /** Null exactly where it was removed. */
  readonly after: Dependency | null;
}

/**
 * What differs between two lockfiles, sorted by name, then by version. Where a
 * package is installed, and on whose behalf, makes no difference.
 *
 * Both sides are claimed: nothing of this says which of them is right.
 */
export function compareLockfiles(
  before: readonly Dependency[],
  after: readonly Dependency[],
): readonly LockfileChange[] {
  const [left, right] = [groupByName(before), groupByName(after)];
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names]
    .toSorted(compareText)
    .flatMap((name) =>
      compareVersions(name, left.get(name) ?? [], right.get(name) ?? []),
    );
}

/** Whether it is the same version with bytes that it did not have before. */
export function hasOtherBytes({ before, after }: LockfileChange): boolean {
  if (before === null || after === null) return false;
  if (before.id.version !== after.id.version) return false;
  const [left, right] = [bytesOf(before), bytesOf(after)];
  // Another algorithm, or none, is another pin, but no other bytes.
  return left !== null && right !== null && left !== right;
}

function groupByName(
  dependencies: readonly Dependency[],
): ReadonlyMap<string, readonly Dependency[]> {
  const groups = new Map<string, Dependency[]>();
  for (const each of dependencies) {
    const group = groups.get(each.id.name);
    if (group === undefined) groups.set(each.id.name, [each]);
    else group.push(each);
  }
  return groups;
}

function compareVersions(
  name: string,
  before: readonly Dependency[],
  after: readonly Dependency[],
): readonly LockfileChange[] {
  const gone = before.filter(
    (one) => !after.some((other) => isSame(one, other)),
  );
  const come = after.filter(
    (one) => !before.some((other) => isSame(other, one)),
  );
  const again = come.flatMap((one): readonly LockfileChange[] => {
    const other = gone.find(({ id }) => id.version === one.id.version);
    if (other === undefined) return [];
    gone.splice(gone.indexOf(other), 1);
    return [{ kind: 're-resolved', name, before: other, after: one }];
  });
  const others = come.filter(
    (one) => !again.some(({ after }) => after === one),
  );
  const pairs = Array.from(
    { length: Math.max(gone.length, others.length) },
    (_, index) => pair(name, gone[index] ?? null, others[index] ?? null),
  );
  return [...again, ...pairs];
}

function pair(
  name: string,
  before: Dependency | null,
  after: Dependency | null,
): LockfileChange {
  if (before === null) return { kind: 'added', name, before, after };
  const kind = after === null ? 'removed' : 'updated';
  return { kind, name, before, after };
}

/**
 * Whether nothing that is installed differs. A lockfile that leaves out where a
 * package comes from says nothing against one that names it.
 */
function isSame(before: Dependency, after: Dependency): boolean {
  return (
    before.id.version === after.id.version &&
    before.patched === after.patched &&
    before.origin.kind === after.origin.kind &&
    (bytesOf(before) ?? before.integrity) ===
      (bytesOf(after) ?? after.integrity) &&
    isSameArchive(before, after) &&
    isSamePlace(before.origin, after.origin)
  );
}

function isSamePlace(before: Origin, after: Origin): boolean {
  if (before.resolved === after.resolved) return true;
  if (before.kind !== 'registry') return false;
  if (before.resolved === null || after.resolved === null) return true;
  // The path below a registry names the package, which is compared already.
  const hosts = [before.resolved, after.resolved].map((text) =>
    URL.canParse(text) ? new URL(text).origin : text,
  );
  return hosts[0] === hosts[1];
}

/** A report does not tell of an archive's checksum. */
function isSameArchive(before: Dependency, after: Dependency): boolean {
  const [left, right] = [before.archiveChecksum, after.archiveChecksum];
  return left === undefined || right === undefined || left === right;
}

/** The SHA-512 that is pinned, hexadecimal; null where none is. */
function bytesOf({ integrity }: Dependency): string | null {
  const parsed = parseIntegrity(integrity);
  return parsed.status === 'sha512' ? parsed.sha512 : null;
}

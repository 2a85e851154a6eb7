import type { Dependency, OriginKind } from './dependency.js';
import { joinEntries, type Entry } from './join-entries.js';
import { quote, refuseEntry } from './lockfile-source.js';
import type { LockfileSource } from './lockfile-source.js';
import { askedByLocation } from './npm-asked.js';
import { bundledLocations } from './npm-bundled.js';
import type { NpmEntries, NpmEntry } from './npm-entry.js';
import { isExactVersion, isPackageName } from './npm-grammar.js';
import { buildNpmGraph } from './npm-graph.js';
import type { WorkspaceLink } from './npm-graph.js';
import { originKind } from './npm-origin.js';
import type { NpmTree } from './npm-tree.js';

const MAX_UNAUDITED_TEXT = 512;

/** A lockfile's entries with the tree that npm makes of them. Claimed. */
export interface NpmInput {
  readonly lockfile: NpmEntries;
  readonly tree: NpmTree;
  readonly workspaces: readonly WorkspaceLink[];
  /** Neither manifest nor lockfile says what the root asks for. */
  readonly isRootUnknown: boolean;
  readonly rootName: string;
}

/**
 * Judges each entry; those that are the same package version from the same
 * origin are one dependency.
 *
 * The flags `dev`, `optional` and `peer` of the file are not read. Without a
 * word on what the root asks for, what nothing else asks for counts as asked
 * for by the root, and so as production.
 *
 * An entry that cannot be judged is an `AuditError`: `LOCKFILE_INVALID`.
 */
export function npmDependencies(
  input: NpmInput,
  source: LockfileSource,
): readonly Dependency[] {
  const { lockfile, tree, workspaces, rootName } = input;
  const orphans = input.isRootUnknown ? [...lockfile.entries.keys()] : null;
  const graph = buildNpmGraph(tree, workspaces, orphans);
  const askedBy = askedByLocation(graph);
  const bundled = bundledLocations(lockfile.entries, graph);
  const entries = [...lockfile.entries.values()].map((entry): Entry => {
    const { location, resolved } = entry;
    const asked = askedBy.get(location) ?? 0;
    const kind = originKind(entry, asked, bundled.has(location));
    if (kind === null) {
      const found = `resolved ${quote(resolved)}`;
      return refuseEntry(source, location, `no known origin: ${found}`);
    }
    refuseGrammar(entry, kind, source);
    return judgedEntry(entry, kind);
  });
  return joinEntries({ entries, graph, workspaces, rootName }, source);
}

function judgedEntry(entry: NpmEntry, kind: OriginKind): Entry {
  const { location, installedName, name, integrity, resolved } = entry;
  const isAlias = installedName !== null && installedName !== name;
  return {
    location,
    nodes: [location],
    id: { name, version: entry.version },
    aliases: isAlias ? [installedName] : [],
    integrity,
    origin: { kind, resolved },
    patched: entry.patched,
  };
}

/**
 * What is asked of a registry must be a name and a version in npm's grammar
 * (SECURITY.md C3), and nothing is installed under another kind of name. The
 * rest is only shown.
 */
function refuseGrammar(
  entry: NpmEntry,
  kind: OriginKind,
  source: LockfileSource,
): void {
  const { location, installedName, name, version } = entry;
  const refuse = (what: string, found: string): never =>
    refuseEntry(source, location, `expected ${what}, found ${quote(found)}`);
  if (installedName !== null && !isPackageName(installedName)) {
    refuse('a package name', installedName);
  }
  if (kind !== 'registry') {
    if (name.length > MAX_UNAUDITED_TEXT) refuse('a package name', name);
    if (version.length > MAX_UNAUDITED_TEXT) refuse('a version', version);
    return;
  }
  if (!isPackageName(name)) refuse('a package name', name);
  // npm 5 wrote peer dependencies that are not installed without any data.
  if (!entry.isBlank && !isExactVersion(version)) {
    refuse('an exact version', version);
  }
}

import { requireCommonJs } from '../commonjs.js';
import { compareText, type PackageId } from '../package/package-id.js';
import { arrivals, type Graph } from './graph.js';
import type { Entry } from './join-entries.js';
import { quote, refuseEntry } from './lockfile-source.js';
import type { LockfileSource } from './lockfile-source.js';
import { isPackageName } from './npm-grammar.js';
import type { PnpmDocument, PnpmImporter } from './pnpm-document.js';
import { importerNode, linkNode, snapshotNode } from './pnpm-graph.js';
import { parsePnpmKey } from './pnpm-key.js';
import { identifyPnpmPackage } from './pnpm-origin.js';
import type { YamlMap } from './yaml-value.js';

const semver = requireCommonJs('semver');

/** An entry of `packages`, with the number of its document. */
export interface ListedPackage {
  readonly location: string;
  readonly offset: number;
  readonly number: number;
  readonly key: string;
  readonly fields: YamlMap;
}

/** A key that an earlier document has too is told apart by a number. */
export function listPackages(
  documents: readonly PnpmDocument[],
): readonly ListedPackage[] {
  const seen = new Set<string>();
  return documents.flatMap(({ packages }, number) =>
    packages.map((each) => {
      const isKnown = seen.has(each.key);
      const mark = isKnown ? ` (document ${number + 1})` : '';
      seen.add(each.key);
      return { ...each, number, location: `${each.key}${mark}` };
    }),
  );
}

/**
 * Judges the entries of `packages`. One that no snapshot is of is an entry all
 * the same; a snapshot of none ends the audit, as nothing says what it is.
 */
export function judgePackages(
  documents: readonly PnpmDocument[],
  listed: readonly ListedPackage[],
  { graph, source }: { readonly graph: Graph; readonly source: LockfileSource },
): readonly Entry[] {
  const snapshots = documents.map((document) => snapshotsByKey(document));
  const identified = listed.map((each) => {
    const { location, number, key, fields } = each;
    const document = documents[number];
    if (document === undefined) throw new Error('an entry of no document');
    const parsed = parsePnpmKey(key, document.major);
    const identity = identifyPnpmPackage(fields, parsed, (why) =>
      refuseEntry(source, location, why),
    );
    const keys = snapshots[number]?.get(key) ?? [key];
    snapshots[number]?.delete(key);
    const nodes = keys.map((snapshot) => snapshotNode(number, snapshot));
    const patched = isPatched(document, keys, { fields, id: identity.id });
    return { location, nodes, ...identity, patched };
  });
  const names = new Map(
    identified.flatMap(({ nodes, id }) => nodes.map((node) => [node, id.name])),
  );
  const aliases = aliasesByNode(graph, names);
  const entries = identified.map((entry): Entry => {
    const { location, nodes } = entry;
    const known = nodes.flatMap((node) => [...(aliases.get(node) ?? [])]);
    const refuse = (why: string): never => refuseEntry(source, location, why);
    return { ...entry, aliases: judgeAliases(known, refuse) };
  });
  const [left] = snapshots.flatMap((each) => [...each.keys()]);
  if (left === undefined) return entries;
  return refuseEntry(source, left, 'a snapshot of no entry in packages');
}

/** Keys of snapshots by that of the entry which they are of. */
function snapshotsByKey(
  document: PnpmDocument,
): Map<string, readonly string[]> {
  const { major, snapshots } = document;
  if (major !== 9) return new Map(snapshots.map(({ key }) => [key, [key]]));
  const byKey = new Map<string, string[]>();
  for (const { key } of snapshots) {
    const { base } = parsePnpmKey(key, major);
    const known = byKey.get(base);
    if (known === undefined) byKey.set(base, [key]);
    else known.push(key);
  }
  return byKey;
}

/** Names by which places are asked for other than by their own, as `names` has it. */
function aliasesByNode(
  graph: Graph,
  names: ReadonlyMap<string, string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const aliases = new Map<string, Set<string>>();
  for (const edges of graph.edges.values()) {
    for (const edge of edges) {
      for (const place of arrivals(graph, edge)) {
        const name = names.get(place);
        if (name === undefined || name === edge.name) continue;
        aliases.set(place, (aliases.get(place) ?? new Set()).add(edge.name));
      }
    }
  }
  return aliases;
}

function judgeAliases(
  names: readonly string[],
  refuse: (message: string) => never,
): readonly string[] {
  const aliases = [...new Set(names)];
  const odd = aliases.find((alias) => !isPackageName(alias));
  if (odd === undefined) return aliases;
  return refuse(`expected a package name, found ${quote(odd)}`);
}

/** Keys are names, with a version, a range or nothing behind. */
function isPatched(
  { major, patched }: PnpmDocument,
  keys: readonly string[],
  { fields, id }: { readonly fields: YamlMap; readonly id: PackageId },
): boolean {
  if (fields.get('patched')?.value === 'true') return true;
  if (keys.some((key) => parsePnpmKey(key, major).isPatched)) return true;
  return patched.some((key) => {
    if (key === id.name) return true;
    if (!key.startsWith(`${id.name}@`)) return false;
    const range = key.slice(id.name.length + 1);
    return range === id.version || semver.satisfies(id.version, range);
  });
}

/**
 * Projects of the workspace but the root. Their names are not in the lockfile:
 * that is taken under which others link to them, else the folder.
 */
export function judgeImporters(
  importers: readonly PnpmImporter[],
  links: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Entry[] {
  const folders = new Set(importers.map(({ path }) => path));
  folders.delete('.');
  return [...folders].map((folder) => {
    const [name = folder] = [...(links.get(folder) ?? [])].toSorted(
      compareText,
    );
    return localEntry({ kind: 'workspace', name, folder, resolved: null });
  });
}

/** Folders that are linked and no projects of the workspace. */
export function judgeLinks(
  folders: ReadonlySet<string>,
  links: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Entry[] {
  return [...links]
    .filter(([folder]) => !folders.has(folder))
    .map(([folder, names]) => {
      const [name = folder] = [...names].toSorted(compareText);
      const resolved = `link:${folder}`;
      return localEntry({ kind: 'link', name, folder, resolved });
    });
}

function localEntry({
  kind,
  name,
  folder,
  resolved,
}: {
  readonly kind: 'workspace' | 'link';
  readonly name: string;
  readonly folder: string;
  readonly resolved: string | null;
}): Entry {
  return {
    location: kind === 'link' ? `link:${folder}` : folder,
    nodes: [kind === 'link' ? linkNode(folder) : importerNode(folder)],
    id: { name, version: '' },
    aliases: [],
    integrity: null,
    origin: { kind, resolved },
    patched: false,
  };
}

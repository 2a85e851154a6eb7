import { compareText } from '../package/package-id.js';
import { compareEdges, type Edge, type Graph } from './graph.js';
import { MAX_EDGES } from './lockfile-limits.js';
import type { Refuse } from './read-fields.js';
import type { YarnAsk, YarnEntry } from './yarn-entry.js';
import { aliasTarget, patchSource, type YarnIdent } from './yarn-range.js';
import type { FindResolutions } from './yarn-resolutions.js';
import { unpatched } from './yarn-berry.js';

/** The root project or one of its workspaces. */
export interface YarnTop {
  /** `''` for the root; for a workspace one that no entry has but its own. */
  readonly place: string;
  /** Null if it has none. */
  readonly name: string | null;
  /** What Berry calls it. */
  readonly locator: string;
  readonly asks: readonly YarnAsk[];
}

/** A range that is a path: Berry's keys have `file:` before it. */
const PATH = /^(?:[a-z]:[\\/]|\.{0,2}\/)/i;

/** What the edges of a `yarn.lock` are found by. */
export interface YarnTree {
  /** Without those of the tops. */
  readonly entries: readonly YarnEntry[];
  /** The root first. */
  readonly tops: readonly YarnTop[];
  /** Null if nobody knows them. */
  readonly resolutions: FindResolutions | null;
  /** Nobody knows all that the project asks for. */
  readonly isIncomplete: boolean;
}

/**
 * Who asks for whom. Peer dependencies are no edges: Yarn installs nothing for
 * them that nobody else asks for. A patch leads to what it changes. If it is not
 * known what the project asks for, it asks for all that nothing else asks for.
 * More edges than can be held are refused.
 */
export function yarnGraph(tree: YarnTree, refuse: Refuse): Graph {
  const find = finder(tree);
  const edges = new Map<string, Edge[]>();
  let count = 0;
  const put = (place: string, list: Edge[]): void => {
    count += list.length;
    // One that may be answered by many entries makes an edge to each.
    if (count > MAX_EDGES) refuse(`more than ${MAX_EDGES} dependencies`);
    edges.set(place, list);
  };
  for (const { place, name, locator, asks } of tree.tops) {
    const from = { name: name ?? '', locator };
    put(place, edgesOf(asks, from, find));
  }
  for (const { locator, location, id, asks } of tree.entries) {
    const text = locator === null ? '' : `${locator.name}@${locator.range}`;
    const from = { name: id.name, locator: text };
    put(location, edgesOf(asks, from, find));
  }
  const root = edges.get('') ?? [];
  for (const { place, name } of tree.tops) {
    if (place === '') continue;
    root.push({ name: name ?? place, type: 'workspace', to: place });
  }
  // Not pushed at once: as many arguments as entries are too many for a call.
  edges.set(
    '',
    tree.isIncomplete ? [...root, ...adopted(tree.entries, edges)] : root,
  );
  return {
    edges: new Map(
      [...edges].map(([place, list]) => [place, list.toSorted(compareEdges)]),
    ),
    targets: patchTargets(tree.entries, find),
    tops: new Set(tree.tops.map(({ place }) => place)),
  };
}

interface Asker {
  readonly name: string;
  readonly locator: string;
}

interface Finder {
  /** Places of what answers `ask`. */
  readonly answers: (ask: YarnAsk, from: Asker) => readonly string[];
  /** The place of a locator of Berry. */
  readonly located: (locator: YarnIdent) => string | undefined;
}

function edgesOf(asks: readonly YarnAsk[], from: Asker, find: Finder): Edge[] {
  return asks.flatMap((ask): Edge[] => {
    const { name, type } = ask;
    const places = find.answers(ask, from);
    return places.length === 0
      ? [{ name, type, to: null }]
      : places.map((to) => ({ name, type, to }));
  });
}

/** A patch is a link to what it changes: who asks for the one gets the other. */
function patchTargets(
  entries: readonly YarnEntry[],
  find: Finder,
): ReadonlyMap<string, string> {
  return new Map(
    entries.flatMap(({ locator, patched, location }) => {
      const source = patched ? unpatched(locator) : null;
      const to = source === null ? undefined : find.located(source);
      return to === undefined ? [] : [[location, to]];
    }),
  );
}

function adopted(
  entries: readonly YarnEntry[],
  edges: ReadonlyMap<string, readonly Edge[]>,
): readonly Edge[] {
  const asked = new Set(
    [...edges.values()].flatMap((list) => list.map(({ to }) => to)),
  );
  return entries
    .filter(({ location }) => !asked.has(location))
    .map(({ id, aliases, location }) => ({
      name: aliases[0] ?? id.name,
      type: 'prod',
      to: location,
    }));
}

function finder({ entries, tops, resolutions }: YarnTree): Finder {
  const byKey = new Map<string, string>();
  const byLocator = new Map<string, string>();
  const builtIn = new Map<string, string>();
  const topsByName = new Map<string, string>();
  for (const { name, place } of tops) {
    if (name !== null) topsByName.set(name, place);
  }
  for (const { idents, locator, location } of sortedByPlace(entries)) {
    for (const ident of idents) {
      byKey.set(`${ident.name}@${ident.range}`, location);
      const patched = builtInSource(ident);
      if (patched !== null) builtIn.set(patched, location);
    }
    if (locator !== null) {
      byLocator.set(`${locator.name}@${locator.range}`, location);
    }
  }
  const exactly = (ask: YarnIdent, locator: string): string | undefined => {
    const plain = `${ask.name}@${ask.range}`;
    const npm = `${ask.name}@npm:${ask.range}`;
    const to =
      builtIn.get(plain) ??
      builtIn.get(npm) ??
      byKey.get(plain) ??
      byKey.get(npm);
    if (to !== undefined) return to;
    const bound = `::locator=${encodeURIComponent(locator)}`;
    return (
      byKey.get(`${plain}${bound}`) ??
      (PATH.test(ask.range)
        ? byKey.get(`${ask.name}@file:${ask.range}${bound}`)
        : undefined)
    );
  };
  let byName: ReadonlyMap<string, ReadonlySet<string>> | null = null;
  const root = tops[0]?.locator ?? '';
  const answers = (ask: YarnAsk, from: Asker): readonly string[] => {
    const replaced = resolutions?.(ask, from.name) ?? [];
    for (const { replacement: range } of replaced) {
      const to = exactly({ name: ask.name, range }, root);
      if (to !== undefined) return [to];
    }
    const to = exactly(ask, from.locator) ?? topsByName.get(ask.name);
    if (to !== undefined) return [to];
    // What takes its place is said elsewhere: it may be each of that name.
    const isElsewhere =
      resolutions === null ||
      replaced.length > 0 ||
      ask.range.startsWith('catalog:');
    if (!isElsewhere) return [];
    byName ??= placesByName(entries);
    return [...(byName.get(ask.name) ?? [])];
  };
  return {
    answers,
    located: ({ name, range }) => byLocator.get(`${name}@${range}`),
  };
}

function placesByName(
  entries: readonly YarnEntry[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { idents, location } of sortedByPlace(entries)) {
    for (const { name } of idents) {
      found.set(name, (found.get(name) ?? new Set()).add(location));
    }
  }
  return found;
}

/** Of several equal answers the same one, whatever the order in the file. */
function sortedByPlace(entries: readonly YarnEntry[]): readonly YarnEntry[] {
  return entries.toSorted((a, b) => compareText(b.location, a.location));
}

/**
 * Berry patches a few packages for everybody. Nobody asks for these patches by
 * their keys, but for what they change, as a range of npm.
 */
function builtInSource({ range }: YarnIdent): string | null {
  if (!/^patch:[^#]*#(?:~|optional!)?builtin</.test(range)) return null;
  const source = patchSource(range);
  if (source === null) return null;
  const isNpm =
    aliasTarget(source.range) !== null || source.range.startsWith('npm:');
  return `${source.name}@${isNpm ? '' : 'npm:'}${source.range}`;
}

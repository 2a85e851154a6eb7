import { posix } from 'node:path';

import { compareEdges, type Edge, type Graph } from './graph.js';
import { quote } from './lockfile-source.js';
import {
  readNeeds,
  type PnpmDocument,
  type PnpmReference,
} from './pnpm-document.js';
import { mapIn, textIn } from './pnpm-fields.js';
import { parsePnpmKey, resolvePnpmReference } from './pnpm-key.js';
import type { Refuse } from './read-fields.js';
import { isYamlMap, type YamlMap } from './yaml-value.js';

/** The place of the importer of a folder; the root's is `''`. */
export function importerNode(folder: string): string {
  return folder === '.' ? '' : `importer:${folder}`;
}

/** The place of a snapshot, by the number of its document. */
export function snapshotNode(number: number, key: string): string {
  return `package:${number}:${key}`;
}

/** The place of a folder that is linked and no importer. */
export function linkNode(folder: string): string {
  return `link:${folder}`;
}

/** Finds who asks for whom in the documents of one lockfile, one by one. */
export class PnpmGraphBuilder {
  readonly #edges = new Map<string, Edge[]>();
  readonly #folders: ReadonlySet<string>;
  readonly #refuse: Refuse;
  /** What is linked, by its folder, with the names that it is linked under. */
  readonly links = new Map<string, Set<string>>();

  /** `folders` are those of all importers. */
  constructor(folders: ReadonlySet<string>, refuse: Refuse) {
    this.#folders = folders;
    this.#refuse = refuse;
    for (const folder of folders) {
      const node = importerNode(folder);
      if (node === '') continue;
      this.#push('', { name: folder, type: 'workspace', to: node });
    }
  }

  /**
   * Adds a document. A reference that nothing in it answers is refused: what it
   * stands for would be left out of the audit. `isProduction` says what the
   * root's own manifest asks for in production, whatever the document says.
   */
  add(
    document: PnpmDocument,
    number: number,
    isProduction: (name: string) => boolean,
  ): void {
    // The edges share the text of the places.
    const known = new Map(
      document.snapshots.map(({ key }) => [key, snapshotNode(number, key)]),
    );
    const target = (folder: string, need: PnpmReference): string => {
      if (need.reference.startsWith('link:')) return this.#link(folder, need);
      const { reference, name } = need;
      const key = resolvePnpmReference(reference, name, document.major);
      const node = known.get(key);
      if (node !== undefined) return node;
      return this.#refuse(`${quote(name)}: no entry for ${quote(reference)}`);
    };
    for (const { path, references } of document.importers) {
      for (const need of references) {
        const { name } = need;
        const isSaidSo = path === '.' && isProduction(name);
        const type = isSaidSo ? 'prod' : need.type;
        const to = target(path, need);
        this.#push(importerNode(path), { name, type, to });
      }
    }
    const peerTypes = new PeerTypes(document, this.#refuse);
    for (const snapshot of document.snapshots) {
      const from = known.get(snapshot.key) ?? '';
      const peerType = peerTypes.of(snapshot.key);
      for (const need of readNeeds(snapshot, this.#refuse)) {
        const type = peerType(need.name) ?? need.type;
        this.#push(from, { name: need.name, type, to: target('.', need) });
      }
    }
  }

  /** The graph of all that was added, and the number of its edges. */
  build(): { readonly graph: Graph; readonly size: number } {
    const edges = new Map<string, readonly Edge[]>();
    let size = 0;
    for (const [from, list] of this.#edges) {
      edges.set(from, list.toSorted(compareEdges));
      size += list.length;
    }
    const tops = new Set([...this.#folders].map(importerNode)).add('');
    return { graph: { edges, targets: new Map(), tops }, size };
  }

  #link(folder: string, { name, reference }: PnpmReference): string {
    const to = posix.join(folder, reference.slice('link:'.length)) || '.';
    const target = to.length > 1 && to.endsWith('/') ? to.slice(0, -1) : to;
    const names = this.links.get(target) ?? new Set();
    this.links.set(target, names.add(name));
    return this.#folders.has(target) ? importerNode(target) : linkNode(target);
  }

  #push(from: string, edge: Edge): void {
    const list = this.#edges.get(from);
    if (list === undefined) this.#edges.set(from, [edge]);
    else list.push(edge);
  }
}

/** Which of the packages that one needs it needs as peers. */
class PeerTypes {
  readonly #document: PnpmDocument;
  readonly #packages: ReadonlyMap<string, YamlMap>;
  readonly #refuse: Refuse;

  constructor(document: PnpmDocument, refuse: Refuse) {
    this.#document = document;
    this.#packages = new Map(
      document.packages.map(({ key, fields }) => [key, fields]),
    );
    this.#refuse = refuse;
  }

  of(snapshot: string): (name: string) => 'peer' | 'peerOptional' | null {
    const { major } = this.#document;
    const key = major === 9 ? parsePnpmKey(snapshot, major).base : snapshot;
    const fields = this.#packages.get(key);
    if (!fields?.has('peerDependencies')) return () => null;
    const peers = mapIn(fields, 'peerDependencies', this.#refuse);
    const meta = mapIn(fields, 'peerDependenciesMeta', this.#refuse);
    return (name) => {
      if (!peers.has(name)) return null;
      const about = meta.get(name)?.value;
      const isOptional =
        isYamlMap(about) && textIn(about, 'optional', this.#refuse) === 'true';
      return isOptional ? 'peerOptional' : 'peer';
    };
  }
}

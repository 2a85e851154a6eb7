import { requireCommonJs } from '../commonjs.js';
import { isJsonObject, type JsonObject } from '../json/strict-json.js';
import { readBunRelations, type BunPackages } from './bun-packages.js';
import {
  compareEdges,
  type Edge,
  type Graph,
  type Workspace,
} from './graph.js';
import { quote } from './lockfile-source.js';
import { isExactVersion } from './npm-grammar.js';
import type { NpmManifest } from './npm-project.js';
import type { Relations } from './npm-tree.js';
import type { Refuse } from './read-fields.js';
import { own, readText } from './read-fields.js';

const semver = requireCommonJs('semver');

/** A project of `workspaces`; the root's folder is empty. */
export interface BunWorkspace {
  readonly folder: string;
  readonly name: string | null;
  readonly relations: Relations;
}

/** Reads `workspaces` of a bun.lock, untrusted. */
export function readBunWorkspaces(
  record: JsonObject,
  refuse: Refuse,
): readonly BunWorkspace[] {
  const workspaces = own(record, 'workspaces');
  if (!isJsonObject(workspaces))
    return refuse('workspaces: expected an object');
  return Object.entries(workspaces).map(([folder, fields]) => {
    if (!isJsonObject(fields))
      return refuse(`${quote(folder)}: expected an object`);
    const name = readText(fields, 'name', refuse);
    return { folder, name, relations: readBunRelations(fields, refuse) };
  });
}

/**
 * Finds who asks for whom. A package answers a name with the entry that is
 * nearest: its own, then that of the one it belongs to, up to the root's.
 */
export class BunGraphBuilder {
  readonly #packages: BunPackages;
  readonly #refuse: Refuse;
  readonly #edges = new Map<string, readonly Edge[]>();
  readonly workspaces: Workspace[] = [];

  constructor(packages: BunPackages, refuse: Refuse) {
    this.#packages = packages;
    this.#refuse = refuse;
  }

  /**
   * Adds what root and workspaces ask for. What is not answered, or by something
   * else than the version of a registry that was asked for, is refused.
   */
  addWorkspaces(
    workspaces: readonly BunWorkspace[],
    {
      record,
      root,
    }: { readonly record: JsonObject; readonly root: NpmManifest | null },
  ): void {
    const overrides = own(record, 'overrides');
    const overridden = isJsonObject(overrides) ? Object.keys(overrides) : [];
    const members: Edge[] = [];
    for (const workspace of workspaces) {
      const key = this.#keyOf(workspace);
      const relations =
        key === ''
          ? this.#ofRoot(workspace.relations, root)
          : workspace.relations;
      const edges = this.#edgesFrom(key, relations, true);
      for (const edge of edges) {
        const spec = specOf(relations, edge.name);
        const isForced = overridden.includes(edge.name);
        if (!isForced) this.#refuseContradiction(edge, spec);
      }
      this.#edges.set(key, edges);
      if (key === '') continue;
      this.workspaces.push({ name: workspace.name ?? key, target: key });
      members.push({ name: workspace.name ?? key, type: 'workspace', to: key });
    }
    this.#edges.set('', [...(this.#edges.get('') ?? []), ...members]);
  }

  /** Adds what all other entries ask for. */
  addPackages(): void {
    for (const { key, relations } of this.#packages.values()) {
      if (this.#edges.has(key)) continue;
      this.#edges.set(key, this.#edgesFrom(key, relations, false));
    }
  }

  build(): { readonly graph: Graph; readonly size: number } {
    const edges = new Map<string, readonly Edge[]>();
    let size = 0;
    for (const [from, list] of this.#edges) {
      edges.set(from, list.toSorted(compareEdges));
      size += list.length;
    }
    const tops = new Set(['', ...this.workspaces.map(({ target }) => target)]);
    return { graph: { edges, targets: new Map(), tops }, size };
  }

  /** A workspace is an entry of `packages` under its name. */
  #keyOf({ folder, name }: BunWorkspace): string {
    if (folder === '') return '';
    const isEntry =
      name !== null &&
      this.#packages.get(name)?.specification === `workspace:${folder}`;
    if (isEntry) return name;
    return this.#refuse(`${quote(folder)}: no entry for this workspace`);
  }

  /** What the manifest asks for in production is so, whatever the lockfile says. */
  #ofRoot(relations: Relations, root: NpmManifest | null): Relations {
    if (root === null) return relations;
    const asked = {
      ...root.relations.devDependencies,
      ...root.relations.dependencies,
    };
    const known = new Set([
      ...Object.keys(relations.dependencies),
      ...Object.keys(relations.devDependencies),
      ...Object.keys(relations.optionalDependencies),
      ...Object.keys(relations.peerDependencies),
    ]);
    const missing = Object.keys(asked)
      .toSorted()
      .find((name) => !known.has(name));
    if (missing !== undefined) {
      this.#refuse(
        `does not pin ${quote(missing)}, which the project asks for; bring it up to date: bun install --lockfile-only`,
      );
    }
    return {
      ...relations,
      dependencies: {
        ...root.relations.dependencies,
        ...relations.dependencies,
      },
    };
  }

  #edgesFrom(
    from: string,
    relations: Relations,
    isTop: boolean,
  ): readonly Edge[] {
    const optionalPeers = new Set(relations.optionalPeers);
    const edges: Edge[] = [];
    const add = (map: object, typeOf: (name: string) => Edge['type']): void => {
      for (const name of Object.keys(map)) {
        const type = typeOf(name);
        const to = this.#resolve(from, name);
        if (to === null && (type === 'prod' || type === 'dev')) {
          this.#refuse(
            `no entry for ${quote(name)}, which ${quote(from)} asks for`,
          );
        }
        edges.push({ name, type, to });
      }
    };
    add(relations.dependencies, () => 'prod');
    if (isTop) add(relations.devDependencies, () => 'dev');
    add(relations.optionalDependencies, () => 'optional');
    add(relations.peerDependencies, (name) =>
      optionalPeers.has(name) ? 'peerOptional' : 'peer',
    );
    return edges;
  }

  #resolve(from: string, name: string): string | null {
    for (let key: string | null = from; key !== null;) {
      const nearest = key === '' ? name : `${key}/${name}`;
      if (this.#packages.has(nearest)) return nearest;
      key = key === '' ? null : (this.#packages.get(key)?.parent ?? '');
    }
    return null;
  }

  #refuseContradiction({ name, to }: Edge, spec: string | null): void {
    const answer = this.#packages.get(to ?? '')?.specification ?? null;
    if (answer === null || spec === null) return;
    if (semver.validRange(spec) === null || isExactVersion(answer)) return;
    // Folders of the workspace answer versions.
    if (answer.startsWith('workspace:')) return;
    this.#refuse(
      `${quote(name)}: ${quote(spec)} is asked for, ${quote(answer)} is no version of a registry`,
    );
  }
}

function specOf(relations: Relations, name: string): string | null {
  const maps = [
    relations.dependencies,
    relations.optionalDependencies,
    relations.devDependencies,
  ];
  const map = maps.find((each) => Object.hasOwn(each, name));
  return map?.[name] ?? null;
}

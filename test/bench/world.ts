import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import {
  startRegistry,
  type LoopbackRegistry,
} from '../../fixtures/loopback-registry.js';
import {
  createSigstore,
  type PrivateSigstore,
} from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  serveProject,
  writeProject,
  type Project,
} from '../../fixtures/projects.js';
import { startTufMirror } from '../../fixtures/tuf-mirror.js';
import { startProxy, startTlsFront } from '../../fixtures/tuf-proxy.js';
import { createTufRepository } from '../../fixtures/tuf-repository.js';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';

/** What is measured on. */
export interface WorldOptions {
  /** Packages of the project, each attested or not. */
  readonly packages: number;
  /** Share of them that is attested: 0 to 1. */
  readonly share: number;
  /** Milliseconds before each answer of the registry. */
  readonly latency: number;
}

/** A project with its registry and TUF repository, all on this machine. */
export interface World {
  readonly options: WorldOptions;
  /** Temporary; gone after `close`. */
  readonly folder: string;
  /** The project's folder, with its packages in `node_modules`. */
  readonly project: string;
  readonly registry: LoopbackRegistry;
  /** URLs of every document that an audit of the project needs. */
  readonly urls: readonly string[];
  /** How many of the packages are attested. */
  readonly attested: number;
  /** For this program: `--tuf-mirror` and `--tuf-root`. */
  readonly tuf: { readonly mirror: string; readonly rootFile: string };
  /** For npm, which knows one TUF repository only: the way to ours. */
  readonly npmTuf: {
    readonly root: Buffer;
    readonly proxy: string;
    readonly caFile: string;
  };
  close(): Promise<void>;
}

/** The only TUF repository that npm asks. */
export const NPM_TUF_HOST = 'tuf-repo-cdn.sigstore.dev';

/** Signs, serves and writes down everything. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const sigstore = await createSigstore();
  const registry = await startRegistry({
    keys: sigstore.registryKeys,
    latency: options.latency,
  });
  const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-bench-'));
  const project = benchProject(sigstore, options);
  serveProject(project, registry);
  await writeProject(join(folder, 'project'), project);
  await writeInstalled(join(folder, 'project'), project);
  const tuf = await startTuf(sigstore, registry, folder);
  return {
    ...{ options, folder, registry, project: join(folder, 'project') },
    ...{ tuf: tuf.ours, npmTuf: tuf.npm },
    urls: project.packages.flatMap(({ id, attestations }) => [
      `${registry.url}${id.name}/${id.version}`,
      ...(attestations === undefined
        ? []
        : [`${registry.url}-/npm/v1/attestations/${id.name}@${id.version}`]),
    ]),
    attested: project.packages.filter((each) => each.attestations).length,
    close: async () => {
      await tuf.close();
      await registry.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One in five is direct; the others hang below, four to one. */
function benchProject(
  sigstore: PrivateSigstore,
  { packages, share }: WorldOptions,
): Project {
  const name = (index: number): string => `bench-package-${index}`;
  const direct = Math.ceil(packages / 5);
  const needs = (index: number): readonly string[] =>
    [0, 1, 2, 3]
      .map((offset) => direct + index * 4 + offset)
      .filter((each) => index < direct && each < packages)
      .map(name);
  const published = Array.from({ length: packages }, (_, index) =>
    publishPackage(
      sigstore,
      { name: name(index), version: '1.2.3' },
      {
        attest: isPicked(index, share) ? {} : null,
        manifest: {
          dependencies: Object.fromEntries(
            needs(index).map((each) => [each, '^1.2.3']),
          ),
        },
      },
    ),
  );
  const flat = projectOf(published);
  return {
    ...flat,
    manifest: {
      name: 'bench-project',
      version: '1.0.0',
      dependencies: Object.fromEntries(
        Array.from({ length: direct }, (_, index) => [name(index), '^1.2.3']),
      ),
    },
    entries: Object.fromEntries(
      Object.entries(flat.entries).map(([location, entry], index) => [
        location,
        {
          ...entry,
          dependencies: Object.fromEntries(
            needs(index).map((each) => [each, '^1.2.3']),
          ),
        },
      ]),
    ),
  };
}

/** Spreads `share` of the indexes evenly. */
function isPicked(index: number, share: number): boolean {
  return Math.floor((index + 1) * share) > Math.floor(index * share);
}

/** `npm audit signatures` looks only at what is installed. */
async function writeInstalled(dir: string, project: Project): Promise<void> {
  for (const { id, manifest } of project.packages) {
    const file = join(dir, 'node_modules', id.name, 'package.json');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify({ ...id, ...manifest }));
  }
}

async function startTuf(
  sigstore: PrivateSigstore,
  registry: LoopbackRegistry,
  folder: string,
) {
  const keys = Buffer.from(JSON.stringify(sigstore.npmKeys));
  const hosts = [PUBLIC_REGISTRY, registry.url].map((url) => new URL(url).host);
  const repository = createTufRepository({
    targets: new Map([
      ['trusted_root.json', Buffer.from(JSON.stringify(sigstore.trustedRoot))],
    ]),
    registryKeys: new Map(hosts.map((host) => [host, keys])),
  });
  const mirror = await startTufMirror(repository);
  const front = await startTlsFront(mirror.url, [NPM_TUF_HOST]);
  const port = Number(new URL(front.url).port);
  const proxy = await startProxy(() => port);
  const rootFile = join(folder, 'root.json');
  const caFile = join(folder, 'ca.pem');
  await writeFile(rootFile, repository.rootJson);
  await writeFile(caFile, front.ca);
  return {
    ours: { mirror: mirror.url, rootFile },
    npm: { root: repository.rootJson, proxy: proxy.url, caFile },
    close: async () => {
      await Promise.all([proxy.close(), front.close(), mirror.close()]);
    },
  };
}

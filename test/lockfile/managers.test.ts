import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { beforeAll, describe, expect, it } from 'vitest';

import { loadVirtualTree } from '../../src/io/arborist-tree.js';
import type { Dependency, Lockfile } from '../../src/lockfile/dependency.js';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';

/** What the package manager itself says; see fixtures/lockfiles/README.md. */
interface Installed {
  readonly all: readonly string[];
  readonly production: readonly string[];
  /** Null where it cannot leave out what is optional. */
  readonly required: readonly string[] | null;
  /** Names that it lists as asked for by the projects it looks at. */
  readonly direct: readonly string[];
}

const FOLDER = fileURLToPath(
  new URL('../../fixtures/lockfiles/', import.meta.url),
);
const FILES = ['package-lock.json', 'pnpm-lock.yaml', 'bun.lock'];
/** Those of Yarn are of another project: see yarn-managers.test.ts. */
const MANAGERS = readdirSync(FOLDER)
  .filter((name) => /^(?:npm|pnpm|bun)-\d+$/.test(name))
  .filter((name) => existsSync(`${FOLDER}${name}/installed.json`))
  .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
/** What the workspaces ask for; npm 6 knows none. */
const OF_WORKSPACES = ['@acme/lib', 'semver', 'wrappy', 'yallist'];

it('has a project of each version', () => {
  expect(MANAGERS).toEqual([
    ...['bun-0', 'bun-1', 'bun-2'],
    ...['npm-6', 'npm-8', 'npm-12'],
    ...['pnpm-7', 'pnpm-8', 'pnpm-9', 'pnpm-11', 'pnpm-12'],
  ]);
});

describe.each(MANAGERS)('%s', (manager) => {
  const bytes = (file: string) => readFileSync(`${FOLDER}${manager}/${file}`);
  const file = FILES.find((one) => existsSync(`${FOLDER}${manager}/${one}`));
  const installed = JSON.parse(bytes('installed.json').toString()) as Installed;
  let lockfile: Lockfile;

  beforeAll(async () => {
    const path = file ?? '';
    lockfile = await parseLockfile(
      { path, bytes: bytes(path), manifest: bytes('package.json') },
      loadVirtualTree,
    );
  });

  /** What is copied into `node_modules` on the system of the fixtures. */
  const isInstalled = ({ origin, id, paths }: Dependency): boolean =>
    !['link', 'workspace'].includes(origin.kind) &&
    id.name !== 'fsevents' &&
    // pnpm's own packages and those of its configuration are kept elsewhere.
    !paths.every((path) =>
      /^(?:has-flag|pnpm|@pnpm\/exe)$/.test(path[1] ?? ''),
    );
  const list = (isIn: (dependency: Dependency) => boolean): readonly string[] =>
    [
      ...new Set(
        lockfile.dependencies
          .filter((one) => isInstalled(one) && isIn(one))
          // Lockfiles do not have the version of what is from elsewhere.
          .map(
            ({ id }) =>
              `${id.name}@${/^\d/.test(id.version) ? id.version : '1.0.0'}`,
          ),
      ),
    ].toSorted();
  // A folder is a copy to some and a link to others; npm 6 installs what is
  // for other systems too.
  const copied = (names: readonly string[]): readonly string[] => {
    const isLinked = !list(() => true).includes('from-folder@1.0.0');
    return names
      .filter((one) => !isLinked || !one.startsWith('from-folder@'))
      .filter((one) => !one.startsWith('fsevents@'));
  };

  it('has what the package manager installs', () => {
    expect(installed.all.length).toBeGreaterThan(12);
    expect(list(() => true)).toEqual(copied(installed.all));
  });

  it('finds the same production dependencies', () => {
    expect(installed.production.length).toBeLessThan(installed.all.length);
    // The first Bun with this format leaves out what is optional as well.
    const isLeftOut = ({ optional }: Dependency): boolean =>
      manager === 'bun-0' && optional;
    expect(list((one) => one.production && !isLeftOut(one))).toEqual(
      copied(installed.production),
    );
  });

  it('finds the same optional dependencies', ({ skip }) => {
    const required = installed.required ?? [];
    if (required.length === 0) skip();
    expect(required.length).toBeLessThan(installed.all.length);
    expect(list(({ optional }) => !optional)).toEqual(copied(required));
  });

  it('finds the same direct dependencies', () => {
    const isOfWorkspace = (name: string): boolean =>
      manager !== 'npm-6' && OF_WORKSPACES.includes(name);
    const names = lockfile.dependencies
      .filter(({ direct, origin }) => direct && origin.kind !== 'workspace')
      .flatMap(({ id, aliases }) => (aliases.length > 0 ? aliases : [id.name]))
      .filter((name) => !name.startsWith('@acme/') && !isOfWorkspace(name));
    const listed = installed.direct.filter(
      (name) => !name.startsWith('@acme/') && !isOfWorkspace(name),
    );
    const direct = new Set(names);
    // Bun and pnpm leave out of their lists what is for other systems, or
    // what configures them.
    for (const other of ['fsevents', 'has-flag', 'pnpm', '@pnpm/exe']) {
      if (!listed.includes(other)) direct.delete(other);
    }
    expect([...direct].toSorted()).toEqual(listed);
  });

  it('counts each entry once', () => {
    const places = lockfile.dependencies.flatMap(({ locations }) => locations);
    expect(places.length).toBe(lockfile.entries);
    expect(new Set(places).size).toBe(lockfile.entries);
  });
});

it('knows all documents of a file of pnpm, and what each is for', async () => {
  const read = (name: string) => readFileSync(`${FOLDER}pnpm-11/${name}`);
  const path = 'pnpm-lock.yaml';
  const manifest = read('package.json');
  const { dependencies } = await parseLockfile(
    { path, bytes: read(path), manifest },
    loadVirtualTree,
  );
  const one = (name: string) => dependencies.find(({ id }) => id.name === name);
  // They run on every install, whatever is left out of it.
  for (const name of ['has-flag', 'pnpm', '@pnpm/exe']) {
    expect(one(name)).toMatchObject({
      ...{ direct: true, production: true, omittedBy: [] },
      origin: { kind: 'registry' },
    });
  }
  expect(one('@reflink/reflink-darwin-x64')?.paths[0]).toEqual([
    ...[
      'my-app',
      '@pnpm/exe',
      '@reflink/reflink',
      '@reflink/reflink-darwin-x64',
    ],
  ]);
  expect(one('once')).toMatchObject({ patched: true, production: false });
});

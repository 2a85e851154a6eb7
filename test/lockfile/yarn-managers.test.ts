import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { beforeAll, describe, expect, it } from 'vitest';

import type { Dependency, Lockfile } from '../../src/lockfile/dependency.js';
import { parseYarn } from './yarn-input.js';

/** What is in `node_modules` after the package manager's own installations. */
interface Installed {
  readonly all: readonly string[];
  readonly production: readonly string[] | null;
  readonly required: readonly string[] | null;
}

/** Made for another system than the fixtures. */
const FOREIGN = 'fsevents';
const FOLDER = fileURLToPath(
  new URL('../../fixtures/lockfiles/', import.meta.url),
);
const VERSIONS = readdirSync(FOLDER)
  .filter((name) => name.startsWith('yarn-'))
  .toSorted();
/** Not for the system that the fixtures were made on, with all it needs. */
const OTHER_SYSTEM = 'fsevents';

it('has a project of each Yarn', () => {
  expect(VERSIONS).toEqual([
    'yarn-1',
    'yarn-2.4.2',
    'yarn-3.8.7',
    'yarn-4.0.2',
    'yarn-4.18.1',
  ]);
});

describe.each(VERSIONS)('%s', (version) => {
  const isV1 = version === 'yarn-1';
  const read = (file: string): unknown =>
    JSON.parse(readFileSync(`${FOLDER}${version}/${file}`, 'utf8'));
  const installed = read('installed.json') as Installed;
  let lockfile: Lockfile;

  const list = (isIn: (dependency: Dependency) => boolean): readonly string[] =>
    [
      ...new Set(
        lockfile.dependencies
          .filter(
            (one) =>
              // What is linked is not copied to where it was looked for.
              !['link', 'workspace'].includes(one.origin.kind) &&
              !one.paths.every((path) => path.includes(OTHER_SYSTEM)) &&
              // Below a link, where it was not looked for.
              !one.paths.every((path) => path.includes('ported')) &&
              isIn(one),
          )
          .map(({ id }) => `${id.name}@${id.version}`),
      ),
    ].toSorted();
  const without = (names: readonly string[] | null): readonly string[] =>
    (names ?? []).filter((name) => !name.startsWith('repeat-string@'));
  const one = (name: string, wanted = ''): Dependency => {
    const found = lockfile.dependencies.find(
      ({ id }) => id.name === name && (wanted === '' || id.version === wanted),
    );
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };

  beforeAll(async () => {
    const manifest = (folder: string): object =>
      read(`${folder}package.json`) as object;
    lockfile = await parseYarn(
      readFileSync(`${FOLDER}${version}/yarn.lock`, 'utf8'),
      {
        root: manifest(''),
        workspaces: {
          'packages/a': manifest('packages/a/'),
          'packages/b': manifest('packages/b/'),
        },
      },
    );
  });

  it('has what the package manager installs', () => {
    expect(list(() => true)).toEqual(without(installed.all));
    expect(installed.all.length).toBeGreaterThan(10);
  });

  it('finds the same production dependencies', ({ skip }) => {
    // Yarn 2 and 3 have no command for it of their own.
    if (installed.production === null) skip();
    expect(list(({ production }) => production)).toEqual(
      without(installed.production),
    );
  });

  it('finds the same optional dependencies', ({ skip }) => {
    // Only Yarn 1 can leave them out.
    if (installed.required === null) skip();
    expect(list(({ optional }) => !optional)).toEqual(installed.required);
  });

  it('finds the same direct dependencies', () => {
    const listed = read('direct.json') as readonly string[];
    const isRoot = (name: string): boolean => name.startsWith('fixture@');
    // Yarn 1 says it of what is installed, by the names it is installed under.
    expect(listed.filter(isRoot)).toHaveLength(isV1 ? 0 : 1);
    const isInstalled = ({ id, origin }: Dependency): boolean =>
      id.name !== FOREIGN && origin.kind !== 'link';
    const direct = lockfile.dependencies.filter(
      (each) => each.direct && (!isV1 || isInstalled(each)),
    );
    const names = direct.map(({ id, aliases }) =>
      isV1
        ? `${aliases[0] ?? id.name}@${id.version}`
        : `${id.name}@${id.version}`,
    );
    expect([...new Set(names)].toSorted()).toEqual(
      listed.filter((name) => !isRoot(name)),
    );
  });

  it('counts each entry but the root once', () => {
    const places = lockfile.dependencies.flatMap(({ locations }) => locations);
    expect(places.length).toBe(lockfile.entries);
    expect(new Set(places).size).toBe(lockfile.entries);
    expect(lockfile.entries).toBe(isV1 ? 17 : 51);
  });

  it('tells where everything comes from', () => {
    const kinds = {
      ms: 'registry',
      'far-away': 'remote-tarball',
      'near-by': 'file',
      'git-dep': 'git',
      linked: 'link',
      ...(!isV1 && { ported: 'link', '@fixture/a': 'workspace' }),
    };
    for (const [name, kind] of Object.entries(kinds)) {
      expect([name, one(name).origin.kind]).toEqual([name, kind]);
    }
  });

  it('shows what is installed under another name', () => {
    expect(one('left-pad')).toMatchObject({ aliases: ['left'], direct: true });
  });

  it('follows resolutions and workspaces', () => {
    expect(one('minimist').paths).toEqual([['fixture', 'mkdirp', 'minimist']]);
    expect(one('kind-of', '6.0.3')).toMatchObject({
      production: false,
      direct: true,
      workspaces: ['@fixture/a', '@fixture/b'],
      omittedBy: [['dev']],
    });
  });

  it('marks what Yarn patches, its own patches too', () => {
    const patched = lockfile.dependencies.filter((each) => each.patched);
    expect(patched.map(({ id }) => `${id.name}@${id.version}`)).toEqual(
      isV1 ? [] : ['fsevents@2.3.2', 'is-number@7.0.0', 'resolve@1.22.8'],
    );
    for (const { locations, origin } of patched) {
      expect(locations.length).toBe(2);
      expect(origin.kind).toBe('registry');
    }
  });

  it('pins the archive of the registry, or one of its own', () => {
    const { integrity, archiveChecksum } = one('ms');
    if (isV1) expect(integrity).toMatch(/^sha512-/);
    else expect(integrity).toBeNull();
    expect(archiveChecksum === undefined).toBe(isV1);
  });

  it('knows the line of each entry', () => {
    const lines = readFileSync(`${FOLDER}${version}/yarn.lock`, 'utf8').split(
      '\n',
    );
    for (const { line, column, locations } of lockfile.dependencies) {
      expect(column).toBe(1);
      const key = lines[(line ?? 0) - 1]?.replace(/^"|"?:$/g, '');
      expect(key?.replaceAll('"', '')).toBe(locations[0]);
    }
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadVirtualTree } from '../../src/io/arborist-tree.js';
import type { Lockfile } from '../../src/lockfile/dependency.js';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';

/** Files that npm 12 wrote; see fixtures/lockfiles/README.md. */
function read(file: string): Buffer {
  const folder = '../../fixtures/lockfiles/npm-12/';
  return readFileSync(new URL(`${folder}${file}`, import.meta.url));
}

async function parse(path: string): Promise<Lockfile> {
  const manifest = path === 'package-lock.json' ? read('package.json') : null;
  const input = { path, bytes: read(path), manifest };
  return parseLockfile(input, loadVirtualTree);
}

/** What is of a registry, with the digest of its archive. */
function pinsOf({ dependencies }: Lockfile): readonly string[] {
  return dependencies
    .filter(({ origin }) => origin.kind === 'registry')
    .map(({ id, integrity }) => `${id.name}@${id.version} ${integrity ?? ''}`);
}

describe.each([
  // Only one of the two says that a package is private.
  ['sbom.cdx.json', 'cyclonedx', '1.5', ['workspace @acme/tool']],
  ['sbom.spdx.json', 'spdx', '2.3', []],
])('%s of npm itself', (file, format, formatVersion, more) => {
  it('pins the same digests as the lockfile that it was made of', async () => {
    const lockfile = await parse('package-lock.json');
    const sbom = await parse(file);
    expect(sbom).toMatchObject({ format, formatVersion, foreign: 0 });
    const pins = pinsOf(lockfile);
    expect(pins.length).toBeGreaterThan(12);
    expect(pinsOf(sbom)).toEqual(expect.arrayContaining([...pins]));
  });

  it('has all that the lockfile has, each once', async () => {
    const { dependencies, entries } = await parse(file);
    const places = dependencies.flatMap(({ locations }) => locations);
    expect(new Set(places).size).toBe(places.length);
    expect(places.length).toBe(entries);
    const kinds = dependencies
      .filter(({ origin }) => origin.kind !== 'registry')
      .map(({ id, origin }) => `${origin.kind} ${id.name}`);
    expect(kinds).toEqual([...more, 'file from-file', 'git from-git']);
  });

  it('says of each where it is in the file', async () => {
    const { dependencies } = await parse(file);
    const lines = read(file).toString().split('\n');
    for (const { id, line } of dependencies) {
      const beginning = lines.slice((line ?? 0) - 1, (line ?? 0) + 30);
      expect(beginning.join('\n')).toContain(`"${id.name}"`);
    }
  });
});

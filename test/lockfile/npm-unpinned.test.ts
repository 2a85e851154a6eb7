import { describe, expect, it } from 'vitest';
import { loadVirtualTree } from '../../src/io/arborist-tree.js';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';

const A = { version: '1.0.0', integrity: 'sha1-W9aDGHd9C1CIfYPfUWnjwJ+WgFM=' };

function parse(lockfile: unknown, manifest: unknown = null) {
  const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
  return parseLockfile(
    {
      path: 'package-lock.json',
      bytes: bytes(lockfile),
      manifest: manifest === null ? null : bytes(manifest),
    },
    loadVirtualTree,
  );
}

function v3(root: unknown, packages: Record<string, unknown> = {}) {
  return { lockfileVersion: 3, packages: { '': root, ...packages } };
}

describe('a lockfile that does not pin what its project asks for', () => {
  it.each<[string, unknown, unknown]>([
    ['a dependency', v3({ dependencies: { a: '1' } }), null],
    ['a development dependency', v3({ devDependencies: { a: '1' } }), null],
    [
      'a dependency that only package.json names',
      v3({ dependencies: { b: '1' } }, { 'node_modules/b': A }),
      { dependencies: { a: '1', b: '1' } },
    ],
    [
      'a dependency of a workspace',
      v3(
        { workspaces: ['w'] },
        {
          w: { version: '1.0.0', dependencies: { a: '1' } },
          'node_modules/w': { resolved: 'w', link: true },
        },
      ),
      null,
    ],
    [
      'a dependency, in version 1',
      { lockfileVersion: 1, dependencies: {} },
      { dependencies: { a: '1' } },
    ],
  ])('is refused: %s', async (_what, lockfile, manifest) => {
    await expect(parse(lockfile, manifest)).rejects.toMatchObject({
      code: 'LOCKFILE_INVALID',
      message: expect.stringContaining('does not pin "a"') as unknown,
    });
  });

  it('is refused if only npm 6 would see its entries', async () => {
    const lockfile = {
      lockfileVersion: 2,
      packages: { '': {} },
      dependencies: { a: A },
    };
    await expect(parse(lockfile)).rejects.toMatchObject({
      code: 'LOCKFILE_INVALID',
    });
  });

  it.each<[string, unknown, unknown]>([
    [
      'all of it is there',
      v3({ dependencies: { a: '1' } }, { 'node_modules/a': A }),
      null,
    ],
    [
      'an optional one is missing',
      v3({ optionalDependencies: { a: '1' } }),
      null,
    ],
    ['a peer is missing', v3({ peerDependencies: { a: '1' } }), null],
    ['nothing is asked for', v3({}), {}],
    [
      'something that another package asks for is missing',
      v3(
        { dependencies: { b: '1' } },
        { 'node_modules/b': { ...A, dependencies: { a: '1' } } },
      ),
      null,
    ],
  ])('is read if %s', async (_what, lockfile, manifest) => {
    await expect(parse(lockfile, manifest)).resolves.toBeDefined();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditError } from '../../src/errors.js';
import { loadVirtualTree } from '../../src/io/arborist-tree.js';
import type { Lockfile } from '../../src/lockfile/dependency.js';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';
import { allLocations, failure, fileOf } from './lockfile-input.js';

const SHA512 = 'ab'.repeat(64);
const SRI = `sha512-${Buffer.from(SHA512, 'hex').toString('base64')}`;
const SHA1 = 'cd'.repeat(20);
const SRI1 = `sha1-${Buffer.from(SHA1, 'hex').toString('base64')}`;
const PATH = 'sbom.json';

/** A component as `npm sbom` writes it, but for what `change` says. */
function component(change: object = {}): object {
  return {
    type: 'library',
    name: 'left-pad',
    version: '1.3.0',
    purl: 'pkg:npm/left-pad@1.3.0',
    hashes: [{ alg: 'SHA-512', content: SHA512 }],
    ...change,
  };
}

function cyclonedx(components: unknown, change: object = {}): Uint8Array {
  return fileOf({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    metadata: { component: { name: 'my-app' } },
    components,
    ...change,
  });
}

/** A package as `npm sbom` writes it, but for what `change` says. */
function spdxPackage(change: object = {}): object {
  return {
    name: 'left-pad',
    SPDXID: 'SPDXRef-1',
    versionInfo: '1.3.0',
    downloadLocation: 'NOASSERTION',
    externalRefs: [
      { referenceType: 'purl', referenceLocator: 'pkg:npm/left-pad@1.3.0' },
    ],
    checksums: [{ algorithm: 'SHA512', checksumValue: SHA512 }],
    ...change,
  };
}

function spdx(packages: unknown, change: object = {}): Uint8Array {
  return fileOf({ spdxVersion: 'SPDX-2.3', packages, ...change });
}

function parse(bytes: Uint8Array, path = PATH): Promise<Lockfile> {
  return parseLockfile({ path, bytes, manifest: null }, loadVirtualTree);
}

const LEFT_PAD = {
  id: { name: 'left-pad', version: '1.3.0' },
  integrity: SRI,
  origin: { kind: 'registry', resolved: null },
  aliases: [],
  production: true,
  direct: true,
};

describe('an SBOM', () => {
  it.each([
    [
      'CycloneDX',
      cyclonedx([component()]),
      'cyclonedx',
      '1.5',
      'components[0]',
    ],
    ['SPDX', spdx([spdxPackage()]), 'spdx', '2.3', 'packages[0]'],
  ])(
    'as %s is read by its content',
    async (_what, bytes, format, formatVersion, location) => {
      const lockfile = await parse(bytes);
      expect(lockfile).toMatchObject({ format, formatVersion, entries: 1 });
      expect(lockfile.dependencies).toMatchObject([
        { ...LEFT_PAD, locations: [location], omittedBy: [], workspaces: [] },
      ]);
    },
  );

  it.each([
    ['in upper case', [{ alg: 'SHA-512', content: SHA512.toUpperCase() }], SRI],
    [
      'beside weaker ones, and ones that are not used',
      [
        { alg: 'SHA-1', content: SHA1 },
        { alg: 'BLAKE3', content: 'x' },
        { alg: 'SHA-512', content: SHA512 },
      ],
      `${SRI} ${SRI1}`,
    ],
    ['that is weak', [{ alg: 'SHA-1', content: SHA1 }], SRI1],
    ['none', [], null],
  ])('has hashes %s', async (_what, hashes, integrity) => {
    const { dependencies } = await parse(cyclonedx([component({ hashes })]));
    expect(dependencies).toMatchObject([{ ...LEFT_PAD, integrity }]);
  });

  it('has hashes beside the address of the archive, as several tools put them', async () => {
    const url = 'https://npm.example/left-pad/-/left-pad-1.3.0.tgz';
    const found = async (hashes: object, others: readonly object[]) => {
      const externalReferences = [
        { type: 'website', url, hashes: [{ alg: 'SHA-1', content: SHA1 }] },
        { type: 'distribution', url, hashes: others },
      ];
      const change = { ...hashes, externalReferences };
      const { dependencies } = await parse(cyclonedx([component(change)]));
      return dependencies[0]?.integrity;
    };
    const own = [{ alg: 'SHA-512', content: SHA512 }];
    const other = [{ alg: 'SHA-512', content: 'cd'.repeat(64) }];
    expect(await found({ hashes: undefined }, own)).toBe(SRI);
    expect(await found({ hashes: own }, own)).toBe(SRI);
    expect((await found({ hashes: own }, other))?.split(' ')).toHaveLength(2);
    await expect(found({ hashes: own }, [{ alg: 'SHA-512' }])).rejects.toThrow(
      'hashes: expected alg and content',
    );
  });

  it('keeps two SHA-512 for one package, for which no choice is honest', async () => {
    const hashes = [SHA512, 'cd'.repeat(64)].map((content) => ({
      alg: 'SHA-512',
      content,
    }));
    const { dependencies } = await parse(cyclonedx([component({ hashes })]));
    expect(dependencies[0]?.integrity?.split(' ')).toHaveLength(2);
  });

  it.each([
    ['an alias', { name: 'nickname' }, { aliases: ['nickname'] }],
    [
      'a scope apart',
      { group: '@acme', name: 'widget', purl: 'pkg:npm/%40acme/widget@1.3.0' },
      { id: { name: '@acme/widget', version: '1.3.0' }, aliases: [] },
    ],
    [
      'a scope left out',
      { name: 'widget', purl: 'pkg:npm/%40acme/widget@1.3.0' },
      { id: { name: '@acme/widget', version: '1.3.0' }, aliases: [] },
    ],
    [
      'an address',
      {
        externalReferences: [
          { type: 'website', url: 'https://left.example' },
          { type: 'distribution', url: 'https://npm.example/left-pad/-/x.tgz' },
        ],
      },
      {
        origin: {
          kind: 'registry',
          resolved: 'https://npm.example/left-pad/-/x.tgz',
        },
      },
    ],
    [
      'a repository',
      { purl: 'pkg:npm/left-pad@1.3.0?vcs_url=git%2Bssh://git@x/y.git' },
      { origin: { kind: 'git', resolved: 'git+ssh://git@x/y.git' } },
    ],
    [
      'a file',
      { externalReferences: [{ type: 'distribution', url: 'file:a.tgz' }] },
      { origin: { kind: 'file', resolved: 'file:a.tgz' } },
    ],
    [
      'npm’s word that it is bundled',
      { hashes: [], properties: [property('bundled')] },
      { origin: { kind: 'bundled', resolved: null }, integrity: null },
    ],
    [
      'npm’s word that it is private',
      { hashes: [], properties: [property('private')] },
      { origin: { kind: 'workspace', resolved: null }, integrity: null },
    ],
    [
      'such a word beside a hash of its own',
      { properties: [property('bundled'), property('private')] },
      LEFT_PAD,
    ],
    [
      'such a word that says no',
      { hashes: [], properties: [property('bundled', 'false')] },
      { origin: { kind: 'registry', resolved: null } },
    ],
  ])('with %s', async (_what, change, expected) => {
    const { dependencies } = await parse(cyclonedx([component(change)]));
    expect(dependencies).toMatchObject([expected]);
  });

  it('has components within components, each on its line', async () => {
    const inner = component({ purl: 'pkg:npm/inner@1.3.0', name: 'inner' });
    const outer = component({ components: [inner] });
    const bytes = cyclonedx([component(), outer]);
    const lockfile = await parse(bytes);
    expect(lockfile.entries).toBe(3);
    expect(allLocations(lockfile)).toEqual([
      'components[0]',
      'components[1]',
      'components[1].components[0]',
    ]);
    const text = new TextDecoder().decode(bytes).split('\n');
    const [found] = lockfile.dependencies;
    expect(found?.id.name).toBe('inner');
    const line = found?.line ?? 0;
    expect(text.slice(line - 1, line + 2).join('')).toMatch(
      /{\s+"type".*"inner"/,
    );
  });

  it('joins what is the same, and nothing else', async () => {
    const hashes = [{ alg: 'SHA-1', content: SHA1 }];
    const lockfile = await parse(
      cyclonedx([component(), component({ hashes }), component()]),
    );
    expect(lockfile.entries).toBe(3);
    expect(lockfile.dependencies.map(({ locations }) => locations)).toEqual([
      ['components[1]'],
      ['components[0]', 'components[2]'],
    ]);
  });

  it('counts packages of other kinds without looking at them', async () => {
    const lockfile = await parse(
      cyclonedx([
        component(),
        component({ purl: 'pkg:pypi/requests@2.0.0' }),
        { type: 'file', name: 'readme' },
      ]),
    );
    expect(lockfile).toMatchObject({ entries: 1, foreign: 2 });
    expect(lockfile.dependencies).toHaveLength(1);
  });

  it.each<[string, object, number]>([
    ['that documentDescribes names', { documentDescribes: ['SPDXRef-1'] }, 1],
    [
      'that a relationship names',
      {
        relationships: [
          {
            spdxElementId: 'SPDXRef-DOCUMENT',
            relationshipType: 'DESCRIBES',
            relatedSpdxElement: 'SPDXRef-1',
          },
        ],
      },
      1,
    ],
    [
      'no package that is one of several',
      { documentDescribes: ['SPDXRef-1', 'SPDXRef-2'] },
      2,
    ],
    ['no package that is not named', {}, 2],
  ])('leaves out as its root %s', async (_what, change, entries) => {
    const packages = [spdxPackage(), spdxPackage({ SPDXID: 'SPDXRef-2' })];
    expect((await parse(spdx(packages, change))).entries).toBe(entries);
  });

  it('of nothing has no packages', async () => {
    expect(await parse(cyclonedx(undefined))).toMatchObject({
      entries: 0,
      foreign: 0,
      rootName: 'my-app',
      dependencies: [],
    });
  });
});

function property(name: string, value = 'true'): object {
  return { name: `cdx:npm:package:${name}`, value };
}

describe('an SBOM is refused', () => {
  it.each<[string, Uint8Array, string]>([
    [
      'of a later version',
      cyclonedx([], { specVersion: '2.0' }),
      'expected CycloneDX 1.2 to 1.7, found "2.0"',
    ],
    [
      'of no version',
      cyclonedx([], { specVersion: undefined }),
      'found nothing',
    ],
    ['of SPDX 3', fileOf({ '@context': 'x', '@graph': [] }), 'found SPDX 3'],
    [
      'of an early SPDX',
      spdx([], { spdxVersion: 'SPDX-1.2' }),
      'expected SPDX 2.2 or 2.3, found "SPDX-1.2"',
    ],
    [
      'in two formats',
      cyclonedx([], { spdxVersion: 'SPDX-2.3' }),
      'found several',
    ],
    [
      'that is a lockfile too',
      cyclonedx([], { lockfileVersion: 3, packages: {} }),
      'found several',
    ],
    [
      'whose components are no list',
      cyclonedx({}),
      'components: expected a list',
    ],
    [
      'with a component that is none',
      cyclonedx([7]),
      'components[0]: expected an object',
    ],
    [
      'with a number for a package URL',
      cyclonedx([component({ purl: 7 })]),
      'purl: expected a string',
    ],
    [
      'with another version beside it',
      cyclonedx([component({ version: '9.9.9' })]),
      'version "9.9.9" is not that of the package URL',
    ],
    [
      'with a version that is none',
      cyclonedx([component({ purl: 'pkg:npm/a@latest', version: 'latest' })]),
      'expected an exact version, found "latest"',
    ],
    [
      'with a name that is none',
      cyclonedx([component({ purl: 'pkg:npm/..@1.3.0' })]),
      'expected a package name, found ".."',
    ],
    [
      'with a URL of nothing',
      cyclonedx([component({ purl: 'pkg:npm/' })]),
      'expected pkg:npm/NAME@VERSION',
    ],
    [
      'with a hash that is too short',
      cyclonedx([component({ hashes: [{ alg: 'SHA-512', content: 'ab' }] })]),
      'expected 64 bytes for SHA-512',
    ],
    [
      'with a hash in base64',
      cyclonedx([
        component({
          hashes: [
            { alg: 'SHA-512', content: SRI.slice(7, 135).padEnd(128, 'A') },
          ],
        }),
      ]),
      'expected 64 bytes for SHA-512',
    ],
    [
      'with a hash of an unknown kind',
      cyclonedx([component({ hashes: [{ alg: 'CRC-32', content: '00' }] })]),
      'expected a known algorithm, found CRC-32',
    ],
    [
      'with a hash of nothing',
      cyclonedx([component({ hashes: [{ alg: 'SHA-512' }] })]),
      'expected alg and content',
    ],
    [
      'with two addresses',
      cyclonedx([
        component({
          externalReferences: ['https://a.example/', 'https://b.example/'].map(
            (url) => ({ type: 'distribution', url }),
          ),
        }),
      ]),
      'more than one distribution',
    ],
    [
      'with an address of no kind',
      cyclonedx([
        component({
          externalReferences: [{ type: 'distribution', url: 'gopher://x' }],
        }),
      ]),
      'no known origin',
    ],
    [
      'with two package URLs',
      spdx([
        spdxPackage({
          externalRefs: ['a', 'b'].map((name) => ({
            referenceType: 'purl',
            referenceLocator: `pkg:npm/${name}@1.3.0`,
          })),
        }),
      ]),
      'more than one package URL',
    ],
    [
      'with a checksum that is none',
      spdx([
        spdxPackage({
          checksums: [{ algorithm: 'SHA512', checksumValue: '' }],
        }),
      ]),
      'expected algorithm and checksumValue',
    ],
    [
      'with two roots of one name',
      spdx([spdxPackage(), spdxPackage()], {
        documentDescribes: ['SPDXRef-1'],
      }),
      'more than one of SPDXID SPDXRef-1',
    ],
  ])('%s', async (_what, bytes, message) => {
    const found = await failure(bytes, null, PATH);
    expect(found).toMatchObject({ code: 'LOCKFILE_INVALID' });
    expect(found.message).toContain(message);
    expect(found.message).not.toContain('\n');
  });

  it('with the line of what is wrong', async () => {
    const bytes = cyclonedx([component(), component({ version: '9.9.9' })]);
    const { message } = await failure(bytes, null, PATH);
    const lines = new TextDecoder().decode(bytes).split('\n');
    const second = lines.findLastIndex((line) => line === '    {') + 1;
    expect(message).toContain(`sbom.json:${second}: "components[1]": `);
  });

  it('where npm would install from the file as a lockfile', async () => {
    const lockfile = { lockfileVersion: 3, packages: {} };
    const bytes = cyclonedx([], lockfile);
    const { format } = await parse(bytes, 'package-lock.json');
    expect(format).toBe('package-lock');
    expect((await failure(bytes, null, PATH)).code).toBe('LOCKFILE_INVALID');
  });
});

describe('an SBOM of any content', () => {
  it('is read or refused, in one line', async () => {
    const part = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(component(), [component()], 'pkg:npm/a@1.0.0'),
    );
    const record = fc.dictionary(
      fc.constantFrom(
        'components',
        'packages',
        'hashes',
        'purl',
        'checksums',
        'externalRefs',
        'properties',
        'metadata',
      ),
      fc.oneof(
        part,
        fc.array(
          fc.dictionary(
            fc.constantFrom('purl', 'name', 'hashes', 'components'),
            part,
          ),
        ),
      ),
    );
    await fc.assert(
      fc.asyncProperty(record, fc.boolean(), async (content, isSpdx) => {
        const mark = isSpdx
          ? { spdxVersion: 'SPDX-2.2' }
          : { bomFormat: 'CycloneDX', specVersion: '1.4' };
        try {
          const lockfile = await parse(fileOf({ ...content, ...mark }));
          expect(allLocations(lockfile)).toHaveLength(lockfile.entries);
          expect(new Set(allLocations(lockfile)).size).toBe(lockfile.entries);
        } catch (error) {
          if (!(error instanceof AuditError)) throw error;
          expect(error.message).not.toContain('\n');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes time in proportion to its size', async () => {
    const components = Array.from({ length: 20_000 }, (_, index) =>
      component({ purl: `pkg:npm/p${index}@1.3.0`, name: `p${index}` }),
    );
    const same = Array.from({ length: 20_000 }, () => component());
    for (const many of [components, same]) {
      expect((await parse(cyclonedx(many))).entries).toBe(20_000);
    }
  });
});

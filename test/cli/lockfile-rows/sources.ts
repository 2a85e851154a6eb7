import { OTHER_SRI, type RowCase } from './row.js';
import { lockfileOf, type FormatName, type Pin } from './writers.js';

/** What comes of no registry: the file, and what the project asks for. */
type Given = Pick<RowCase, 'lockfile' | 'pins'>;

/** A folder beside the project. */
export const OUTSIDE = '../outside';
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const GIT = 'git+ssh://git@example.com/x/b.git';
const ARCHIVE = 'https://example.com/d.tgz';
const CODELOAD = `https://codeload.github.com/x/c/tar.gz/${COMMIT}`;
const FILE = 'file:vendor/a.tgz';
const ASKED: readonly (readonly [string, string])[] = [
  ['a', FILE],
  ['b', GIT],
  ['c', 'x/c'],
  ['d', ARCHIVE],
];
const MANIFEST: readonly Pin[] = ASKED.map(([name, range]) => ({
  ...{ name, range, version: '1.0.0', integrity: null },
}));

/** `a` from a file, `b` and `c` from repositories, `d` from an address. */
export function elsewhere(format: FormatName): Given {
  return { lockfile: ELSEWHERE[format](), pins: MANIFEST };
}

/** `out`, a link to a folder outside. */
export function linked(format: FormatName): Given {
  const range = `link:${OUTSIDE}`;
  const pin = { name: 'out', range, version: '0.0.0', integrity: null };
  return { lockfile: linkedText(format), pins: [pin] };
}

const json = (value: object): string => JSON.stringify(value, null, 2);
const asked = Object.fromEntries(ASKED);

const npm1 = (): string =>
  json({
    lockfileVersion: 1,
    dependencies: {
      a: { version: FILE, integrity: OTHER_SRI },
      b: { version: `${GIT}#${COMMIT}`, from: GIT },
      c: { version: `github:x/c#${COMMIT}`, from: 'github:x/c' },
      d: { version: ARCHIVE, integrity: OTHER_SRI },
    },
  });

const npm = (lockfileVersion: number) => (): string =>
  json({
    lockfileVersion,
    packages: {
      '': { name: 'my-app', dependencies: asked },
      ...Object.fromEntries(
        [
          ['a', FILE],
          ['b', `${GIT}#${COMMIT}`],
          ['c', `git+ssh://git@github.com/x/c.git#${COMMIT}`],
          ['d', ARCHIVE],
        ].map(([name, resolved]) => [
          `node_modules/${name}`,
          { version: '1.0.0', resolved },
        ]),
      ),
    },
  });

/** Keys and resolutions as pnpm writes them; the name is in the keys of 9. */
const pnpm = (major: 5 | 6 | 9) => (): string => {
  const packages: readonly (readonly [string, string, string])[] = [
    ['a', FILE, `{integrity: ${OTHER_SRI}, tarball: ${FILE}}`],
    [
      'b',
      major === 9 ? `${GIT}#${COMMIT}` : `example.com/x/b/${COMMIT}`,
      `{commit: ${COMMIT}, repo: ${GIT}, type: git}`,
    ],
    [
      'c',
      major === 9 ? CODELOAD : `github.com/x/c/${COMMIT}`,
      `{tarball: ${CODELOAD}}`,
    ],
    [
      'd',
      major === 9 ? ARCHIVE : '@example.com/d.tgz',
      `{tarball: ${ARCHIVE}}`,
    ],
  ];
  const range = (name: string): string => asked[name] ?? '';
  const list = (write: (one: (typeof packages)[number]) => string): string =>
    packages.map(write).join('');
  const root =
    major === 5
      ? `specifiers:\n${list(([name]) => `  ${name}: ${range(name)}\n`)}\ndependencies:\n${list(([name, reference]) => `  ${name}: '${reference}'\n`)}`
      : `importers:\n\n  .:\n    dependencies:\n${list(([name, reference]) => `      ${name}:\n        specifier: ${range(name)}\n        version: '${reference}'\n`)}`;
  const key = (name: string, reference: string): string =>
    major === 9 ? `${name}@${reference}` : reference;
  const entries = list(
    ([name, reference, resolution]) =>
      `  '${key(name, reference)}':\n    resolution: ${resolution}\n    name: ${name}\n    version: 1.0.0\n`,
  );
  const snapshots =
    major === 9
      ? `\nsnapshots:\n\n${list(([name, reference]) => `  '${key(name, reference)}': {}\n`)}`
      : '';
  const version = { 5: '5.4', 6: `'6.0'`, 9: `'9.0'` }[major];
  return `lockfileVersion: ${version}\n\n${root}\npackages:\n\n${entries}${snapshots}`;
};

const yarn1 = (): string =>
  `# yarn lockfile v1\n\n\n${ASKED.map(([name, range]) => {
    const resolved =
      { b: `${GIT}#${COMMIT}`, c: CODELOAD, d: ARCHIVE }[name] ?? range;
    return `"${name}@${range}":\n  version "1.0.0"\n  resolved "${resolved}"\n`;
  }).join('\n')}`;

const berry = (): string => {
  const locators: Readonly<Record<string, string>> = {
    a: 'file:vendor/a.tgz#vendor/a.tgz::hash=abc&locator=my-app%40workspace%3A.',
    b: `${GIT}#commit=${COMMIT}`,
    c: `https://github.com/x/c.git#commit=${COMMIT}`,
    d: ARCHIVE,
  };
  const key = (name: string, range: string): string =>
    name === 'a' ? `${range}::locator=my-app%40workspace%3A.` : range;
  const entries = ASKED.map(
    ([name, range]) =>
      `"${name}@${key(name, range)}":\n  version: 1.0.0\n  resolution: "${name}@${locators[name] ?? ''}"\n  checksum: 10c0/${'ab'.repeat(64)}\n`,
  );
  return berryOf(ASKED, entries);
};

function berryOf(
  asks: readonly (readonly [string, string])[],
  entries: readonly string[],
): string {
  const list = asks.map(([name, range]) => `    ${name}: "${range}"\n`);
  const root = `"my-app@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "my-app@workspace:."\n  dependencies:\n${list.join('')}`;
  return `__metadata:\n  version: 8\n\n${[...entries, root].join('\n')}`;
}

const bun = (): string =>
  json({
    lockfileVersion: 1,
    workspaces: { '': { name: 'my-app', dependencies: asked } },
    packages: {
      a: ['a@vendor/a.tgz', {}, OTHER_SRI],
      b: [`b@${GIT}#${COMMIT}`, {}, COMMIT],
      c: [`c@github:x/c#${COMMIT}`, {}, `x-c-${COMMIT}`],
      d: [`d@${ARCHIVE}`, {}],
    },
  });

const sbom = (format: 'CycloneDX' | 'SPDX') => (): string =>
  lockfileOf(
    format,
    [FILE, `${GIT}#${COMMIT}`, `github:x/c#${COMMIT}`, ARCHIVE].map(
      (resolved, index) => ({
        ...{ name: 'abcd'.charAt(index), version: '1.0.0' },
        ...{ integrity: OTHER_SRI, resolved },
      }),
    ),
  );

const ELSEWHERE: Readonly<Record<FormatName, () => string>> = {
  'npm 1': npm1,
  'npm 2': npm(2),
  'npm 3': npm(3),
  'pnpm 5': pnpm(5),
  'pnpm 6': pnpm(6),
  'pnpm 9': pnpm(9),
  'Yarn 1': yarn1,
  'Yarn Berry': berry,
  bun,
  CycloneDX: sbom('CycloneDX'),
  SPDX: sbom('SPDX'),
};

function linkedText(format: FormatName): string {
  const range = `link:${OUTSIDE}`;
  switch (format) {
    case 'npm 1':
      return json({
        lockfileVersion: 1,
        dependencies: { out: { version: `file:${OUTSIDE}` } },
      });
    case 'npm 2':
    case 'npm 3':
      return json({
        lockfileVersion: Number(format.at(-1)),
        packages: {
          '': { dependencies: { out: `file:${OUTSIDE}` } },
          'node_modules/out': { resolved: OUTSIDE, link: true },
        },
      });
    case 'pnpm 5':
      return `lockfileVersion: 5.4\n\nspecifiers:\n  out: ${range}\n\ndependencies:\n  out: ${range}\n`;
    case 'pnpm 6':
    case 'pnpm 9':
      return `lockfileVersion: '${String(format.at(-1))}.0'\n\nimporters:\n\n  .:\n    dependencies:\n      out:\n        specifier: ${range}\n        version: ${range}\n`;
    case 'Yarn 1':
      return `# yarn lockfile v1\n\n\n"out@${range}":\n  version "0.0.0"\n  uid ""\n`;
    case 'Yarn Berry': {
      const locator = `out@${range}::locator=my-app%40workspace%3A.`;
      return berryOf(
        [['out', range]],
        [
          `"${locator}":\n  version: 0.0.0-use.local\n  resolution: "${locator}"\n`,
        ],
      );
    }
    case 'bun':
      return json({
        lockfileVersion: 1,
        workspaces: { '': { name: 'my-app', dependencies: { out: range } } },
        packages: { out: [`out@${range}`, {}] },
      });
    case 'CycloneDX':
    case 'SPDX':
      throw new Error('SBOMs have no links');
  }
}

import {
  each,
  edited,
  LOCKFILES,
  OTHER_SRI,
  pinning,
  SBOMS,
  UNUSABLE,
  type Row,
} from './row.js';
import { OUTSIDE, elsewhere, linked } from './sources.js';
import { FORMATS, lockfileOf, type FormatName, type Pin } from './writers.js';

const ONLY_NPM = 'no other package manager has two files for one thing';
const NO_FLAGS = 'its lockfiles say nothing of development';

/** Rows about names, versions, and where things come from. */
export function sourceRows(widget: Pin): readonly Row[] {
  const refused = { outcome: { refused: '' }, exit: UNUSABLE };
  const plain = { version: '1.2.3', integrity: OTHER_SRI };
  return [
    {
      title: 'L04: names that objects inherit',
      not: {},
      cases: [
        ...each(FORMATS, (format) => ({
          what: '__proto__',
          ...pinning(format, { ...plain, name: '__proto__' }),
          ...refused,
        })),
        ...each(LOCKFILES, (format) => ({
          what: '__proto__ for another name',
          ...pinning(format, { ...widget, alias: '__proto__' }),
          ...refused,
        })),
        ...FORMATS.flatMap((format) =>
          ['constructor', 'hasOwnProperty'].map((name) => ({
            ...{ format, what: name, says: `"${name}"` },
            ...pinning(format, { ...plain, name }),
            ...{ outcome: ['unavailable'], exit: 3 },
          })),
        ),
      ],
    },
    {
      title: 'L18: a file, repositories, an archive elsewhere',
      not: {},
      cases: each(FORMATS, (format) => {
        const isSbom = SBOMS.some((one) => one === format);
        return {
          what: 'each counted with its reason',
          ...elsewhere(format),
          outcome: [
            'out-of-scope file',
            'out-of-scope git',
            'out-of-scope git',
            // An SBOM does not say what was asked for: it is a foreign host.
            isSbom ? 'unavailable' : 'out-of-scope remote-tarball',
          ],
          exit: isSbom ? 1 : 0,
        };
      }),
    },
    {
      title: 'L22: a link that leads out of the project',
      not: Object.fromEntries(
        SBOMS.map((format) => [format, 'SBOMs have no links']),
      ),
      cases: each(LOCKFILES, (format) => ({
        what: OUTSIDE,
        ...linked(format),
        ...{ outcome: ['out-of-scope link'], exit: 0 },
      })),
    },
    {
      title: 'L24: versions that are none',
      not: {},
      cases: FORMATS.flatMap((format) =>
        [
          ...['latest', '1.x', '1.2.3 || evil', '../../x'],
          `1.2.3-${'x'.repeat(300)}`,
        ].map((version) => ({
          ...{ format, what: version.slice(0, 20) },
          ...pinning(format, { ...widget, version, range: '^1.0.0' }),
          ...refused,
        })),
      ),
    },
    {
      title: 'L25: names that are none, and old ones that are',
      not: {},
      cases: [
        ...FORMATS.flatMap((format) =>
          [
            ...['..', '.', 'a/b/c', '%2e%2e', '@/x', 'w\u0456dget'],
            'x'.repeat(215),
          ].map((name) => ({
            ...{ format, what: name.slice(0, 20) },
            ...pinning(format, { ...plain, name }),
            ...refused,
          })),
        ),
        ...each(FORMATS, (format) => ({
          ...{ what: 'JSONStream', says: '"JSONStream"' },
          ...pinning(format, { ...plain, name: 'JSONStream' }),
          ...{ outcome: ['unavailable'], exit: 3 },
        })),
      ],
    },
    {
      title: 'L28: npm-shrinkwrap.json beside package-lock.json',
      not: Object.fromEntries(
        FORMATS.filter((format) => !format.startsWith('npm')).map((format) => [
          format,
          ONLY_NPM,
        ]),
      ),
      cases: each(['npm 1', 'npm 2', 'npm 3'], (format) => ({
        what: 'the former wins',
        file: 'npm-shrinkwrap.json',
        beside: [
          'package-lock.json',
          lockfileOf(format, [{ ...widget, integrity: OTHER_SRI }]),
        ] as const,
        ...pinning(format, widget),
        ...{ outcome: ['verified'], exit: 0 },
        note: 'npm-shrinkwrap.json is audited and package-lock.json is not',
      })),
    },
    {
      title: 'L32: flags that hide a package of production',
      not: { 'Yarn 1': NO_FLAGS, 'Yarn Berry': NO_FLAGS },
      cases: each(
        FORMATS.filter((format) => !format.startsWith('Yarn')),
        (format) => ({
          what: 'all of them',
          ...edited(format, widget, (text) => flagged(format, text)),
          ...{ outcome: ['verified'], exit: 0, says: '"production": true' },
        }),
      ),
    },
  ];
}

/** All that a format has to say that production does without the package. */
function flagged(format: FormatName, text: string): string {
  switch (format) {
    case 'npm 1':
    case 'npm 2':
    case 'npm 3':
      return text.replace(
        '"integrity"',
        '"dev": true, "optional": true, "peer": true, "devOptional": true, "integrity"',
      );
    case 'pnpm 5':
    case 'pnpm 6':
      return text.replace(
        /( {4}resolution: .*\n)/,
        '$1    dev: true\n    optional: true\n',
      );
    case 'pnpm 9':
      return text
        .replace('dependencies:', 'devDependencies:')
        .replace(/ \{\}\n$/, '\n    optional: true\n');
    case 'bun':
      return text.replace('"dependencies"', '"devDependencies"');
    case 'CycloneDX':
      return text.replace(
        '"type": "library"',
        '"type": "library", "scope": "optional", "properties": [{"name": "cdx:npm:package:development", "value": "true"}]',
      );
    case 'SPDX':
      return text.replace(
        /\}\n$/,
        `, "relationships": [{"spdxElementId": "SPDXRef-Package-0", "relatedSpdxElement": "SPDXRef-DOCUMENT", "relationshipType": "DEV_DEPENDENCY_OF"}]}\n`,
      );
    case 'Yarn 1':
    case 'Yarn Berry':
      return text;
  }
}

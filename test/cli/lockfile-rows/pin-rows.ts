import {
  each,
  edited,
  LOCKFILES,
  OTHER_SRI,
  pinning,
  PUBLIC,
  SBOMS,
  UNUSABLE,
  WIDGET,
  type Row,
  type RowCase,
} from './row.js';
import { FORMATS, type FormatName, type Pin } from './writers.js';

const SHA1 = `sha1-${Buffer.alloc(20, 1).toString('base64')}`;
const OWN_ARCHIVE = 'its checksums are of archives that Yarn makes itself';
const NO_ALIASES = 'SBOMs have the packages’ own names alone';
const WITH_INTEGRITY = FORMATS.filter((format) => format !== 'Yarn Berry');
const SRIS = LOCKFILES.filter((format) => format !== 'Yarn Berry');
const weak = { outcome: ['unverifiable weak-integrity'], exit: 3 };
const tampered = (code: string) => ({ outcome: [`rejected ${code}`], exit: 4 });

/** Rows about what the file pins of a package, and under which name. */
export function pinRows(widget: Pin): readonly Row[] {
  const { integrity } = widget;
  const sri = integrity ?? '';
  const at = (path: string, more: Partial<Pin> = {}): Pin => ({
    ...{ ...widget, ...more, resolved: `${PUBLIC}${path}` },
  });
  const aliased = { ...widget, alias: 'react' };
  return [
    {
      title: 'L08: a SHA-1 alone',
      not: { 'Yarn Berry': OWN_ARCHIVE },
      cases: each(WITH_INTEGRITY, (format) => ({
        what: 'of the archive or not',
        ...pinning(format, { ...widget, integrity: SHA1 }),
        ...weak,
      })),
    },
    {
      title: 'L09: no integrity at all',
      not: {},
      cases: each(FORMATS, (format) => ({
        what: 'of a package of the registry',
        ...pinning(format, { ...widget, integrity: null }),
        ...weak,
      })),
    },
    {
      title: 'L10: a SHA-1 beside the right SHA-512',
      not: { 'Yarn Berry': OWN_ARCHIVE },
      cases: each(WITH_INTEGRITY, (format) => ({
        what: 'before it',
        ...pinning(format, { ...widget, integrity: `${SHA1} ${sri}` }),
        ...{ outcome: ['verified'], exit: 0 },
      })),
    },
    {
      title: 'L12: text that only looks like a SHA-512',
      not: { 'Yarn Berry': OWN_ARCHIVE },
      cases: [
        ...SRIS.flatMap((format) =>
          malformed(sri).map(([what, text]): RowCase => ({
            ...{ format, what },
            ...pinning(format, { ...widget, integrity: text }),
            ...{ outcome: ['unverifiable integrity-malformed'], exit: 3 },
          })),
        ),
        ...SBOMS.flatMap((format) =>
          (['slice', 'junk'] as const).map((how): RowCase => ({
            format,
            what: how === 'slice' ? '63 bytes' : 'junk behind it',
            ...edited(format, widget, (text) =>
              text.replace(/"[0-9a-f]{128}"/, (digits) =>
                how === 'slice'
                  ? `${digits.slice(0, -3)}"`
                  : `${digits.slice(0, -1)}==x"`,
              ),
            ),
            outcome: { refused: 'expected 64 bytes' },
            exit: UNUSABLE,
          })),
        ),
      ],
    },
    {
      title: 'L13: another spelling of the algorithm',
      not: { 'Yarn Berry': OWN_ARCHIVE },
      cases: [
        ...SRIS.flatMap((format) =>
          [sri.replace('sha', 'SHA'), sri.replace('-', ' -')].map(
            (text): RowCase => ({
              ...{ format, what: text.slice(0, 8) },
              ...pinning(format, { ...widget, integrity: text }),
              // Bun takes what has no algorithm for no integrity.
              outcome: [
                format === 'bun' && text.includes(' ')
                  ? 'unverifiable weak-integrity'
                  : 'unverifiable integrity-malformed',
              ],
              exit: 3,
            }),
          ),
        ),
        ...each(SBOMS, (format) => ({
          what: 'sha 512',
          ...edited(format, widget, (text) =>
            text.replace(/"SHA-?512"/, '"sha 512"'),
          ),
          outcome: { refused: 'expected a known algorithm' },
          exit: UNUSABLE,
        })),
      ],
    },
    {
      title: 'L14: one version with two SHA-512',
      not: { 'Yarn Berry': OWN_ARCHIVE },
      cases: each(WITH_INTEGRITY, (format) => ({
        what: 'in two entries',
        ...pinning(format, widget, {
          ...{ ...widget, integrity: OTHER_SRI },
          ...(!SBOMS.some((one) => one === format) && { alias: 'again' }),
        }),
        outcome: ['rejected integrity-conflict', 'rejected integrity-conflict'],
        exit: 4,
      })),
    },
    {
      title: 'L16: the address of another package or version',
      not: {},
      cases: FORMATS.flatMap((format) =>
        [
          ['of another package', 'evil/-/evil-1.2.3.tgz'],
          ['of another version', '@acme/widget/-/widget-1.2.2.tgz'],
        ].map(([what = '', path = '']): RowCase => ({
          ...{ format, what, ...pinning(format, at(path)) },
          ...tampered('resolved-mismatch'),
        })),
      ),
    },
    {
      title: 'L17: an address without encryption',
      not: {},
      cases: each(FORMATS, (format) => ({
        what: 'of the public registry',
        ...pinning(format, {
          ...widget,
          resolved: `${PUBLIC.replace('https', 'http')}@acme/widget/-/widget-1.2.3.tgz`,
        }),
        ...{ outcome: ['verified'], exit: 1, says: 'insecure-source' },
      })),
    },
    {
      title: 'L20: another name for it',
      not: Object.fromEntries(SBOMS.map((format) => [format, NO_ALIASES])),
      cases: each(LOCKFILES, (format) => ({
        what: 'that of a well-known package',
        ...pinning(format, aliased),
        ...{ outcome: ['verified'], exit: 0, says: '"react"' },
      })),
    },
    {
      title: 'L21: another name, and the address of the one that has it',
      not: Object.fromEntries(SBOMS.map((format) => [format, NO_ALIASES])),
      cases: each(LOCKFILES, (format: FormatName) => ({
        what: 'of the same version',
        ...pinning(format, at('react/-/react-1.2.3.tgz', aliased)),
        ...{ ...tampered('resolved-mismatch'), says: WIDGET.name },
      })),
    },
  ];
}

function malformed(sri: string): readonly (readonly [string, string])[] {
  const short = Buffer.from(sri.slice('sha512-'.length), 'base64');
  return [
    ['63 bytes', `sha512-${short.subarray(1).toString('base64')}`],
    ['junk behind it', `${sri}x`],
    [
      'the alphabet of addresses',
      `sha512-${Buffer.alloc(64, 0xfb).toString('base64url')}==`,
    ],
    ['options', `${sri}?x`],
  ];
}

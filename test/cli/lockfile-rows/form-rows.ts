import {
  each,
  edited,
  JSONS,
  LOCKFILES,
  type pinning,
  SBOMS,
  UNUSABLE,
  type Row,
} from './row.js';
import { FORMATS, lockfileOf, type FormatName, type Pin } from './writers.js';

const NO_MERGE = 'an SBOM is written anew and not merged: it is no JSON then';
const NOT_YAML = 'not YAML';

/** Rows about the file as a whole: its encoding, form, size and version. */
export function formRows(widget: Pin): readonly Row[] {
  const honest = (format: FormatName): string => lockfileOf(format, [widget]);
  const refused = (part: string) => ({
    ...{ pins: [widget], outcome: { refused: part }, exit: UNUSABLE },
  });
  return [
    {
      title: 'L01: not JSON, empty, a directory in its place',
      not: {},
      cases: [
        ...each(FORMATS, () => ({
          ...{ what: 'empty', lockfile: '' },
          ...refused('empty'),
        })),
        ...each(FORMATS, (format) => ({
          ...{ what: 'a directory', lockfile: null },
          // A folder that is named is one to look for a lockfile in.
          ...refused(
            SBOMS.some((one) => one === format)
              ? 'no lockfile here'
              : 'not a regular file',
          ),
        })),
        ...each(FORMATS, () => ({
          ...{ what: 'another text', lockfile: '%%% [ no lockfile {\n' },
          ...refused(''),
        })),
      ],
    },
    {
      title: 'L02: byte order mark, CRLF, UTF-16, NUL',
      not: {},
      cases: [
        ...each(FORMATS, (format) => ({
          what: 'byte order mark and CRLF',
          lockfile: `\uFEFF${honest(format).replaceAll('\n', '\r\n')}`,
          ...{ pins: [widget], outcome: ['verified'], exit: 0 },
        })),
        ...each(FORMATS, (format) => ({
          ...{ what: 'UTF-16', ...refused('') },
          lockfile: Buffer.from(`\uFEFF${honest(format)}`, 'utf16le'),
        })),
        ...each(FORMATS, (format) => ({
          what: 'NUL bytes',
          lockfile: honest(format).replace('widget', 'wid\0get'),
          ...refused(''),
        })),
      ],
    },
    {
      title: 'L06: nesting 100,000 deep',
      not: {},
      cases: each(FORMATS, (format) => ({
        ...{ what: 'in the place of a map', lockfile: nested(format) },
        ...refused(''),
      })),
    },
    {
      title: 'L26: a version of the format that there is not',
      not: {},
      cases: [
        ...each(FORMATS, (format) => ({
          what: '99',
          ...edited(format, widget, (text) => versioned(text, '99')),
          // Yarn 1 knows its lockfiles by that line.
          ...refused(format === 'Yarn 1' ? '' : '99'),
        })),
        ...each(
          JSONS.filter((format) => format !== 'SPDX' && format !== 'CycloneDX'),
          (format) => ({
            what: 'a text',
            ...edited(format, widget, (text) =>
              text.replace(/(lockfileVersion": )(\d)/, '$1"$2"'),
            ),
            ...refused('expected lockfileVersion'),
          }),
        ),
        ...each(
          FORMATS.filter((format) => format !== 'Yarn 1'),
          (format) => ({
            what: 'none',
            ...edited(format, widget, (text) => versioned(text, null)),
            ...refused(''),
          }),
        ),
      ],
    },
    {
      title: 'L29: YAML that grows, tags, merge keys',
      not: {
        ...Object.fromEntries(JSONS.map((format) => [format, NOT_YAML])),
        'Yarn 1': 'Yarn 1 has a form of its own without any of these',
      },
      cases: each(['pnpm 5', 'pnpm 6', 'pnpm 9', 'Yarn Berry'], () => ({
        what: '',
        lockfile: '',
        ...refused(''),
      })).flatMap(({ format, ...rest }) =>
        YAML_TRICKS.map(([what, yaml]) => ({
          ...{ ...rest, format, what },
          lockfile: `${honest(format)}\n${yaml}`,
        })),
      ),
    },
    {
      title: 'L30: markers of a merge conflict',
      not: Object.fromEntries(SBOMS.map((format) => [format, NO_MERGE])),
      cases: each(LOCKFILES, (format) => ({
        what: 'between two entries',
        ...conflicting(format, widget),
        ...refused('merge conflict marker'),
      })),
    },
  ];
}

function nested(format: FormatName): string {
  const deep = (open: string, close: string): string =>
    `${open.repeat(100_000)}${close.repeat(100_000)}`;
  switch (format) {
    case 'npm 1':
      return `{"lockfileVersion": 1, "dependencies": {"a": ${deep('{"version": "1.0.0", "dependencies": {"a": ', '}}').replace('{}}', '{"version": "1.0.0"}}}')}}`;
    case 'npm 2':
    case 'npm 3':
      return `{"lockfileVersion": 3, "packages": ${deep('{"a": ', '}')}}`;
    case 'bun':
      return `{"lockfileVersion": 1, "workspaces": {}, "packages": ${deep('[', ']')}}`;
    case 'CycloneDX':
      return `{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": ${deep('[{"components": ', '}]')}}`;
    case 'SPDX':
      return `{"spdxVersion": "SPDX-2.3", "packages": ${deep('[', ']')}}`;
    case 'pnpm 5':
    case 'pnpm 6':
    case 'pnpm 9':
      return `lockfileVersion: '9.0'\n\npackages: ${deep('{a: ', '}')}\n`;
    case 'Yarn Berry':
      return `__metadata:\n  version: 8\n\n"a@npm:1.0.0": ${deep('{a: ', '}')}\n`;
    case 'Yarn 1':
      // Each level is two blanks further in: this is as deep as 128 MiB are.
      return `# yarn lockfile v1\n\n\n"a@1.0.0":\n${Array.from({ length: 2_000 }, (_, level) => `${'  '.repeat(level + 1)}a:\n`).join('')}`;
  }
}

/** The version of the format changed; taken out for null. */
function versioned(text: string, to: string | null): string {
  const patterns: readonly [RegExp, string][] = [
    [/("lockfileVersion": )\d,/, `$1${to ?? ''},`],
    [/(lockfileVersion: )['\d.]+/, `$1'${to ?? ''}.0'`],
    [/("specVersion": )"1.5"/, `$1"${to ?? ''}"`],
    [/("spdxVersion": )"SPDX-2.3"/, `$1"SPDX-${to ?? ''}"`],
    [/(__metadata:\n {2}version: )8/, `$1${to ?? ''}`],
    [/(yarn lockfile v)1/, `$1${to ?? ''}`],
  ];
  const [pattern, replacement] = patterns.find(([one]) => one.test(text)) ?? [];
  if (pattern === undefined || replacement === undefined) return text;
  const line = new RegExp(`\\n?[^\\n]*${pattern.source}[^\\n]*`);
  return to === null
    ? text.replace(line, '')
    : text.replace(pattern, replacement);
}

const YAML_TRICKS: readonly (readonly [string, string])[] = [
  [
    'anchors that make 10^9 nodes',
    `a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${Array.from(
      { length: 8 },
      (_, n) =>
        `a${n + 1}: &a${n + 1} [${Array.from({ length: 10 }, () => `*a${n}`).join(', ')}]\n`,
    ).join('')}`,
  ],
  ['a tag of its own', 'tagged: !!js/function "x"\n'],
  ['a merge key', 'base: &base {a: b}\nmerged:\n  <<: *base\n'],
];

function conflicting(
  format: FormatName,
  widget: Pin,
): ReturnType<typeof pinning> {
  return edited(format, widget, (text) => {
    const lines = text.split('\n');
    const middle = Math.floor(lines.length / 2);
    lines.splice(middle, 0, '<<<<<<< HEAD', '=======', '>>>>>>> branch');
    return lines.join('\n');
  });
}

import {
  PROGRAM,
  type CommandWords,
  type OptionWords,
  type ProgramWords,
} from './program-words.js';

/** Exit codes and what each of them says. */
const EXITS: readonly (readonly [code: string, text: string])[] = [
  ['0', 'The policy is met.'],
  ['1', 'The policy is violated.'],
  ['2', 'Usage, configuration, lockfile or policy is unusable.'],
  ['3', 'Incomplete: evidence or trust root could not be obtained.'],
  ['4', 'Evidence was rejected, which may be tampering.'],
  ['70', 'An internal error, or output that could not be written.'],
  ['130, 143', 'Stopped by a signal.'],
];

const VARIABLES: readonly (readonly [name: string, text: string])[] = [
  ['NO_COLOR, FORCE_COLOR', 'Colours off and on, unless an option says else.'],
  ['npm_config_*', 'Settings of npm: registries, scopes, tokens, proxies.'],
  ['GITHUB_ACTIONS', 'Within it annotations, summary and outputs are written.'],
  ['PROVENANCE_AUDIT_DEBUG', 'With an internal error, where it happened.'],
];

/** The manual page in the man macros, which groff and mandoc both read. */
export function manPage(
  { unnamed, named }: ProgramWords,
  version: string,
): string {
  const all = new Map(
    [unnamed, ...named].flatMap(({ options }) =>
      options.map((option) => [option.name, option]),
    ),
  );
  return [
    `.TH PROVENANCE\\-AUDIT 1 "" "${PROGRAM} ${roff(version)}" "User Commands"`,
    '.SH NAME',
    `${roff(PROGRAM)} \\- proven origin of every package that a lockfile pins`,
    '.SH SYNOPSIS',
    synopsis(unnamed, ''),
    ...named.flatMap((one) => ['.br', synopsis(one, ` ${one.name}`)]),
    '.SH DESCRIPTION',
    paragraph(unnamed.text),
    '.PP',
    'Provenance tells where a package was built, not that it is harmless.',
    '.SH COMMANDS',
    ...named.flatMap(commandLines),
    '.SH OPTIONS',
    ...[...all.values()].flatMap(optionLines),
    '.SH EXIT STATUS',
    ...EXITS.flatMap(([code, text]) => ['.TP', `.B ${code}`, text]),
    '.PP',
    'Where several apply: 70, 4, 2, 1, 3, 0, in this order.',
    '.SH ENVIRONMENT',
    ...VARIABLES.flatMap(([name, text]) => ['.TP', `.B ${roff(name)}`, text]),
    '.SH EXAMPLES',
    ...[unnamed, ...named].flatMap(({ examples }) =>
      examples.flatMap(([command, text]) => [
        '.TP',
        `.B ${roff(command)}`,
        paragraph(text),
      ]),
    ),
    '.SH SEE ALSO',
    '.BR npm\\-audit (1)',
    '',
  ].join('\n');
}

function synopsis({ operands }: CommandWords, name: string): string {
  return `.B ${roff(PROGRAM + name)}\n${roff(operands)} [options]`;
}

function commandLines({ name, operands, text }: CommandWords): string[] {
  return ['.TP', `.BR ${roff(name)} " ${roff(operands)}"`, paragraph(text)];
}

function optionLines({
  name,
  text,
  value,
  isRepeatable,
}: OptionWords): string[] {
  const operand =
    value.kind === 'none'
      ? ''
      : ` " \\fI${roff(value.kind === 'words' ? 'value' : value.kind === 'any' ? 'value' : value.kind)}\\fR"`;
  const repeat = isRepeatable ? ' May be repeated.' : '';
  return [
    '.TP',
    `.BR \\-\\-${roff(name)}${operand}`,
    `${paragraph(text)}.${repeat}`,
  ];
}

/** Text in which nothing is a request: no line begins with a dot or quote. */
function paragraph(text: string): string {
  return roff(text).replace(/^[.']/, String.raw`\&$&`);
}

/** What troff would read as an escape, a hyphen or a quote becomes itself. */
function roff(text: string): string {
  return text
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replaceAll('’', String.raw`\(cq`)
    .replaceAll('"', String.raw`\(dq`);
}

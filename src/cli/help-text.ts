import type { Command } from './commands/command.js';
import { OPTION_NAMES, OPTIONS, type OptionName } from './option-table.js';

const PROGRAM = 'provenance-audit';
const EXIT_CODES =
  'Exit codes: 0 policy met, 1 policy violated, 2 unusable input, ' +
  '3 incomplete, 4 evidence rejected, 70 internal error, ' +
  '130 and 143 stopped by a signal.';
const LIMIT =
  'Provenance tells where a package was built, not that it is harmless.';
const INDENT = '  ';
const GAP = '  ';

type Row = readonly [term: string, text: string];

/** What `--help` shows of the program: `unnamed`, and which commands there are. */
export function programHelp(
  { named, unnamed }: Commands,
  width: number,
): string {
  const commands = named.map(({ name, summary }): Row => [name, summary]);
  return page(width, {
    usage: unnamed.operands,
    text: unnamed.text,
    tables: [
      ['Commands', commands],
      ['Options', [...optionRows(unnamed), ...COMMON]],
    ],
    examples: unnamed.examples,
    end: `COMMAND --help describes a command. ${EXIT_CODES}`,
  });
}

/** What `COMMAND --help` shows. */
export function commandHelp(command: Command, width: number): string {
  const { name, operands, text } = command;
  return page(width, {
    usage: `${name} ${operands}`,
    text,
    tables: [['Options', [...optionRows(command), ...COMMON]]],
    examples: command.examples,
    end: EXIT_CODES,
  });
}

/** The commands that there are; `unnamed` is meant where none is named. */
export interface Commands {
  readonly named: readonly Command[];
  readonly unnamed: Command;
}

const COMMON: readonly Row[] = [
  ['--version', 'Show the version'],
  ['--help', 'Show this help'],
];

interface Page {
  readonly usage: string;
  readonly text: string;
  readonly tables: readonly (readonly [string, readonly Row[]])[];
  readonly examples: Command['examples'];
  readonly end: string;
}

function page(
  width: number,
  { usage, text, tables, examples, end }: Page,
): string {
  const parts = [
    `${PROGRAM} ${usage}`.trimEnd(),
    wrap(text, width).join('\n'),
    ...tables.map(([title, rows]) => `${title}:\n${table(rows, width)}`),
    `Examples:\n${examples.map((each) => example(each, width)).join('\n')}`,
    [...wrap(end, width), ...wrap(LIMIT, width)].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

function optionRows({
  options,
}: {
  readonly options: readonly OptionName[];
}): readonly Row[] {
  return OPTION_NAMES.filter((name) => options.includes(name)).map((name) => {
    const { type, describe } = OPTIONS[name];
    return [`--${name}${type === 'string' ? ' VALUE' : ''}`, describe];
  });
}

function table(rows: readonly Row[], width: number): string {
  const column = Math.max(...rows.map(([term]) => term.length));
  const start = INDENT.length + column + GAP.length;
  return rows
    .flatMap(([term, text]) =>
      wrap(text, width - start).map((line, index) => {
        const left = (index === 0 ? term : '').padEnd(column);
        return `${INDENT}${left}${GAP}${line}`;
      }),
    )
    .join('\n');
}

/** Above what it says, since many are long. */
function example([command, about]: Row, width: number): string {
  const start = INDENT.repeat(2);
  const lines = wrap(about, width - start.length);
  return [`${INDENT}${command}`, ...lines.map((each) => start + each)].join(
    '\n',
  );
}

/** Lines of whole words; a word that is too long has a line of its own. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const longer = `${last ?? ''} ${word}`;
    if (last === undefined || longer.length > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

import type { CommandLine } from './command-line.js';
import type { Commands } from './help-text.js';
import {
  FLAG_NAMES,
  OPTION_NAMES,
  REPEATABLE_NAMES,
  type OptionName,
} from './option-table.js';

/**
 * Words that mean themselves to every parser: they begin with a letter, a dot,
 * a slash, `@` or a digit, and have no quotes, blanks or control characters.
 */
const PLAIN_WORD = /^[\p{L}\d./@][^\s"'`\p{C}]*$/u;
/** A flag before one of these would be given it as its value. */
const TRUTH: ReadonlySet<string> = new Set(['true', 'false']);

/**
 * Takes a command line (without the program's name) apart that has nothing in
 * it but plain words, flags and `--option value` of one command, none twice that
 * may not be repeated. Null for every other: what is odd, wrong or a request for
 * help is for `readCommandLine`, which gives the same for these but takes as long
 * to load as to read a lockfile.
 */
export function readPlainCommandLine(
  argv: readonly string[],
  commands: Commands,
): Extract<CommandLine, { status: 'given' }> | null {
  const operands: string[] = [];
  const values = new Map<OptionName, true | string | readonly string[]>();
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    const next = argv[at + 1] ?? '';
    const name = OPTION_NAMES.find((each) => word === `--${each}`);
    if (name === undefined) {
      if (!PLAIN_WORD.test(word)) return null;
      operands.push(word);
    } else if (FLAG_NAMES.includes(name)) {
      if (values.has(name) || TRUTH.has(next)) return null;
      values.set(name, true);
    } else {
      const isRepeatable = REPEATABLE_NAMES.includes(name);
      const earlier = values.get(name);
      if (!PLAIN_WORD.test(next) || (earlier !== undefined && !isRepeatable)) {
        return null;
      }
      const list = [...(typeof earlier === 'object' ? earlier : []), next];
      values.set(name, isRepeatable ? list : next);
      at += 1;
    }
  }
  const named = commands.named.find(({ name }) => name === operands[0]);
  const command = named ?? commands.unnamed;
  if ([...values.keys()].some((name) => !command.options.includes(name))) {
    return null;
  }
  return {
    status: 'given',
    command,
    given: {
      operands: named === undefined ? operands : operands.slice(1),
      options: new Map(OPTION_NAMES.map((name) => [name, values.get(name)])),
    },
  };
}

import { FORMATS } from '../../report/formats/index.js';
import type { Command } from '../commands/command.js';
import {
  FLAG_NAMES,
  OPTION_NAMES,
  OPTIONS,
  REPEATABLE_NAMES,
  type OptionName,
} from '../option-table.js';

/** What may stand behind an option, as far as a shell can help with it. */
export type ValueWords =
  | { readonly kind: 'none' | 'file' | 'folder' | 'any' }
  | { readonly kind: 'words'; readonly words: readonly string[] };

/** An option, as shells and the manual tell of it. */
export interface OptionWords {
  /** Without the dashes. */
  readonly name: string;
  readonly text: string;
  readonly value: ValueWords;
  readonly isRepeatable: boolean;
}

/** A command, as shells and the manual tell of it. */
export interface CommandWords extends Pick<
  Command,
  'name' | 'operands' | 'summary' | 'text' | 'examples'
> {
  readonly options: readonly OptionWords[];
  /** Words that may stand behind it; empty where files may. */
  readonly words: readonly string[];
}

/** The whole command line: what completion scripts and the manual are made of. */
export interface ProgramWords {
  /** What is meant where no command is named. */
  readonly unnamed: CommandWords;
  readonly named: readonly CommandWords[];
}

/** As it is typed. */
export const PROGRAM = 'provenance-audit';

/** Shells that there is a completion script for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

const FILES: readonly OptionName[] = [
  ...(['lockfile', 'policy', 'output', 'evidence'] as const),
  ...(['trusted-root', 'npm-keys', 'tuf-root'] as const),
];

const VALUES: ReadonlyMap<OptionName, readonly string[]> = new Map([
  ['format', FORMATS.map(({ name }) => name)],
  ['report', FORMATS.map(({ name }) => `${name}=`)],
  ['omit', ['dev', 'optional', 'peer']],
]);

const OPERANDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['cache', ['info', 'clear']],
  ['completion', [...SHELLS, 'man']],
  ['evidence', ['save']],
  ['policy', ['check']],
  ['trust-root', ['show', 'refresh']],
]);

/** Puts the commands and the option table into words. */
export function toProgramWords(commands: {
  readonly unnamed: Command;
  readonly named: readonly Command[];
}): ProgramWords {
  return {
    unnamed: toCommandWords(commands.unnamed),
    named: commands.named.map(toCommandWords),
  };
}

function toCommandWords(command: Command): CommandWords {
  const { name, operands, summary, text, examples } = command;
  const options = OPTION_NAMES.filter((one) => command.options.includes(one));
  return {
    ...{ name, operands, summary, text, examples },
    options: [...options.map(toOptionWords), HELP],
    words: OPERANDS.get(name) ?? [],
  };
}

const HELP: OptionWords = {
  name: 'help',
  text: 'What there is to know about a command',
  value: { kind: 'none' },
  isRepeatable: false,
};

function toOptionWords(name: OptionName): OptionWords {
  return {
    name,
    text: OPTIONS[name].describe,
    value: valueOf(name),
    isRepeatable: REPEATABLE_NAMES.includes(name),
  };
}

function valueOf(name: OptionName): ValueWords {
  if (FLAG_NAMES.includes(name)) return { kind: 'none' };
  if (FILES.includes(name)) return { kind: 'file' };
  if (name === 'cache') return { kind: 'folder' };
  const words = VALUES.get(name);
  return words === undefined ? { kind: 'any' } : { kind: 'words', words };
}

import {
  PROGRAM,
  type CommandWords,
  type OptionWords,
  type ProgramWords,
} from './program-words.js';

/** Completion for fish, with what each command and option is for. */
export function fishCompletion({ unnamed, named }: ProgramWords): string {
  const names = named.map(({ name }) => name).join(' ');
  const isUnnamed = `not __fish_seen_subcommand_from ${names}`;
  return `# Completion of ${PROGRAM} for fish:
#   ${PROGRAM} completion fish > ~/.config/fish/completions/${PROGRAM}.fish
${named.map(({ name, summary }) => `complete -c ${PROGRAM} -n ${quote(isUnnamed)} -a ${name} -d ${quote(summary)}`).join('\n')}
${linesOf(unnamed, isUnnamed)}
${named.map((one) => linesOf(one, `__fish_seen_subcommand_from ${one.name}`)).join('\n')}
`;
}

function linesOf({ options, words }: CommandWords, condition: string): string {
  const start = `complete -c ${PROGRAM} -n ${quote(condition)}`;
  return [
    ...(words.length === 0 ? [] : [`${start} -f -a ${quote(words.join(' '))}`]),
    ...options.map((option) => `${start} ${optionOf(option)}`),
  ].join('\n');
}

function optionOf({ name, text, value }: OptionWords): string {
  const about = `-l ${name} -d ${quote(text)}`;
  switch (value.kind) {
    case 'none':
      return about;
    case 'file':
      return `${about} -r -F`;
    case 'folder':
      return `${about} -x -a ${quote('(__fish_complete_directories)')}`;
    case 'any':
      return `${about} -x`;
    case 'words':
      return `${about} -x -a ${quote(value.words.join(' '))}`;
  }
}

/** Within single quotes fish knows these two escapes. */
function quote(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}

import {
  PROGRAM,
  type CommandWords,
  type OptionWords,
  type ProgramWords,
} from './program-words.js';

/**
 * Completion for bash 3.2 and later. Everything in it is known beforehand:
 * nothing is run while somebody types, and no word of theirs is evaluated.
 */
export function bashCompletion({ unnamed, named }: ProgramWords): string {
  const commands = [unnamed, ...named];
  return `# Completion of ${PROGRAM} for bash:
#   source <(${PROGRAM} completion bash)
_provenance_audit() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  local command='' position each options='' words=''
  COMPREPLY=()
  for ((position = 1; position < COMP_CWORD; position++)); do
    each=\${COMP_WORDS[position]}
    case $each in
      ${named.map(({ name }) => name).join('|')}) command=$each; break ;;
    esac
  done
  # Bash takes what is behind = for a word of its own.
  if [[ $word == = ]]; then word=''; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  case $before in
${valueCases(commands)}
  esac
  case $command in
${named.map((one) => `    ${one.name}) options='${optionNames(one)}' words='${one.words.join(' ')}' ;;`).join('\n')}
    *) options='${optionNames(unnamed)}' words='${named.map(({ name }) => name).join(' ')}' ;;
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  fi
}
complete -o default -o bashdefault -F _provenance_audit ${PROGRAM}
`;
}

function optionNames({ options }: CommandWords): string {
  return options.map(({ name }) => `--${name}`).join(' ');
}

/** Where bash itself completes files, an empty answer lets it. */
function valueCases(commands: readonly CommandWords[]): string {
  const options = new Map(
    commands.flatMap((one) => one.options.map((each) => [each.name, each])),
  );
  return [...options.values()]
    .flatMap((option) => {
      const action = valueAction(option);
      return action === null ? [] : [`    --${option.name}) ${action} ;;`];
    })
    .join('\n');
}

function valueAction({ value }: OptionWords): string | null {
  switch (value.kind) {
    case 'none':
      return null;
    case 'file':
      return 'return';
    case 'folder':
      return 'COMPREPLY=($(compgen -d -- "$word")); return';
    case 'any':
      return 'return';
    case 'words': {
      const isOpen = value.words.every((word) => word.endsWith('='));
      const open = isOpen ? 'compopt -o nospace 2>/dev/null; ' : '';
      return `${open}COMPREPLY=($(compgen -W '${value.words.join(' ')}' -- "$word")); return`;
    }
  }
}

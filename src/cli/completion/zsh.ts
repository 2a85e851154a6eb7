import {
  PROGRAM,
  type CommandWords,
  type OptionWords,
  type ProgramWords,
} from './program-words.js';

/** Completion for zsh, with what each command and option is for. */
export function zshCompletion({ unnamed, named }: ProgramWords): string {
  return `#compdef ${PROGRAM}
# Completion of ${PROGRAM} for zsh: as _${PROGRAM} in a folder of $fpath, or
#   source <(${PROGRAM} completion zsh)
_provenance_audit() {
  local -a commands
  commands=(
${named.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`).join('\n')}
  )
  local command=''
  integer position
  for ((position = 2; position < CURRENT; position++)); do
    if (( \${commands[(I)\${words[position]}:*]} )); then
      command=\${words[position]}
      break
    fi
  done
  case $command in
${named.map((one) => `    ${one.name}) _arguments ${argumentsOf(one)} ;;`).join('\n')}
    *)
      _arguments ${argumentsOf(unnamed)}
      [[ \${words[CURRENT]} == -* ]] || _describe -t commands command commands
      ;;
  esac
}
if [[ \${funcstack[1]} == _${PROGRAM} ]]; then
  _provenance_audit "$@"
else
  compdef _provenance_audit ${PROGRAM}
fi
`;
}

function argumentsOf({ options, words, name }: CommandWords): string {
  const operands =
    words.length === 0
      ? '*:file:_files'
      : `*:${name}:(${words.join(' ')} ${name})`;
  return [...options.map(specOf), quote(operands)].join(' ');
}

function specOf({ name, text, value, isRepeatable }: OptionWords): string {
  const repeat = isRepeatable ? '*' : '';
  const about = `[${text.replaceAll(/[[\]:\\]/g, String.raw`\$&`)}]`;
  switch (value.kind) {
    case 'none':
      return quote(`${repeat}--${name}${about}`);
    case 'file':
      return quote(`${repeat}--${name}=${about}:file:_files`);
    case 'folder':
      return quote(`${repeat}--${name}=${about}:folder:_files -/`);
    case 'any':
      return quote(`${repeat}--${name}=${about}:value:`);
    case 'words':
      return quote(
        `${repeat}--${name}=${about}:${name}:(${value.words.join(' ')})`,
      );
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

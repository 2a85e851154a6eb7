import { SHELLS } from '../completion/program-words.js';
import { usage } from '../usage.js';
import { defineCommand } from './command.js';

/** What there is a script or a text for. */
const KINDS = [...SHELLS, 'man'] as const;
type Kind = (typeof KINDS)[number];

/** `completion <shell>` */
export const completionCommand = defineCommand<{ readonly kind: Kind }>({
  name: 'completion',
  operands: '<bash|zsh|fish|man>',
  summary: 'A completion script for a shell, or the manual page',
  text:
    'Prints the completion script for bash, zsh or fish, or with man the manual ' +
    'page for man(1), all made from the commands and options that there are. ' +
    'Nothing of it asks or runs anything while somebody types.',
  examples: [
    [
      'source <(provenance-audit completion bash)',
      'Completion in this bash; in ~/.bashrc in every one.',
    ],
    ['provenance-audit completion man | man -l -', 'Reads the manual page.'],
  ],
  options: [],
  read({ operands }) {
    const [name, ...others] = operands;
    const kind = KINDS.find((each) => each === name);
    if (kind !== undefined && others.length === 0) return { kind };
    const found = operands.length === 0 ? '' : `, found ${operands.join(' ')}`;
    throw usage(`completion: expected bash, zsh, fish or man${found}`);
  },
  async run({ kind }, environment, self) {
    const { runCompletion } = await import('../run-completion.js');
    await runCompletion(kind, environment, self);
    return 0;
  },
});

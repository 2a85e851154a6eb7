import { DEFAULT_COMMAND, NAMED_COMMANDS } from './commands/index.js';
import { bashCompletion } from './completion/bash.js';
import { fishCompletion } from './completion/fish.js';
import { manPage } from './completion/man-page.js';
import { toProgramWords } from './completion/program-words.js';
import { zshCompletion } from './completion/zsh.js';
import type { Environment } from './environment.js';
import type { Self } from './self.js';
import { write } from './write.js';

/** Prints the script for a shell, or the manual page. */
export async function runCompletion(
  kind: 'bash' | 'zsh' | 'fish' | 'man',
  { stdout }: Pick<Environment, 'stdout'>,
  { version }: Pick<Self, 'version'>,
): Promise<void> {
  const words = toProgramWords({
    unnamed: DEFAULT_COMMAND,
    named: NAMED_COMMANDS,
  });
  switch (kind) {
    case 'bash':
      return write(stdout, bashCompletion(words));
    case 'zsh':
      return write(stdout, zshCompletion(words));
    case 'fish':
      return write(stdout, fishCompletion(words));
    case 'man':
      return write(stdout, manPage(words, version));
  }
}

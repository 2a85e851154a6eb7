import { auditCommand } from './audit.js';
import { cacheCommand } from './cache.js';
import type { Command } from './command.js';
import { completionCommand } from './completion.js';
import { diffCommand } from './diff.js';
import { historyCommand } from './history.js';
import { improveCommand } from './improve.js';
import { initCommand } from './init.js';
import { evidenceCommand } from './evidence.js';
import { pinCommand } from './pin.js';
import { policyCommand } from './policy.js';
import { rulesCommand } from './rules.js';
import { showCommand } from './show.js';
import { trustRootCommand } from './trust-root.js';

/** The one that is meant where no command is named. */
export const DEFAULT_COMMAND = auditCommand;

/** The commands that have a name, in the order of the help text. */
export const NAMED_COMMANDS: readonly Command[] = [
  showCommand,
  diffCommand,
  historyCommand,
  improveCommand,
  initCommand,
  pinCommand,
  policyCommand,
  trustRootCommand,
  rulesCommand,
  evidenceCommand,
  cacheCommand,
  completionCommand,
];

import { BASIC_FORMAT_NAMES } from '../../report/formats/format-names.js';
import { exitCodeOf } from '../exit-code.js';
import { AUDIT_OPTIONS, readAuditOptions } from '../option-groups.js';
import type { AuditCommandOptions } from '../options.js';
import { defineCommand } from './command.js';

/** `improve [dir]` */
export const improveCommand = defineCommand<AuditCommandOptions>({
  name: 'improve',
  operands: '[dir]',
  summary: 'Which updates would raise coverage',
  text:
    'Looks for each package without provenance that the lockfile of the project ' +
    'in dir (the current folder) pins for a newer version that is attested and ' +
    'verifies: the nearest one within the ranges that lead to it, and the ' +
    'nearest at all. Says what coverage the updates would come to, and prints ' +
    'the package manager’s commands. Nothing is changed. Ends with 4 if evidence ' +
    'was rejected, with 3 if some could not be had.',
  examples: [
    ['provenance-audit improve', 'Updates, with the commands that make them.'],
    ['provenance-audit improve --json', 'The same for programs.'],
  ],
  options: AUDIT_OPTIONS,
  read: (given) => readAuditOptions(given, given.operands, BASIC_FORMAT_NAMES),
  async run(options, environment, self) {
    const { runImprove } = await import('../run-improve.js');
    const report = await runImprove(options, environment, self);
    return exitCodeOf({ status: 'reported', report });
  },
});

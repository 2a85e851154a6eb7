import { FORMATS } from '../../report/formats/index.js';
import { exitCodeOf } from '../exit-code.js';
import {
  AUDIT_OPTIONS,
  readAuditOptions,
  readSelection,
  SELECTION_OPTIONS,
} from '../option-groups.js';
import type { SelectiveAuditOptions } from '../options.js';
import { defineCommand } from './command.js';

/** The audit of a project: what is done without the name of a command. */
export const auditCommand = defineCommand<SelectiveAuditOptions>({
  name: 'audit',
  operands: '[dir]',
  summary: 'Audit the project in dir (the current folder)',
  text:
    'Checks for every package that the lockfile of the project in dir (the ' +
    'current folder) pins where it was built, and that the proof is about ' +
    'the very bytes that would be installed. Nothing is installed or executed. ' +
    'dir may also be a file: a lockfile, or an SBOM of npm packages as CycloneDX ' +
    'or SPDX JSON.',
  options: [...SELECTION_OPTIONS, ...AUDIT_OPTIONS],
  read: (given) => ({
    ...readAuditOptions(given, given.operands, FORMATS),
    selection: readSelection(given),
  }),
  async run(options, environment, self) {
    const { runAudit } = await import('../run-audit.js');
    const report = await runAudit(options, environment, self);
    return exitCodeOf({ status: 'reported', report });
  },
});

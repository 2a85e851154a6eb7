import { DIFF_FORMATS } from '../../report/diff-formats.js';
import { exitCodeOf } from '../exit-code.js';
import { AUDIT_OPTIONS, readAuditOptions } from '../option-groups.js';
import type { DiffOptions } from '../options.js';
import { defineCommand } from './command.js';

const DEFAULT_BASE = 'HEAD';

/** `diff [base] [dir]` */
export const diffCommand = defineCommand<DiffOptions>({
  name: 'diff',
  operands: '[base] [dir]',
  summary: 'What changed in trust since an earlier lockfile',
  text:
    'Compares the lockfile of the project in dir (the current folder) with an ' +
    'earlier one, and says of each package that differs what was proven of it ' +
    'before and what is now. base is a file, a lockfile or a JSON report of an ' +
    'audit, or else what git takes for a commit (HEAD). Only what differs is ' +
    'asked about. The exit code is that of an audit of it; that less is proven ' +
    'than before, or other bytes are pinned for a version, is a finding.',
  examples: [
    ['provenance-audit diff origin/main', 'What this branch changes in trust.'],
  ],
  options: AUDIT_OPTIONS,
  read(given) {
    const [base = DEFAULT_BASE, ...directories] = given.operands;
    return { base, ...readAuditOptions(given, directories, DIFF_FORMATS) };
  },
  async run(options, environment, self) {
    const { runDiff } = await import('../run-diff.js');
    const report = await runDiff(options, environment, self);
    return exitCodeOf({ status: 'reported', report });
  },
});

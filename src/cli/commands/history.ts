import { HISTORY_FORMATS } from '../../report/history-formats.js';
import { exitCodeOf } from '../exit-code.js';
import { AUDIT_OPTIONS, readAuditOptions } from '../option-groups.js';
import { readCount } from '../option-values.js';
import type { HistoryOptions } from '../options.js';
import { usage } from '../usage.js';
import { defineCommand } from './command.js';

const DEFAULT_VERSIONS = 20;
const MAX_VERSIONS = 1000;

/** `history <pkg> [dir]` */
export const historyCommand = defineCommand<HistoryOptions>({
  name: 'history',
  operands: '<pkg> [dir]',
  summary: 'All versions of one package over time',
  text:
    'Lists all versions of a package with how its registry claims that they were ' +
    'published, and verifies the attestations of the newest attested ones: ' +
    'levels, repositories, workflows, and gaps. The package need not be in the ' +
    'lockfile of the project in dir (the current folder); if it is, the registry ' +
    'is that of its entry. Ends with 4 if evidence was rejected, with 3 if some ' +
    'could not be had.',
  examples: [
    ['provenance-audit history left-pad', 'When it was published with what.'],
    [
      'provenance-audit history @acme/widget --max-versions 100 --json',
      'More of its attestations verified, for programs.',
    ],
    [
      'provenance-audit history left-pad --report html=left-pad.html',
      'The same as a page with a chart.',
    ],
  ],
  options: ['max-versions', ...AUDIT_OPTIONS],
  read(given) {
    const [name, ...directories] = given.operands;
    if (name === undefined) {
      throw usage('history: expected a package, as in history left-pad');
    }
    const maxVersions =
      readCount(given, 'max-versions', MAX_VERSIONS) ?? DEFAULT_VERSIONS;
    return {
      ...{ name, maxVersions },
      ...readAuditOptions(given, directories, HISTORY_FORMATS),
    };
  },
  async run(options, environment, self) {
    const { runHistory } = await import('../run-history.js');
    const report = await runHistory(options, environment, self);
    return exitCodeOf({ status: 'reported', report });
  },
});

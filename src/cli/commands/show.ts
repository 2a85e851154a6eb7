import { BASIC_FORMAT_NAMES } from '../../report/formats/format-names.js';
import { exitCodeOf } from '../exit-code.js';
import { AUDIT_OPTIONS, readAuditOptions } from '../option-groups.js';
import type { ShowOptions } from '../options.js';
import { usage } from '../usage.js';
import { defineCommand } from './command.js';

/** `show <pkg>[@version] [dir]` */
export const showCommand = defineCommand<ShowOptions>({
  name: 'show',
  operands: '<pkg>[@version] [dir]',
  summary: 'Everything known about one package of the lockfile',
  text:
    'Everything known about one package that the lockfile of the project in ' +
    'dir (the current folder) pins: its evidence, every check with what was ' +
    'expected and found, and what follows. <pkg> is a name or an alias, with ' +
    'an exact version to leave out others. The exit code is that of an audit ' +
    'of this package alone.',
  examples: [
    ['provenance-audit show left-pad@1.3.0', 'Every check of this version.'],
    ['provenance-audit show @acme/widget --json', 'The same for programs.'],
  ],
  options: AUDIT_OPTIONS,
  read(given) {
    const [spec, ...directories] = given.operands;
    if (spec === undefined) {
      throw usage('show: expected a package, as in show left-pad@1.3.0');
    }
    return {
      spec,
      ...readAuditOptions(given, directories, BASIC_FORMAT_NAMES),
    };
  },
  async run(options, environment, self) {
    const { runShow } = await import('../run-show.js');
    const report = await runShow(options, environment, self);
    return exitCodeOf({ status: 'reported', report });
  },
});

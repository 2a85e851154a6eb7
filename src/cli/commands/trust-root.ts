import { BASIC_FORMAT_NAMES } from '../../report/formats/format-names.js';
import { readTrustRootOptions, TRUST_ROOT_OPTIONS } from '../option-groups.js';
import { OUTPUT_OPTIONS, readOutputOptions } from '../output-options.js';
import { isNegated, readUrl } from '../option-values.js';
import type { TrustRootCommandOptions } from '../options.js';
import { usage } from '../usage.js';
import { defineCommand } from './command.js';

/** `trust-root [show|refresh]` */
export const trustRootCommand = defineCommand<TrustRootCommandOptions>({
  name: 'trust-root',
  operands: '[show|refresh]',
  summary: 'What everything is verified against, and how fresh it is',
  text:
    'show (the default) describes the trust root that an audit would use now, ' +
    'refreshed if the last refresh is older than a day; refresh always asks ' +
    'the TUF repository, and fails where that cannot be done.',
  examples: [
    ['provenance-audit trust-root refresh', 'Asks the TUF repository now.'],
  ],
  options: [
    ...TRUST_ROOT_OPTIONS,
    'registry',
    ...OUTPUT_OPTIONS.filter((name) => name !== 'verbose'),
  ],
  read(given) {
    const [action = 'show', ...others] = given.operands;
    if ((action !== 'show' && action !== 'refresh') || others.length > 0) {
      const found = given.operands.join(' ');
      throw usage(`trust-root: expected show or refresh, found ${found}`);
    }
    if (isNegated(given, 'cache')) {
      throw usage('trust-root: there is no option --no-cache');
    }
    const trustRoot = readTrustRootOptions(given);
    if (action === 'refresh' && trustRoot.trustedRoot !== null) {
      throw usage(
        'trust-root refresh: nothing refreshes the file --trusted-root',
      );
    }
    return {
      action,
      registry: readUrl(given, 'registry'),
      ...trustRoot,
      ...readOutputOptions(given, BASIC_FORMAT_NAMES),
    };
  },
  async run(options, environment, self) {
    const { runTrustRoot } = await import('../run-trust-root.js');
    await runTrustRoot(options, environment, self);
    return 0;
  },
});

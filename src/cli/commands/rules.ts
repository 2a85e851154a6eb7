import type { OptionName } from '../option-table.js';
import type { RulesOptions } from '../options.js';
import { OUTPUT_OPTIONS, readOutputOptions } from '../output-options.js';
import { usage } from '../usage.js';
import { defineCommand } from './command.js';

/** Nothing here is long enough to be said in two ways. */
const TAKEN: readonly OptionName[] = OUTPUT_OPTIONS.filter(
  (name) => name !== 'quiet' && name !== 'verbose',
);

const FORMATS = [{ name: 'text' }, { name: 'json' }, { name: 'markdown' }];

/** `rules [id]` */
export const rulesCommand = defineCommand<RulesOptions>({
  name: 'rules',
  operands: '[id]',
  summary: 'What each rule means, why, and what to do',
  text:
    'The catalogue of all rules that an audit goes by, or everything about the ' +
    'one with that id: what a finding of it means, what to do about it, its ' +
    'level without a policy, the exit code of an error, and an example of the ' +
    'policy that sets it. Reads no project and asks nobody.',
  examples: [
    [
      'provenance-audit rules source-changed',
      'What this rule means, and what to do.',
    ],
  ],
  options: TAKEN,
  read(given) {
    const [id = null, ...others] = given.operands;
    if (others.length > 0) {
      throw usage(`rules: expected one id, found ${given.operands.join(' ')}`);
    }
    return { id, ...readOutputOptions(given, FORMATS) };
  },
  async run(options, environment, self) {
    const { runRules } = await import('../run-rules.js');
    await runRules(options, environment, self);
    return 0;
  },
});

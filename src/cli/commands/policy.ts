import { BASIC_FORMAT_NAMES } from '../../report/formats/format-names.js';
import type { OptionName } from '../option-table.js';
import type { PolicyCheckOptions } from '../options.js';
import { OUTPUT_OPTIONS, readOutputOptions } from '../output-options.js';
import { usage } from '../usage.js';
import { defineCommand } from './command.js';

const TAKEN: readonly OptionName[] = OUTPUT_OPTIONS.filter(
  (name) => name !== 'quiet' && name !== 'verbose',
);

/** `policy check [file]` */
export const policyCommand = defineCommand<PolicyCheckOptions>({
  name: 'policy',
  operands: 'check [file]',
  summary: 'Whether a policy is valid, and what it comes to',
  text:
    'Reads the policy in file, or that of the current folder, with all that it ' +
    'extends, and tells what is in force: the level of each rule, the demands ' +
    'in the order in which they count, what is exempted and for how long. ' +
    'What is wrong with it is told all at once, with exit code 2. Asks nobody.',
  examples: [
    ['provenance-audit policy check', 'The policy of the current folder.'],
  ],
  options: TAKEN,
  read(given) {
    const [action, file = null, ...others] = given.operands;
    if (action !== 'check' || others.length > 0) {
      const found = given.operands.join(' ') || 'nothing';
      throw usage(
        `policy: expected check and at most one file, found ${found}`,
      );
    }
    return { file, ...readOutputOptions(given, BASIC_FORMAT_NAMES) };
  },
  async run(options, environment, self) {
    const { runPolicyCheck } = await import('../run-policy-check.js');
    return runPolicyCheck(options, environment, self);
  },
});

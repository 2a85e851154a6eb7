import { BASIC_FORMAT_NAMES } from '../../report/formats/format-names.js';
import { AUDIT_OPTIONS, readAuditOptions } from '../option-groups.js';
import { readFlag } from '../option-values.js';
import type { InitOptions } from '../options.js';
import { OUTPUT_OPTIONS } from '../output-options.js';
import { defineCommand } from './command.js';

/** `init [dir]` */
export const initCommand = defineCommand<InitOptions>({
  name: 'init',
  operands: '[dir]',
  summary: 'Write a policy and pins that today’s state passes',
  text:
    'Audits the project in dir (the current folder) and writes a commented ' +
    'provenance-audit.yaml and the pins provenance.lock.json: what is proven ' +
    'now passes, and anything less fails. A policy that is there already is ' +
    'kept unless --force is given. With rejected evidence nothing is written.',
  examples: [['provenance-audit init', 'A policy that today’s state passes.']],
  options: [
    'force',
    ...AUDIT_OPTIONS.filter(
      (name) => !OUTPUT_OPTIONS.includes(name) && !name.startsWith('policy'),
    ),
    'quiet',
  ],
  read: (given) => ({
    ...readAuditOptions(given, given.operands, BASIC_FORMAT_NAMES),
    force: readFlag(given, 'force') ?? false,
  }),
  async run(options, environment, self) {
    const { runInit } = await import('../run-init.js');
    return runInit(options, environment, self);
  },
});

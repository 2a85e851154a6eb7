import { BASIC_FORMAT_NAMES } from '../../report/formats/format-names.js';
import {
  AUDIT_OPTIONS,
  readAuditOptions,
  readSelection,
  SELECTION_OPTIONS,
} from '../option-groups.js';
import type { EvidenceSaveOptions } from '../options.js';
import { OUTPUT_OPTIONS } from '../output-options.js';
import { usage } from '../usage.js';
import { defineCommand } from './command.js';

/** `evidence save <file> [dir]` */
export const evidenceCommand = defineCommand<EvidenceSaveOptions>({
  name: 'evidence',
  operands: 'save <file> [dir]',
  summary: 'All evidence of an audit in one file, for --evidence elsewhere',
  text:
    'Audits the project in dir (the current folder) and writes into <file> ' +
    'what was answered about its packages and what that was held against. ' +
    'With --evidence <file> the same audit is made again without a network, ' +
    'on this machine or another: everything is verified anew.',
  examples: [
    [
      'provenance-audit evidence save evidence.ndjson',
      'For an audit elsewhere with --evidence.',
    ],
  ],
  options: [
    ...SELECTION_OPTIONS,
    ...AUDIT_OPTIONS.filter((name) => !OUTPUT_OPTIONS.includes(name)),
    'quiet',
  ],
  read(given) {
    const [action, file, ...directories] = given.operands;
    if (action !== 'save' || file === undefined || file === '') {
      throw usage(
        'evidence: expected save and a file, as in evidence save FILE',
      );
    }
    return {
      file,
      ...readAuditOptions(given, directories, BASIC_FORMAT_NAMES),
      selection: readSelection(given),
    };
  },
  async run(options, environment, self) {
    const { runEvidenceSave } = await import('../run-evidence-save.js');
    return runEvidenceSave(options, environment, self);
  },
});

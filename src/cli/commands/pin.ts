import { isPackageName } from '../../lockfile/npm-grammar.js';
import { BASIC_FORMAT_NAMES } from '../../report/formats/format-names.js';
import {
  AUDIT_OPTIONS,
  readAuditOptions,
  readSelection,
  SELECTION_OPTIONS,
} from '../option-groups.js';
import { readFlag, readTexts, type Given } from '../option-values.js';
import type { PinOptions } from '../options.js';
import { OUTPUT_OPTIONS } from '../output-options.js';
import { usage } from '../usage.js';
import { defineCommand } from './command.js';

/** `pin [dir]` */
export const pinCommand = defineCommand<PinOptions>({
  name: 'pin',
  operands: '[dir]',
  summary: 'Write or update provenance.lock.json, what is proven now',
  text:
    'Audits the project in dir (the current folder) and writes into ' +
    'provenance.lock.json what is proven of each package, to be committed and ' +
    'reviewed like the lockfile; audits then say what has changed. Packages of ' +
    'which less or something else is proven than is pinned stay as they are ' +
    'until accepted by name. With rejected evidence nothing is written.',
  examples: [
    ['provenance-audit pin', 'Writes provenance.lock.json.'],
    [
      'provenance-audit pin --accept @acme/widget',
      'Takes one change that was looked into.',
    ],
  ],
  options: [
    ...(['accept', 'prune'] as const),
    ...SELECTION_OPTIONS,
    ...AUDIT_OPTIONS.filter(
      (name) => !OUTPUT_OPTIONS.includes(name) && name !== 'policy-from',
    ),
    'quiet',
  ],
  read: (given) => ({
    ...readAuditOptions(given, given.operands, BASIC_FORMAT_NAMES),
    selection: readSelection(given),
    accept: readAccepted(given),
    prune: readFlag(given, 'prune') ?? false,
  }),
  async run(options, environment, self) {
    const { runPin } = await import('../run-pin.js');
    return runPin(options, environment, self);
  },
});

function readAccepted(given: Given): readonly string[] {
  return readTexts(given, 'accept').map((name) => {
    if (isPackageName(name)) return name;
    throw usage(`--accept: expected a package’s name alone, found ${name}`);
  });
}

import { FORMATS } from '../../report/formats/index.js';
import { exitCodeOf } from '../exit-code.js';
import {
  AUDIT_OPTIONS,
  readAuditOptions,
  readSelection,
  SELECTION_OPTIONS,
} from '../option-groups.js';
import { readFlag, readText, readTexts, type Given } from '../option-values.js';
import type { FullAuditOptions } from '../options.js';
import { readSigning, SIGNING_OPTIONS } from '../signing-options.js';
import { usage } from '../usage.js';
import { defineCommand } from './command.js';

const FOR_SEVERAL = FORMATS.filter(({ isForSeveral }) => isForSeveral);

/** The audit of a project: what is done without the name of a command. */
export const auditCommand = defineCommand<
  FullAuditOptions & { readonly recursive: boolean }
>({
  name: 'audit',
  operands: '[dir]',
  summary: 'Audit the project in dir (the current folder)',
  text:
    'Checks for every package that the lockfile of the project in dir (the ' +
    'current folder) pins where it was built, and that the proof is about ' +
    'the very bytes that would be installed. Nothing is installed or executed. ' +
    'dir may also be a file: a lockfile, or an SBOM of npm packages as CycloneDX ' +
    'or SPDX JSON.',
  examples: [
    [
      'provenance-audit && npm ci',
      'Nothing is installed unless the policy is met.',
    ],
    [
      'provenance-audit --omit dev --report html=audit.html',
      'Production only, and a page for a browser.',
    ],
    [
      'provenance-audit --policy-from origin/main',
      'A pull request cannot weaken its own gate.',
    ],
  ],
  options: [
    'recursive',
    'changed-since',
    ...SIGNING_OPTIONS,
    ...SELECTION_OPTIONS,
    ...AUDIT_OPTIONS,
  ],
  read(given) {
    const recursive = readFlag(given, 'recursive') ?? false;
    if (recursive) refuseFormatsOfOne(given);
    const formats = recursive ? FOR_SEVERAL : FORMATS;
    const options = readAuditOptions(given, given.operands, formats);
    if (recursive && options.lockfile !== null) {
      throw usage('--recursive and --lockfile exclude each other');
    }
    const changedSince = readText(given, 'changed-since');
    if (recursive && changedSince !== null) {
      throw usage('--recursive and --changed-since exclude each other');
    }
    const selection = readSelection(given);
    const signing = readSigning(given, options);
    return { ...options, ...signing, recursive, selection, changedSince };
  },
  async run({ recursive, ...options }, environment, self) {
    if (recursive) {
      const { runRecursive } = await import('../run-recursive.js');
      const report = await runRecursive(options, environment, self);
      return exitCodeOf({ status: 'reported', report });
    }
    const { runAudit } = await import('../run-audit.js');
    const report = await runAudit(options, environment, self);
    return exitCodeOf({ status: 'reported', report });
  },
});

/** Forms that a single audit has are not unknown, so more is said of them. */
function refuseFormatsOfOne(given: Given): void {
  const named = [
    readText(given, 'format'),
    ...readTexts(given, 'report').map((text) => text.split('=')[0]),
  ];
  const ofOne = FORMATS.find(
    (format) => named.includes(format.name) && !FOR_SEVERAL.includes(format),
  );
  if (ofOne === undefined) return;
  throw usage(
    `--recursive: ${ofOne.name} has room for one project only; audit each project by itself for it`,
  );
}

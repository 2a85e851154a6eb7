import { join, resolve } from 'node:path';
import { auditSubjects } from '../audit.js';
import { findCheckout } from '../io/checkout.js';
import { writeWhole } from '../io/files.js';
import { PINS_FILE, readPins } from '../io/pins-file.js';
import { NO_PINS } from '../policy/pins/pins.js';
import { renderPins } from '../policy/pins/render-pins.js';
import { updatePins, type PinUpdate } from '../policy/pins/update-pins.js';
import type { Subject } from '../policy/verdict.js';
import type { PlacedEnvironment } from './environment.js';
import type { ExitCode } from './exit-code.js';
import type { PinOptions } from './options.js';
import { renderPinUpdate, renderRejected } from './pin-summary.js';
import { withPreparedAudit } from './prepare-audit.js';
import type { Self } from './self.js';
import { usage } from './usage.js';
import { write } from './write.js';

const TAMPERED = 4;

/**
 * Audits the project that `options` name and writes its pins, unless evidence
 * was rejected; says what was and was not pinned. Throws `AuditError` where
 * there is nothing to pin, or the file cannot be written.
 */
export async function runPin(
  options: PinOptions,
  environment: PlacedEnvironment,
  self: Self,
): Promise<ExitCode> {
  const { stdout, cwd } = environment;
  const { report, subjects } = await withPreparedAudit(
    options,
    { environment, self },
    async ({ input, ports, options: auditOptions }) => {
      const { selection } = options;
      const audited = await auditSubjects(input, ports, {
        ...auditOptions,
        selection,
      });
      return { ...audited, exitCode: audited.report.exitCode };
    },
  );
  if (report.exitCode === TAMPERED) {
    await write(stdout, renderRejected(PINS_FILE, subjects));
    return TAMPERED;
  }
  requireKnown(options.accept, subjects);
  const folder = resolve(cwd, options.directory);
  const old = await readPins(folder);
  const update = updatePins(old ?? NO_PINS, subjects, {
    accept: new Set(options.accept),
    prune: options.prune,
  });
  const text = renderPins(update.pins);
  if (old === null || text !== renderPins(old)) {
    await writeWhole(join(folder, PINS_FILE), text, await findCheckout(folder));
  }
  await write(stdout, renderPinUpdate(PINS_FILE, update, options));
  return exitCodeOfUpdate(update);
}

/** Whoever misspells a name would believe it accepted. */
function requireKnown(
  accept: readonly string[],
  subjects: readonly Subject[],
): void {
  const names = new Set(subjects.map(({ dependency }) => dependency.id.name));
  const unknown = accept.filter((name) => !names.has(name));
  if (unknown.length === 0) return;
  throw usage(`--accept: not in the lockfile: ${unknown.join(', ')}`);
}

function exitCodeOfUpdate({ outcomes }: PinUpdate): ExitCode {
  if (outcomes.some(({ status }) => status === 'left')) return 1;
  return outcomes.some(({ status }) => status === 'unknown') ? 3 : 0;
}

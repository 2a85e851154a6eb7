import { resolve } from 'node:path';
import { diff } from '../diff.js';
import { loadDiffFormat } from '../report/diff-formats.js';
import type { DiffReport } from '../report/diff-report.js';
import { readBase } from './base-source.js';
import { deliver, loadForms, toDelivery, type Render } from './deliver.js';
import type { PlacedEnvironment } from './environment.js';
import type { DiffOptions } from './options.js';
import { fromRoot } from './from-root.js';
import { withPreparedAudit } from './prepare-audit.js';
import type { Self } from './self.js';

/**
 * Compares the project that `options` name with an earlier state of it, and
 * delivers what differs. Throws `AuditError` where there is nothing to deliver.
 */
export async function runDiff(
  options: DiffOptions,
  environment: PlacedEnvironment,
  self: Self,
): Promise<DiffReport> {
  const formOf = await loadForms(options, loadDiffFormat);
  const directory = resolve(environment.cwd, options.directory);
  const report = await withPreparedAudit(
    options,
    { environment, self },
    async ({ input, ports, options: auditOptions }) => {
      const wanted = { name: options.base, directory, lockfile: input.path };
      const base = await readBase(wanted, environment);
      return diff(input, base, ports, auditOptions);
    },
  );
  const delivery = await toDelivery(environment, options.directory);
  const lockfilePath = fromRoot(
    delivery.root,
    resolve(directory, report.lockfile.path),
  );
  const render: Render = (format, look) =>
    formOf(format)(report, { ...look, lockfilePath });
  await deliver(render, options, delivery);
  return report;
}

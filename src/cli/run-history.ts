import { packageHistory } from '../history.js';
import { isPackageName } from '../lockfile/npm-grammar.js';
import { loadHistoryFormat } from '../report/history-formats.js';
import type { HistoryReport } from '../report/history-report.js';
import { deliver, loadForms, toDelivery, type Render } from './deliver.js';
import type { PlacedEnvironment } from './environment.js';
import type { HistoryOptions } from './options.js';
import { withPreparedAudit } from './prepare-audit.js';
import type { Self } from './self.js';
import { usage } from './usage.js';

/**
 * Delivers the history of the package that `options` name. Throws `AuditError`
 * where there is nothing to deliver.
 */
export async function runHistory(
  options: HistoryOptions,
  environment: PlacedEnvironment,
  self: Self,
): Promise<HistoryReport> {
  const { name, maxVersions } = options;
  if (!isPackageName(name)) {
    throw usage(`history: expected the name of a package, found ${name}`);
  }
  const formOf = await loadForms(options, loadHistoryFormat);
  const report = await withPreparedAudit(
    options,
    { environment, self },
    ({ input, ports, options: auditOptions }) =>
      packageHistory(input, ports, { ...auditOptions, name, maxVersions }),
  );
  const render: Render = (format, look) => formOf(format)(report, look);
  const delivery = await toDelivery(environment, options.directory);
  await deliver(render, options, delivery);
  return report;
}

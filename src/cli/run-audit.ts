import { audit } from '../audit.js';
import { renderJson } from '../report/render-json.js';
import { renderText } from '../report/render-text.js';
import type { Report } from '../report/report.js';
import { deliver, type Renderings } from './deliver.js';
import type { PlacedEnvironment } from './environment.js';
import type { SelectiveAuditOptions } from './options.js';
import { withPreparedAudit } from './prepare-audit.js';
import type { Self } from './self.js';

/**
 * Audits the project that `options` name and delivers the report. Throws
 * `AuditError` where there is no report to deliver.
 */
export async function runAudit(
  options: SelectiveAuditOptions,
  environment: PlacedEnvironment,
  self: Self,
): Promise<Report> {
  const report = await withPreparedAudit(
    options,
    { environment, self },
    ({ input, ports, options: auditOptions }) =>
      audit(input, ports, { ...auditOptions, selection: options.selection }),
  );
  const renderings: Renderings = {
    json: () => renderJson(report),
    text: (look) => renderText(report, look),
  };
  await deliver(renderings, options, environment);
  return report;
}

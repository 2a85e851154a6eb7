import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { audit } from '../audit.js';
import { requireFormat } from '../report/formats/index.js';
import type { Report } from '../report/report.js';
import { deliver, toDelivery, type Render } from './deliver.js';
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
  const delivery = await toDelivery(environment, options.directory);
  const lockfilePath = fromRoot(
    delivery.root,
    resolve(environment.cwd, options.directory, report.lockfile.path),
  );
  const render: Render = (format, look) =>
    requireFormat(format).render(report, { ...look, lockfilePath });
  await deliver(render, options, delivery);
  return report;
}

/** `path` as code hosts know it; its name alone where it is none of theirs. */
function fromRoot(root: string, path: string): string {
  const relation = relative(root, path);
  const steps = relation.split(sep);
  return isAbsolute(relation) || steps[0] === '..'
    ? basename(path)
    : steps.join('/');
}

import { inspect } from '../audit.js';
import type { PackageReport } from '../report/package-report.js';
import { renderJson } from '../report/render-json.js';
import { renderPackageText } from '../report/render-package-text.js';
import { deliver, toDelivery, type Render } from './deliver.js';
import type { PlacedEnvironment } from './environment.js';
import type { ShowOptions } from './options.js';
import { parsePackageSpec } from './package-spec.js';
import { withPreparedAudit } from './prepare-audit.js';
import { selectPackages } from './select-packages.js';
import type { Self } from './self.js';

/**
 * Looks closely at the package that `options` name, in every version that the
 * lockfile pins and the user did not leave out, and delivers what is known.
 * Throws `AuditError` where there is nothing to deliver.
 */
export async function runShow(
  options: ShowOptions,
  environment: PlacedEnvironment,
  self: Self,
): Promise<PackageReport> {
  const wanted = parsePackageSpec(options.spec);
  const report = await withPreparedAudit(
    options,
    { environment, self },
    ({ input, ports, options: auditOptions }) =>
      inspect(input, ports, {
        ...auditOptions,
        select: (all) => selectPackages(all, wanted, input.path),
      }),
  );
  const render: Render = (format, look) =>
    format === 'json' ? renderJson(report) : renderPackageText(report, look);
  await deliver(
    render,
    options,
    await toDelivery(environment, options.directory),
  );
  return report;
}

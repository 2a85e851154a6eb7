import { resolve } from 'node:path';
import { audit } from '../audit.js';
import { loadFormat } from '../report/formats/index.js';
import type { Report } from '../report/report.js';
import { announcementOf, announceToGithub } from './announce-github.js';
import { deliver, loadForms, toDelivery, type Render } from './deliver.js';
import type { PlacedEnvironment } from './environment.js';
import { fromRoot } from './from-root.js';
import { createNotes } from './notes.js';
import type { FullAuditOptions } from './options.js';
import { withPreparedAudit } from './prepare-audit.js';
import { splitFileOperand } from './project-source.js';
import type { Self } from './self.js';
import { prepareSigner } from './vsa-signer.js';

/**
 * Audits the project that `given` names and delivers the report. Throws
 * `AuditError` where there is no report to deliver.
 */
export async function runAudit(
  given: FullAuditOptions,
  environment: PlacedEnvironment,
  self: Self,
): Promise<Report> {
  const options = await splitFileOperand(given, environment.cwd);
  const formOf = await loadForms(options, loadFormat);
  const signVsa = await prepareSigner(options, environment);
  const report = await withPreparedAudit(
    options,
    { environment, self },
    async ({ input, ports, options: auditOptions }) => {
      const { selection, changedSince } = options;
      if (changedSince === null) {
        return audit(input, ports, { ...auditOptions, selection });
      }
      const directory = resolve(environment.cwd, options.directory);
      const { readBase } = await import('./base-source.js');
      const earlier = await readBase(
        { name: changedSince, directory, lockfile: input.path },
        environment,
      );
      const { readEarlier } = await import('../diff.js');
      const changedFrom = await readEarlier(earlier, ports, auditOptions);
      return audit(input, ports, { ...auditOptions, selection, changedFrom });
    },
  );
  const delivery = await toDelivery(environment, options.directory);
  const lockfilePath = fromRoot(
    delivery.root,
    resolve(environment.cwd, options.directory, report.lockfile.path),
  );
  const render: Render = (format, look) => {
    if (format === 'vsa' && signVsa !== null) {
      return signVsa(report, lockfilePath);
    }
    const form = formOf(format);
    return (
      form.renderParts?.(report) ??
      form.render(report, { ...look, lockfilePath })
    );
  };
  await deliver(render, options, delivery);
  const notes = createNotes(environment.stderr, options.quiet);
  await announceToGithub(() => announcementOf(report, lockfilePath), {
    environment,
    notes,
  });
  return report;
}

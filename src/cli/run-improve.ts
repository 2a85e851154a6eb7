import { resolve } from 'node:path';
import { AuditError } from '../errors.js';
import { improve } from '../improve.js';
import { askingFolders } from '../improve/ranges.js';
import {
  readManifestsOf,
  readWorkspaceManifests,
} from '../io/workspace-manifests.js';
import { readDependencies } from '../read-dependencies.js';
import type { ImproveReport } from '../report/improve-report.js';
import { renderImproveText } from '../report/render-improve-text.js';
import { renderJson } from '../report/render-json.js';
import { deliver, toDelivery, type Render } from './deliver.js';
import type { PlacedEnvironment } from './environment.js';
import type { AuditCommandOptions } from './options.js';
import { withPreparedAudit } from './prepare-audit.js';
import type { Self } from './self.js';

/**
 * Delivers which updates would raise the coverage of the project that `options`
 * name. Throws `AuditError` where there is nothing to deliver.
 */
export async function runImprove(
  options: AuditCommandOptions,
  environment: PlacedEnvironment,
  self: Self,
): Promise<ImproveReport> {
  const report = await withPreparedAudit(
    options,
    { environment, self },
    async ({ input, ports, options: auditOptions }) => {
      const project = resolve(environment.cwd, options.directory);
      const dependencies = await readDependencies(input, ports, auditOptions);
      // Most lockfiles are read without them, but what may be updated is there.
      const folders = askingFolders(dependencies);
      const workspaces =
        input.workspaces ??
        new Map([
          ...(await patternWorkspaces(project, input.manifest)),
          ...(await readManifestsOf(project, folders)),
        ]);
      return improve({ ...input, workspaces }, ports, auditOptions);
    },
  );
  const render: Render = (format, look) =>
    format === 'json' ? renderJson(report) : renderImproveText(report, look);
  const delivery = await toDelivery(environment, options.directory);
  await deliver(render, options, delivery);
  return report;
}

/** Those that the manifest itself has; none where it is too strange. */
async function patternWorkspaces(
  project: string,
  manifest: Uint8Array | null,
): Promise<ReadonlyMap<string, Uint8Array>> {
  if (manifest === null) return new Map();
  return readWorkspaceManifests(project, manifest).catch((error: unknown) => {
    // What a lockfile is read without decides about commands alone.
    if (error instanceof AuditError) return new Map();
    throw error;
  });
}

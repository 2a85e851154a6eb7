import { resolve } from 'node:path';
import { audit } from '../audit.js';
import { AuditError } from '../errors.js';
import {
  createRecordingRegistry,
  type RecordingRegistry,
} from '../io/archived-registry.js';
import {
  ArchiveError,
  renderArchive,
  type ArchivedTrustRoot,
  type EvidenceArchive,
} from '../io/evidence-archive.js';
import { sha256Hex } from '../io/evidence-pack.js';
import { checkOutput, writeWhole } from '../io/files.js';
import type { Report } from '../report/report.js';
import type { TrustRootDocuments } from '../verification/trust-root-documents.js';
import { toDelivery } from './deliver.js';
import type { PlacedEnvironment } from './environment.js';
import type { ExitCode } from './exit-code.js';
import type { EvidenceSaveOptions } from './options.js';
import { withPreparedAudit } from './prepare-audit.js';
import type { Self } from './self.js';
import { write } from './write.js';

/** What an audit was based on, as far as it was asked for. */
interface Recorded {
  readonly exitCode: Report['exitCode'];
  readonly report: Report;
  readonly registry: RecordingRegistry;
  readonly documents: TrustRootDocuments | null;
}

/**
 * Audits the project that `options` name and writes all that this was based on
 * into one file. What came of the audit does not matter for that: rejected
 * evidence is worth keeping too. Returns 3 where something could not be had, so
 * that the archive is known to be incomplete. Throws `AuditError`.
 */
export async function runEvidenceSave(
  options: EvidenceSaveOptions,
  environment: PlacedEnvironment,
  self: Self,
): Promise<ExitCode> {
  const { root } = await toDelivery(environment, options.directory);
  const path = resolve(environment.cwd, options.file);
  await checkOutput('evidence save', path, root);
  const { report, registry, documents } = await record(
    options,
    environment,
    self,
  );
  const answers = registry.answers();
  const { lockfile } = report;
  const text = render({
    lockfile: { path: lockfile.path, sha256: lockfile.sha256 },
    trustRoot: toArchived(documents),
    answers,
  });
  await writeWhole(path, text, root);
  const { unavailable } = report.summary.evidence;
  const lines = [
    `saved    ${answers.length} answers about ${report.summary.inScope} packages`,
    `sha256   ${sha256Hex(text)}`,
    ...(unavailable === 0
      ? []
      : [`missing  evidence of ${unavailable} packages could not be had`]),
  ];
  await write(environment.stdout, `${lines.join('\n')}\n`);
  return unavailable === 0 ? 0 : 3;
}

function render(archive: EvidenceArchive): string {
  try {
    return renderArchive(archive);
  } catch (cause) {
    if (!(cause instanceof ArchiveError)) throw cause;
    const message = `evidence save: the file would be ${cause.message}; save and audit in parts, with --package or --workspace`;
    throw new AuditError('USAGE', message, cause);
  }
}

function record(
  options: EvidenceSaveOptions,
  environment: PlacedEnvironment,
  self: Self,
): Promise<Recorded> {
  const world = { environment, self };
  return withPreparedAudit(options, world, async (prepared) => {
    const { input, ports } = prepared;
    const registry = createRecordingRegistry(ports.registry);
    let documents: TrustRootDocuments | null = null;
    const trustRoot = {
      load: async (hosts: readonly string[], signal: AbortSignal) => {
        documents = await ports.trustRoot.load(hosts, signal);
        return documents;
      },
    };
    const report = await audit(
      input,
      { ...ports, registry, trustRoot },
      { ...prepared.options, selection: options.selection },
    );
    return { exitCode: report.exitCode, report, registry, documents };
  });
}

function toArchived(documents: TrustRootDocuments | null): ArchivedTrustRoot {
  if (documents === null) throw new Error('an audit without a trust root');
  const { tuf, refreshedAt, registryKeys, trustedRoot } = documents;
  if (tuf?.files !== undefined && refreshedAt !== null) {
    return { kind: 'tuf', refreshedAt, files: tuf.files };
  }
  const { keys } = registryKeys;
  const npmKeys = keys instanceof Uint8Array ? keys : null;
  return { kind: 'file', trustedRoot, npmKeys };
}

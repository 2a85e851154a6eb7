import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import envPaths from 'env-paths';
import satisfies from 'semver/functions/satisfies.js';
import type { AuditPorts } from '../audit-ports.js';
import { audit } from '../audit.js';
import { loadVirtualTree } from '../io/arborist-tree.js';
import { checkOutput, writeWhole } from '../io/files.js';
import { loadNpmConfig, type NpmSettings } from '../io/npm-config.js';
import { createNpmRegistry } from '../io/npm-registry.js';
import { readVerifierVersion } from '../io/verifier-version.js';
import { DEFAULT_POLICY } from '../policy/policy.js';
import { renderJson } from '../report/render-json.js';
import { renderText } from '../report/render-text.js';
import type { Report } from '../report/report.js';
import type { Options, ReportFormat } from './args.js';
import { columnsOf } from './columns.js';
import type { Environment, PlacedEnvironment } from './environment.js';
import { createNotes, type Notes } from './notes.js';
import { createProgress } from './progress.js';
import { readProject } from './project-source.js';
import type { Self } from './self.js';
import { createTrustRootSource } from './trust-root-source.js';
import { wantsColor } from './wants-color.js';
import { write } from './write.js';

const NAME = 'provenance-audit';
/** Columns of a text report in a file. */
const FILE_WIDTH = 80;
/** Of a request, after the first attempt. */
const RETRIES = 2;

/**
 * Audits the project that `options` name and delivers the report: to stdout,
 * and with `--output` to a file. Everything else goes to stderr. Throws
 * `AuditError` where there is no report to deliver.
 */
export async function runAudit(
  options: Options,
  environment: PlacedEnvironment,
  self: Self,
): Promise<Report> {
  const notes = createNotes(environment.stderr, options.quiet);
  noteOldNode(environment, self, notes);
  const { output } = options;
  if (output !== null) {
    await checkOutput('--output', resolve(environment.cwd, output));
  }
  const directory = resolve(environment.cwd, options.directory);
  const { input, note } = await readProject(directory, options.lockfile);
  if (note !== null) notes.inform(note);
  const settings = await loadNpmConfig({
    projectDir: directory,
    env: environment.env,
    ...(options.registry !== null && { cliRegistry: options.registry }),
  });
  settings.warnings.forEach(notes.warn);
  const ports = await createPorts(options, environment, { settings, notes });
  const progress = createProgress(environment.stderr, !options.quiet, () =>
    ports.clock.elapsed(),
  );
  const report = await audit(input, ports, {
    registries: settings.registries,
    policy: DEFAULT_POLICY,
    concurrency: options.concurrency,
    deadline: AbortSignal.timeout(options.deadlineMs),
    signal: environment.signal,
    tool: { version: self.version, verifier: readVerifierVersion() },
    onProgress: (done, total) => {
      progress.update(done, total);
    },
  }).finally(() => {
    progress.clear();
  });
  await deliver(report, options, environment);
  return report;
}

function noteOldNode(
  { nodeVersion }: Environment,
  { nodeRange }: Self,
  notes: Notes,
): void {
  if (satisfies(nodeVersion, nodeRange)) return;
  notes.inform(
    `Node.js ${nodeVersion} is not among the versions that the libraries ` +
      `support (${nodeRange}); the audit runs all the same`,
  );
}

/** The platform's; a relative one is no place of the user's own (XDG). */
function cacheFolder(): string {
  const { cache } = envPaths(NAME, { suffix: '' });
  return isAbsolute(cache) ? cache : join(homedir(), '.cache', NAME);
}

async function createPorts(
  options: Options,
  environment: PlacedEnvironment,
  world: { readonly settings: NpmSettings; readonly notes: Notes },
): Promise<AuditPorts> {
  const { settings, notes } = world;
  const now = (): Date => new Date();
  return {
    registry: createNpmRegistry(settings, {
      timeoutMs: options.timeoutMs,
      retries: RETRIES,
    }),
    trustRoot: await createTrustRootSource(options, {
      cwd: environment.cwd,
      cacheDir: cacheFolder(),
      network: settings.network,
      now,
      warn: notes.warn,
    }),
    loadTree: loadVirtualTree,
    clock: { now, elapsed: () => performance.now() },
  };
}

async function deliver(
  report: Report,
  options: Options,
  { stdout, env, cwd }: PlacedEnvironment,
): Promise<void> {
  const { format, output, quiet, verbose } = options;
  const color = wantsColor(options.color, stdout, env);
  const render = (as: ReportFormat, forFile: boolean): string =>
    as === 'json'
      ? renderJson(report)
      : renderText(report, {
          width: forFile ? FILE_WIDTH : columnsOf(stdout),
          color: color && !forFile,
          verbose,
          quiet,
        });
  // A file in a format of its own leaves stdout to the person who watches. What
  // they see comes first: it should not be lost with the file.
  const shown = output === null ? (format ?? 'text') : 'text';
  await write(stdout, render(shown, false));
  if (output !== null) {
    await writeWhole(resolve(cwd, output), render(format ?? 'json', true));
  }
}

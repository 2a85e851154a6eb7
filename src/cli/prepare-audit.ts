import { dirname, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { AuditOptions, AuditPorts } from '../audit-ports.js';
import { loadVirtualTree } from '../io/arborist-tree.js';
import { loadNpmConfig, type NpmSettings } from '../io/npm-config.js';
import { createMemoryBudget } from '../io/memory-budget.js';
import { createNpmArchives } from '../io/npm-archives.js';
import { createNpmRegistry } from '../io/npm-registry.js';
import { createCredentialsOf } from '../io/request-credentials.js';
import type { ShareAnswers } from '../io/shared-answers.js';
import type { ShareTrustRoot } from '../io/shared-trust-root.js';
import { openVerifyPool } from '../io/verify-pool.js';
import { readVerifierVersion } from '../io/verifier-version.js';
import type { LockfileInput } from '../lockfile/lockfile-format.js';
import { detectFormat } from '../lockfile/parse-lockfile.js';
import { isYarnBerry, YARN_FORMAT } from '../lockfile/yarn-format.js';
import type { Policy } from '../policy/policy.js';
import type { Report } from '../report/report.js';
import { cacheFolder } from './cache-folder.js';
import {
  createClockWatch,
  requirePlausibleClock,
  type ClockWatch,
} from './clock-watch.js';
import { checkDelivery, toDelivery } from './deliver.js';
import type { PlacedEnvironment } from './environment.js';
import { openEvidenceSource, type EvidenceSource } from './evidence-source.js';
import {
  givenPolicy,
  readGoverning,
  type CommonPolicy,
} from './governing-policy.js';
import { noteOldNode } from './node-support.js';
import { createNotes, type Notes } from './notes.js';
import type { AuditCommandOptions } from './options.js';
import { concurrencyOf, patienceOf } from './patience.js';
import { noteOtherLockfile, readArchive } from './read-archive.js';
import { createProgress } from './progress.js';
import { readProject, splitFileOperand } from './project-source.js';
import type { Self } from './self.js';
import { createTrustRootSource } from './trust-root-source.js';

/** Everything that the stages need, read and connected. */
export interface PreparedAudit {
  readonly input: LockfileInput;
  readonly ports: AuditPorts;
  readonly options: AuditOptions;
}

/** What several audits of one run have in common. */
export interface SharedByAudits {
  readonly policy: CommonPolicy;
  readonly shareAnswers: ShareAnswers;
  readonly shareTrustRoot: ShareTrustRoot;
  /** Ends the collection of evidence of all of them. */
  readonly deadline: AbortSignal;
  /** What was noted already, so that nothing is said once a project. */
  readonly said: Set<string>;
}

interface World {
  readonly environment: PlacedEnvironment;
  readonly self: Self;
  readonly shared?: SharedByAudits;
  /** In place of what options or the project name. */
  readonly policy?: Policy;
}

/** Exit code of a report with rejected evidence. */
const TAMPERED = 4;

/**
 * Prepares what `options` ask for, hands it to `run`, and clears the progress
 * line whatever comes of it. Everything beside the result goes to stderr.
 * Throws `AuditError` where no audit is possible, or the local clock turns out
 * to be wrong; rejected evidence is reported all the same, though nothing is
 * verified then, since a registry that says a wrong time could hide it otherwise.
 */
export async function withPreparedAudit<
  Result extends { readonly exitCode: Report['exitCode'] },
>(
  given: AuditCommandOptions,
  world: World,
  run: (prepared: PreparedAudit) => Promise<Result>,
): Promise<Result> {
  const { environment, self, shared } = world;
  const options = await splitFileOperand(given, environment.cwd);
  const notes = createNotes(
    environment.stderr,
    options.quiet,
    shared?.said ?? new Set(),
  );
  noteOldNode(environment, self, notes);
  await checkDelivery(
    options,
    await toDelivery(environment, options.directory),
  );
  const watch = createClockWatch(now);
  // With a wrong clock, TUF and signatures fail for reasons that mislead.
  requirePlausibleClock(watch.check());
  const { policy, pins, proposed } = await readGoverning(
    options,
    environment,
    world.policy === undefined ? shared?.policy : givenPolicy(world.policy),
  );
  const { input, settings } = await readInputs(options, environment, notes);
  const { ports, evidence } = await createPorts(options, environment, {
    ...{ settings, notes, watch, lockfile: input.bytes },
    shareAnswers: shared?.shareAnswers ?? ((registry) => registry),
    shareTrustRoot: shared?.shareTrustRoot ?? ((source) => source),
  });
  const progress = createProgress(environment.stderr, !options.quiet, () =>
    ports.clock.elapsed(),
  );
  const auditOptions: AuditOptions = {
    registries: settings.registries,
    policy,
    pins,
    ...(proposed !== null && { proposed }),
    concurrency: concurrencyOf(options, settings),
    deadline: shared?.deadline ?? AbortSignal.timeout(options.deadlineMs),
    signal: environment.signal,
    tool: { version: self.version, verifier: readVerifierVersion() },
    onProgress: (done, total) => {
      progress.update(done, total);
    },
  };
  const prepared = { input, ports, options: auditOptions };
  const result = await runPastCache(() => run(prepared), evidence).finally(
    async () => {
      progress.clear();
      await evidence.close();
    },
  );
  const clock = watch.check();
  if (result.exitCode !== TAMPERED) requirePlausibleClock(clock);
  clock.messages.forEach(notes.warn);
  return result;
}

/**
 * Runs an audit, and once more without what was kept from earlier runs if it
 * rejects evidence: whoever can write to the cache must not be able to accuse a
 * package, and what was kept wrongly is replaced.
 */
async function runPastCache<
  Result extends { readonly exitCode: Report['exitCode'] },
>(run: () => Promise<Result>, evidence: EvidenceSource): Promise<Result> {
  const result = await run();
  if (result.exitCode !== TAMPERED || !evidence.refresh()) return result;
  return run();
}

const now = (): Date => new Date();

async function readInputs(
  options: AuditCommandOptions,
  { cwd, env }: PlacedEnvironment,
  notes: Notes,
): Promise<{ readonly input: LockfileInput; readonly settings: NpmSettings }> {
  const directory = resolve(cwd, options.directory);
  const { input, note } = await readProject(directory, options.lockfile);
  if (note !== null) notes.inform(note);
  const isBerry = detectFormat(input) === YARN_FORMAT && isYarnBerry(input);
  const settings = await loadNpmConfig({
    projectDir: directory,
    env,
    ...(isBerry && {
      alsoOfProject: await readYarnSettings(resolve(directory, input.path)),
    }),
    ...(options.registry !== null && { cliRegistry: options.registry }),
  });
  settings.warnings.forEach(notes.warn);
  return { input, settings };
}

async function readYarnSettings(lockfile: string) {
  const { readYarnProjectSettings } =
    await import('../io/yarn-project-config.js');
  return readYarnProjectSettings(dirname(lockfile));
}

async function createPorts(
  options: AuditCommandOptions,
  environment: PlacedEnvironment,
  world: {
    readonly lockfile: Uint8Array;
    readonly settings: NpmSettings;
    readonly notes: Notes;
    readonly watch: ClockWatch;
    readonly shareAnswers: ShareAnswers;
    readonly shareTrustRoot: ShareTrustRoot;
  },
): Promise<{ readonly ports: AuditPorts; readonly evidence: EvidenceSource }> {
  const { settings, notes, watch, shareAnswers, shareTrustRoot } = world;
  const patience = {
    ...patienceOf(options, settings),
    onServerTime: watch.onServerTime,
  };
  const archive = await readArchive(options.evidence, environment.cwd);
  if (archive !== null) noteOtherLockfile(archive, world.lockfile, notes);
  const cacheDir = await cacheFolder(options.cache, environment);
  const credentialsOf = createCredentialsOf(settings);
  const memory = createMemoryBudget();
  const registry = memory.admitting(
    createNpmRegistry(settings, { ...patience, refuse: memory.refuse }),
  );
  const evidence = await openEvidenceSource(options, {
    ...{ archive, credentialsOf, cacheDir, now, warn: notes.warn },
    registry: shareAnswers(registry, credentialsOf),
  });
  const ports: AuditPorts = {
    // Also of what was kept, or comes in an archive.
    registry: memory.holding(memory.admitting(evidence.registry)),
    ...(options.fetchTarball && {
      archives: createNpmArchives(settings, patience),
    }),
    trustRoot: shareTrustRoot(
      await createTrustRootSource(options, {
        ...{ cwd: environment.cwd, cacheDir },
        network: settings.network,
        deadlineMs: options.deadlineMs,
        ...(options.offline && {
          offline: { archived: archive?.trustRoot ?? null },
        }),
        now,
        warn: notes.warn,
      }),
    ),
    loadTree: loadVirtualTree,
    openVerifyPool,
    clock: {
      now,
      elapsed: () => performance.now(),
      doubts: () => watch.check().messages,
    },
  };
  return { ports, evidence };
}

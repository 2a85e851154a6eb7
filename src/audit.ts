import type { AuditOptions, AuditPorts } from './audit-ports.js';
import { withEarlierBuilds } from './earlier-builds.js';
import type { RegistryConfig } from './evidence/registry-config.js';
import { recognizeRegistryTarball } from './evidence/registry-identity.js';
import { establishFacts } from './facts/establish-facts.js';
import { gather } from './gather.js';
import {
  compareLockfiles,
  type LockfileChange,
} from './lockfile/compare-lockfiles.js';
import type { Dependency, Lockfile } from './lockfile/dependency.js';
import type { LockfileInput } from './lockfile/lockfile-format.js';
import { parseLockfile } from './lockfile/parse-lockfile.js';
import { unjudgedThresholds } from './policy/coverage.js';
import { evaluatePolicy } from './policy/evaluate-policy.js';
import { toLeftOut } from './policy/left-out.js';
import { withPolicyRegistries } from './policy/registry-roles.js';
import { NO_PINS } from './policy/pins/pins.js';
import { RULES } from './policy/rules/index.js';
import {
  isWhole,
  selectDependencies,
  WHOLE_LOCKFILE,
} from './policy/selection.js';
import type { Subject } from './policy/verdict.js';
import { buildPackageReport } from './report/build-package-report.js';
import { buildReport, type ReportInput } from './report/build-report.js';
import type { PackageReport } from './report/package-report.js';
import { toReportTrustRoot } from './report/report-trust-root.js';
import type { Report } from './report/report.js';
import { findConflictingPins } from './verification/lockfile-claims.js';

/** Picks those that are looked at, of all that the lockfile has. */
type SelectDependencies = (
  dependencies: readonly Dependency[],
) => readonly Dependency[];

/**
 * Audits one lockfile: reads its dependencies, asks for their evidence,
 * verifies it, derives facts, evaluates policy, and returns the report.
 *
 * Prints nothing and makes no request but through `ports`. Throws `AuditError`
 * where no audit is possible; whatever is wrong with one dependency is in the
 * report.
 */
export async function audit(
  source: LockfileInput,
  ports: AuditPorts,
  options: AuditOptions,
): Promise<Report> {
  return buildReport(await runStages(source, ports, options));
}

/**
 * The same for a closer look at the packages that `select` picks: every check
 * that was made, with what was expected and found. Nobody is asked about the
 * others. What `select` throws ends it.
 */
export async function inspect(
  source: LockfileInput,
  ports: AuditPorts,
  options: AuditOptions & {
    readonly select: SelectDependencies;
  },
): Promise<PackageReport> {
  const { policy } = options;
  return buildPackageReport(await runStages(source, ports, options), policy);
}

/** The same as `audit`, with what the report was made of. */
export async function auditSubjects(
  source: LockfileInput,
  ports: AuditPorts,
  options: AuditOptions,
): Promise<{
  readonly report: Report;
  readonly subjects: readonly Subject[];
  readonly changes: readonly LockfileChange[];
}> {
  const input = await runStages(source, ports, options);
  const { changes, verdict } = input;
  return { report: buildReport(input), subjects: verdict.subjects, changes };
}

/**
 * The dependencies of a lockfile as an audit with these settings takes them.
 * Throws `AuditError` where it cannot be read.
 */
export async function readDependencies(
  source: LockfileInput,
  ports: Pick<AuditPorts, 'loadTree'>,
  { registries, policy }: Pick<AuditOptions, 'registries' | 'policy'>,
): Promise<readonly Dependency[]> {
  const known = withPolicyRegistries(registries, policy);
  return (await readLockfile(source, ports, known)).dependencies;
}

async function readLockfile(
  source: LockfileInput,
  { loadTree }: Pick<AuditPorts, 'loadTree'>,
  registries: RegistryConfig,
): Promise<{
  readonly lockfile: Lockfile;
  readonly dependencies: readonly Dependency[];
}> {
  const lockfile = await parseLockfile(source, loadTree);
  const dependencies = lockfile.dependencies.map((each) =>
    recognizeRegistryTarball(each, registries),
  );
  return { lockfile, dependencies };
}

function withinChanges(
  meant: ReadonlySet<Dependency>,
  changes: readonly LockfileChange[],
): ReadonlySet<Dependency> {
  return new Set(
    changes.flatMap(({ after }) =>
      after !== null && meant.has(after) ? [after] : [],
    ),
  );
}

async function runStages(
  source: LockfileInput,
  ports: AuditPorts,
  options: AuditOptions & {
    readonly select?: SelectDependencies;
  },
): Promise<ReportInput & { readonly changes: readonly LockfileChange[] }> {
  const { policy } = options;
  const registries = withPolicyRegistries(options.registries, policy);
  const startedAt = ports.clock.elapsed();
  const { lockfile, dependencies } = await readLockfile(
    source,
    ports,
    registries,
  );
  const select: SelectDependencies = options.select ?? ((all) => all);
  const { selection = WHOLE_LOCKFILE, changedFrom } = options;
  const changes =
    changedFrom === undefined
      ? null
      : compareLockfiles(changedFrom.dependencies, dependencies);
  const meant = selectDependencies(dependencies, selection, source.path);
  const selected = changes === null ? meant : withinChanges(meant, changes);
  const leftOut = dependencies.filter((each) => !selected.has(each));
  const auditedAt = ports.clock.now();
  const { trustRoot, collected, knownResults } = await gather(
    select([...selected]),
    ports,
    { ...options, registries, now: auditedAt },
  );
  const context = {
    trustRoot,
    publicRegistry: registries.publicRegistry,
    conflictingPins: findConflictingPins(dependencies),
    issuers: policy.issuers,
    now: auditedAt,
    clockDoubts: ports.clock.doubts(),
    knownResults,
  };
  const judged = collected.map((each): Subject => {
    const { dependency, registry, askedAt, evidence } = each;
    if (registry === null) return { ...each, facts: null };
    const facts = establishFacts(dependency, evidence, {
      ...context,
      registry,
      askedAt,
    });
    return { ...each, facts };
  });
  const compared = await withEarlierBuilds(judged, ports, {
    ...options,
    context,
  });
  const subjects = [...compared, ...leftOut.map(toLeftOut)];
  return {
    tool: options.tool,
    auditedAt,
    lockfile,
    trustRoot: toReportTrustRoot(trustRoot),
    policy,
    selection:
      isWhole(selection) && changes === null
        ? null
        : {
            ...selection,
            changedSince: changedFrom?.name ?? null,
            coverageNotJudged: unjudgedThresholds(policy.coverage, leftOut),
          },
    changes: changes ?? [],
    verdict: evaluatePolicy(
      subjects,
      {
        policy,
        pins: options.pins ?? NO_PINS,
        proposed: options.proposed ?? null,
        now: auditedAt,
        ...(changes !== null && { changes }),
      },
      RULES,
    ),
    durations: { total: Math.round(ports.clock.elapsed() - startedAt) },
  };
}

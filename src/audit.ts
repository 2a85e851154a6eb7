import type { AuditOptions, AuditPorts } from './audit-ports.js';
import { chooseDependencies, describeChoice } from './choose-dependencies.js';
import { withEarlierBuilds } from './earlier-builds.js';
import type { CollectedEvidence } from './evidence/collect-evidence.js';
import { letDocumentsGo } from './evidence/judged-evidence.js';
import {
  establishFacts,
  type EstablishContext,
} from './facts/establish-facts.js';
import type { Facts } from './facts/facts.js';
import { withoutDetails } from './facts/without-details.js';
import { gather } from './gather.js';
import type { LockfileChange } from './lockfile/compare-lockfiles.js';
import type { Dependency } from './lockfile/dependency.js';
import type { LockfileInput } from './lockfile/lockfile-format.js';
import { evaluatePolicy } from './policy/evaluate-policy.js';
import { toLeftOut } from './policy/left-out.js';
import { withPolicyRegistries } from './policy/registry-roles.js';
import { NO_PINS } from './policy/pins/pins.js';
import { RULES } from './policy/rules/index.js';
import type { Subject } from './policy/verdict.js';
import { readLockfile } from './read-dependencies.js';
import { buildPackageReport } from './report/build-package-report.js';
import { buildReport, type ReportInput } from './report/build-report.js';
import type { PackageReport } from './report/package-report.js';
import { toReportTrustRoot } from './report/report-trust-root.js';
import type { Report } from './report/report.js';
import { findConflictingPins } from './verification/lockfile-claims.js';
import type { TrustRoot } from './verification/trust-root.js';

/** Picks those that are looked at, of all that the lockfile has. */
export type SelectDependencies = (
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

async function runStages(
  source: LockfileInput,
  ports: AuditPorts,
  options: AuditOptions & {
    readonly select?: SelectDependencies;
  },
): Promise<ReportInput & { readonly changes: readonly LockfileChange[] }> {
  const { policy, select } = options;
  const registries = withPolicyRegistries(options.registries, policy);
  const startedAt = ports.clock.elapsed();
  const read = await readLockfile(source, ports, registries);
  const { lockfile, dependencies } = read;
  const chosen = chooseDependencies(dependencies, source.path, options);
  const now = ports.clock.now();
  const { trustRoot, subjects } = await judge(
    select?.(chosen.selected) ?? chosen.selected,
    ports,
    {
      ...{ ...options, registries, now, isCloseLook: select !== undefined },
      conflictingPins: findConflictingPins(dependencies),
    },
  );
  const { pins = NO_PINS, proposed = null } = options;
  const { changes } = chosen;
  return {
    tool: options.tool,
    auditedAt: now,
    lockfile,
    trustRoot: toReportTrustRoot(trustRoot),
    policy,
    selection: describeChoice(chosen, options),
    changes: changes ?? [],
    verdict: evaluatePolicy(
      [...subjects, ...chosen.leftOut.map(toLeftOut)],
      { policy, pins, proposed, now, ...(changes !== null && { changes }) },
      RULES,
    ),
    durations: { total: Math.round(ports.clock.elapsed() - startedAt) },
  };
}

/**
 * What is established about each of `selected`, with what rules compare it with.
 * On return nothing holds the documents any longer, nor, unless it is a close
 * look, what checks that passed have compared.
 */
async function judge(
  selected: readonly Dependency[],
  ports: AuditPorts,
  options: AuditOptions &
    Pick<EstablishContext, 'conflictingPins'> & {
      readonly now: Date;
      readonly isCloseLook: boolean;
    },
): Promise<{
  readonly trustRoot: TrustRoot;
  readonly subjects: readonly Subject[];
}> {
  const { registries, policy, now, conflictingPins } = options;
  const { trustRoot, collected, knownResults } = await gather(
    selected,
    ports,
    options,
  );
  const context = {
    ...{ trustRoot, conflictingPins, now, knownResults },
    publicRegistry: registries.publicRegistry,
    issuers: policy.issuers,
    clockDoubts: ports.clock.doubts(),
  };
  const subjects = collected.map((each) => {
    const facts = factsOf(each, context);
    return {
      ...each,
      evidence: letDocumentsGo(each.evidence),
      facts:
        facts === null || options.isCloseLook ? facts : withoutDetails(facts),
    };
  });
  return {
    trustRoot,
    subjects: await withEarlierBuilds(subjects, collected, ports, {
      ...options,
      context,
    }),
  };
}

function factsOf(
  { dependency, registry, askedAt, evidence }: CollectedEvidence,
  context: Omit<EstablishContext, 'registry' | 'askedAt'>,
): Facts | null {
  return registry === null
    ? null
    : establishFacts(dependency, evidence, { ...context, registry, askedAt });
}

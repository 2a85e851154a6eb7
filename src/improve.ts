import pLimit from 'p-limit';

import type { AssessOptions } from './assess-versions.js';
import { auditSubjects } from './audit.js';
import type { AuditOptions, AuditPorts } from './audit-ports.js';
import { AuditError } from './errors.js';
import { askHistories } from './evidence/ask-histories.js';
import type { HistoryAnswer } from './evidence/history-answer.js';
import { findCandidates } from './improve/candidates.js';
import { findBetter } from './improve/find-better.js';
import {
  judgeImprovement,
  type Outlook,
  type WeakSubject,
} from './improve/judge-improvement.js';
import { createRangeFinder, createWorkspaceFinder } from './improve/ranges.js';
import {
  groupImprovements,
  type ImprovedSubject,
} from './improve/group-improvements.js';
import { weaknessOf } from './improve/weakness.js';
import type { LockfileInput } from './lockfile/lockfile-format.js';
import { withPolicyRegistries } from './policy/registry-roles.js';
import type { Subject } from './policy/verdict.js';
import { buildImproveReport } from './report/build-improve-report.js';
import type { ImproveReport } from './report/improve-report.js';
import { parseTrustRoot } from './verification/trust-root.js';

/**
 * Finds for each package of the lockfile without provenance, or with evidence that
 * is weak in another way, a newer version that is attested and verifies, and says
 * what coverage the updates would come to, the rest of the lockfile left as it is.
 * One request for each such package, and at most three for each of up to seven
 * candidates.
 *
 * As `audit` otherwise.
 */
export async function improve(
  source: LockfileInput,
  ports: AuditPorts,
  options: AuditOptions,
): Promise<ImproveReport> {
  const startedAt = ports.clock.elapsed();
  const { report, subjects } = await auditSubjects(source, ports, {
    ...options,
    // What rules find is of no interest, nor what they would ask for.
    policy: { ...options.policy, rules: new Map() },
  });
  const weak = findWeak(subjects, source);
  const asked = weak.map(({ subject }) => subject);
  const asking = {
    registry: ports.registry,
    concurrency: options.concurrency,
    signal: AbortSignal.any([options.signal, options.deadline]),
  };
  const histories = await askHistories(asked, {
    ...asking,
    isWanted: () => true,
  });
  const assess = {
    ...asking,
    concurrency: 1,
    context: await contextOf(asked, ports, options),
  };
  const limit = pLimit(options.concurrency);
  const { format } = report.lockfile;
  const improved = await Promise.all(
    weak.map((one, index): Promise<ImprovedSubject> =>
      limit(async () => {
        const outlook = await lookOut(one, histories[index]?.history, assess);
        const { subject } = one;
        return { subject, ...judgeImprovement(one, outlook, format) };
      }),
    ),
  );
  if (options.signal.aborted) {
    throw new AuditError('ABORTED', 'stopped: no report was written');
  }
  return buildImproveReport(
    report,
    groupImprovements(improved, format),
    Math.round(ports.clock.elapsed() - startedAt),
  );
}

/** What might be bettered, with all that decides by which command. */
function findWeak(
  subjects: readonly Subject[],
  source: LockfileInput,
): readonly WeakSubject[] {
  const rangesOf = createRangeFinder(subjects, source);
  const workspacesOf = createWorkspaceFinder(source);
  const versions = new Map<string, Set<string>>();
  for (const { dependency, facts } of subjects) {
    if (facts === null) continue;
    const { name, version } = dependency.id;
    const others = versions.get(name);
    if (others === undefined) versions.set(name, new Set([version]));
    else others.add(version);
  }
  return subjects.flatMap((subject) => {
    const weakness = weaknessOf(subject);
    if (weakness === null) return [];
    const { dependency } = subject;
    return {
      ...{ subject, weakness, known: rangesOf(subject) },
      workspaces: workspacesOf(dependency),
      isOnlyVersion: versions.get(dependency.id.name)?.size === 1,
    };
  });
}

async function lookOut(
  { subject, weakness, known }: WeakSubject,
  history: HistoryAnswer | undefined,
  options: AssessOptions,
): Promise<Outlook> {
  const { dependency, registry, askedAt } = subject;
  if (registry === null || askedAt === null || history === undefined) {
    throw new Error('an answer without anybody who was asked');
  }
  if (history.status === 'unavailable') {
    const { code, message } = history;
    return { status: 'unavailable', reason: { code, message } };
  }
  const { name, version } = dependency.id;
  const candidates = findCandidates(version, history.history, known);
  const place = {
    ...{ name, registry, askedAt },
    needsFullIdentity: weakness === 'limited-identity',
  };
  return {
    status: 'known',
    better: await findBetter(candidates, place, options),
  };
}

async function contextOf(
  subjects: readonly Subject[],
  ports: AuditPorts,
  { registries, policy, signal }: AuditOptions,
): Promise<AssessOptions['context']> {
  const hosts = new Set(
    subjects.flatMap(({ registry }) =>
      registry === null ? [] : [new URL(registry).host],
    ),
  );
  const documents = await ports.trustRoot.load([...hosts].toSorted(), signal);
  const { publicRegistry } = withPolicyRegistries(registries, policy);
  return {
    trustRoot: parseTrustRoot(documents),
    publicRegistry,
    issuers: policy.issuers,
    now: ports.clock.now(),
    clockDoubts: ports.clock.doubts(),
  };
}

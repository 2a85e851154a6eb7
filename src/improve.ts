import pLimit from 'p-limit';

import type { AssessOptions } from './assess-versions.js';
import { auditSubjects } from './audit.js';
import type { AuditOptions, AuditPorts } from './audit-ports.js';
import { AuditError } from './errors.js';
import { askHistories, type HistoryAnswer } from './evidence/ask-histories.js';
import { findCandidates } from './improve/candidates.js';
import { findBetter } from './improve/find-better.js';
import { judgeImprovement, type Outlook } from './improve/judge-improvement.js';
import { createRangeFinder, type KnownRanges } from './improve/ranges.js';
import {
  groupImprovements,
  type ImprovedSubject,
} from './improve/group-improvements.js';
import type { LockfileInput } from './lockfile/lockfile-format.js';
import { isAnswered } from './policy/answered.js';
import { isProvenBuild } from './policy/history/downgrade.js';
import { withPolicyRegistries } from './policy/registry-roles.js';
import type { Subject } from './policy/verdict.js';
import { buildImproveReport } from './report/build-improve-report.js';
import type { ImproveReport } from './report/improve-report.js';
import { parseTrustRoot } from './verification/trust-root.js';

/**
 * Finds for each package of the lockfile without provenance a newer version that
 * is attested and verifies, and says what coverage the updates would come to, the
 * rest of the lockfile left as it is. One request for each such package, and at
 * most three for each of up to seven candidates.
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
  const unproven = subjects.filter(
    (subject) => isAnswered(subject) && !isProvenBuild(subject.facts),
  );
  const asking = {
    registry: ports.registry,
    concurrency: options.concurrency,
    signal: AbortSignal.any([options.signal, options.deadline]),
  };
  const asked = await askHistories(unproven, {
    ...asking,
    isWanted: () => true,
  });
  const rangesOf = createRangeFinder(subjects, source);
  const assess = {
    ...asking,
    concurrency: 1,
    context: await contextOf(unproven, ports, options),
  };
  const limit = pLimit(options.concurrency);
  const { format } = report.lockfile;
  const improved = await Promise.all(
    unproven.map((subject, index): Promise<ImprovedSubject> =>
      limit(async () => {
        const ranges = rangesOf(subject);
        const history = asked[index]?.history;
        const outlook = await lookOut(subject, history, ranges, assess);
        return {
          subject,
          improvement: judgeImprovement(subject, ranges, outlook, format),
        };
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

async function lookOut(
  { dependency, registry, askedAt }: Subject,
  history: HistoryAnswer | undefined,
  ranges: KnownRanges,
  options: AssessOptions,
): Promise<Outlook> {
  if (registry === null || askedAt === null || history === undefined) {
    throw new Error('an answer without anybody who was asked');
  }
  if (history.status === 'unavailable') {
    const { code, message } = history;
    return { status: 'unavailable', reason: { code, message } };
  }
  const { name, version } = dependency.id;
  const candidates = findCandidates(version, history.history, ranges);
  const place = { name, registry, askedAt };
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

import {
  assessVersions,
  type AssessOptions,
  type VersionToAssess,
} from './assess-versions.js';
import type { AuditOptions, AuditPorts } from './audit-ports.js';
import { AuditError } from './errors.js';
import type { CollectedEvidence } from './evidence/collect-evidence.js';
import { formatPackageId } from './package/package-id.js';
import { historyNeeds, wantedBuilds } from './policy/history/history-needs.js';
import { RULES } from './policy/rules/index.js';
import type { Subject } from './policy/verdict.js';

/**
 * `subjects`, made of `collected`, in their order, with what is established about
 * the earlier versions that rules compare them with. Nobody is asked where no
 * rule does, nor again about a version that is a subject too: one answer counts
 * throughout. Rejects with an `AuditError` `ABORTED` if the user has ended the
 * audit meanwhile.
 */
export async function withEarlierBuilds(
  subjects: readonly Subject[],
  collected: readonly CollectedEvidence[],
  { registry }: Pick<AuditPorts, 'registry'>,
  options: Pick<
    AuditOptions,
    'policy' | 'concurrency' | 'signal' | 'deadline'
  > &
    Pick<AssessOptions, 'context'>,
): Promise<readonly Subject[]> {
  const wanted = new Map<string, VersionToAssess>();
  const bySubject = subjects.map((subject) => {
    const versions = buildsFor(subject, options);
    for (const each of versions) wanted.set(keyOf(each), each);
    return versions;
  });
  if (wanted.size === 0) return subjects;
  for (const { dependency, registry, askedAt, evidence } of collected) {
    if (registry === null || askedAt === null) continue;
    const key = keyOf({ id: dependency.id, registry, askedAt });
    const same = wanted.get(key);
    if (same !== undefined) wanted.set(key, { ...same, evidence });
  }
  const { concurrency, context, signal, deadline } = options;
  const keys = [...wanted.keys()];
  const assessed = await assessVersions([...wanted.values()], {
    ...{ registry, concurrency, context },
    signal: AbortSignal.any([signal, deadline]),
  });
  if (signal.aborted) {
    const message =
      'stopped before earlier versions were compared: no report was written';
    throw new AuditError('ABORTED', message);
  }
  const found = new Map(keys.map((key, index) => [key, assessed[index]]));
  return subjects.map((subject, index) => {
    const earlier = (bySubject[index] ?? []).flatMap((each) => {
      const build = found.get(keyOf(each));
      return build === undefined ? [] : [[each.id.version, build] as const];
    });
    return earlier.length === 0
      ? subject
      : { ...subject, earlier: new Map(earlier) };
  });
}

function buildsFor(
  subject: Subject,
  { policy }: Pick<AuditOptions, 'policy'>,
): readonly VersionToAssess[] {
  const { registry, askedAt } = subject;
  if (registry === null || askedAt === null) return [];
  const needs = historyNeeds(subject, policy, RULES);
  return wantedBuilds(subject, needs, policy.history).map((build) => ({
    ...build,
    ...{ registry, askedAt },
  }));
}

function keyOf({
  id,
  askedAt,
  registry,
}: Pick<VersionToAssess, 'id' | 'askedAt' | 'registry'>): string {
  return JSON.stringify([registry, askedAt, formatPackageId(id)]);
}

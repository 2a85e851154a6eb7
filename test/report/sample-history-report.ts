import type { Facts } from '../../src/facts/facts.js';
import type { EarlierBuild, Subject } from '../../src/policy/verdict.js';
import { buildHistoryReport } from '../../src/report/build-history-report.js';
import { buildReport } from '../../src/report/build-report.js';
import type { HistoryReport } from '../../src/report/history-report.js';
import type { Report } from '../../src/report/report.js';
import { historyOf, type SampleRelease } from '../policy/histories.js';
import {
  sampleDependency,
  sampleInput,
  sampleProvenance,
  signed,
  unavailable,
  unverifiable,
  rejected,
  verified,
  violatedFinding,
} from './sample-report.js';

const RELEASES: readonly SampleRelease[] = [
  { version: '0.9.0', at: null },
  { version: '1.0.0', at: '2023-02-01' },
  { version: '1.0.1', at: '2023-05-11' },
  { version: '1.0.2', at: '2023-09-20' },
  { version: '1.1.0', at: '2024-02-02', level: 'provenance' },
  { version: '1.1.1', at: '2024-06-14', level: 'provenance' },
  { version: '2.0.0-beta.1', at: '2024-09-01' },
  { version: '1.1.2', at: '2024-10-05' },
  { version: '2.0.0', at: '2025-01-20', level: 'trusted-publisher' },
  { version: '2.0.1', at: '2025-04-02', level: 'trusted-publisher' },
  { version: '2.1.0', at: '2025-09-30', level: 'staged' },
  { version: '2.1.1', at: '2026-02-11', level: 'provenance' },
  { version: '2.1.2', at: '2026-05-01' },
];

const WIDGET = sampleDependency('@acme/widget', '2.1.2', { direct: true });

function buildOf(subject: Subject): EarlierBuild {
  const { evidence, facts } = subject;
  if (facts === null) throw new Error('nobody was asked');
  return { evidence, facts };
}

function builtIn(repository: string, change: object): EarlierBuild {
  const build = buildOf(verified(WIDGET));
  const provenance = { ...sampleProvenance(repository), ...change };
  return { ...build, facts: { ...build.facts, provenance } satisfies Facts };
}

/** A package with a version in every state, built in two places. */
export function sampleHistoryReport(
  releases: readonly SampleRelease[] = RELEASES,
): HistoryReport {
  const { tool, auditedAt, lockfile, trustRoot, durations } = buildReport(
    sampleInput([], []),
  );
  const history = historyOf('@acme/widget', releases, {
    latest: '2.1.2',
    next: '2.0.0-beta.1',
  });
  if (history.status !== 'known') throw new Error('no history');
  const moved = { sourceRepositoryId: '7777', event: 'push' };
  return buildHistoryReport({
    head: {
      ...{ schemaVersion: 1, tool, auditedAt, lockfile, trustRoot, durations },
      package: {
        name: '@acme/widget',
        registry: 'https://registry.example/',
        askedAt: 'https://registry.example/',
      },
      unavailable: null,
    },
    history: history.history,
    assessed: new Map<string, EarlierBuild>([
      ['1.1.1', builtIn('https://github.com/acme/widget', {})],
      ['2.0.0', builtIn('https://github.com/acme-labs/widget', moved)],
      ['2.0.1', buildOf(unverifiable(WIDGET))],
      ['2.1.0', buildOf(unavailable(WIDGET))],
      ['2.1.1', buildOf(rejected(WIDGET))],
    ]),
    pinned: new Set(['2.1.2']),
  });
}

/** A package whose registry tells nothing about its versions. */
export function unknownHistoryReport(): HistoryReport {
  return {
    ...sampleHistoryReport([]),
    unavailable: { code: 'auth', message: 'HTTP 401' },
    ...{ result: 'incomplete', exitCode: 3 },
  };
}

/** An audit of the same package, which lost its provenance. */
export function downgradeReport(): Report {
  const lost: Subject = {
    ...signed(WIDGET),
    history: historyOf('@acme/widget', RELEASES),
    earlier: new Map([
      ['2.0.0', builtIn('https://github.com/acme-labs/widget', {})],
    ]),
  };
  const quiet: Subject = {
    ...signed(sampleDependency('quiet', '2.1.2', { direct: true })),
    history: historyOf('quiet', RELEASES),
  };
  const finding = {
    ...violatedFinding(lost),
    rule: 'trust-downgrade',
    message: 'no provenance, where 2.1.1 of 2026-02-11 had provenance',
  };
  return buildReport(sampleInput([lost, quiet], [finding]));
}

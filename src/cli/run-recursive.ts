import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { audit } from '../audit.js';
import { AuditError } from '../errors.js';
import { findLockfiles } from '../io/find-lockfiles.js';
import { createSharedAnswers } from '../io/shared-answers.js';
import { createSharedTrustRoot } from '../io/shared-trust-root.js';
import { readVerifierVersion } from '../io/verifier-version.js';
import { withoutUnusedFindings, type Policy } from '../policy/policy.js';
import { describeSelection, isWhole } from '../policy/selection.js';
import { buildRecursiveReport } from '../report/build-recursive-report.js';
import { loadRenderSeveral } from '../report/formats/index.js';
import type {
  RecursiveReport,
  ReportProject,
} from '../report/recursive-report.js';
import { announcementOfSeveral, announceToGithub } from './announce-github.js';
import {
  checkDelivery,
  loadForms,
  deliver,
  toDelivery,
  type Render,
} from './deliver.js';
import type { PlacedEnvironment } from './environment.js';
import { fromRoot } from './from-root.js';
import { readCommon } from './governing-policy.js';
import { createNotes } from './notes.js';
import type { SelectiveAuditOptions } from './options.js';
import { withPreparedAudit, type SharedByAudits } from './prepare-audit.js';
import type { Self } from './self.js';

type Outcome = Omit<ReportProject, 'exitCode'>;

/**
 * Audits every lockfile below the folder that `options` name, one after the
 * other, and delivers one report. A project that cannot be audited ends none of
 * the others. Throws `AuditError` where there is nothing to audit, or the user
 * has ended it.
 */
export async function runRecursive(
  options: SelectiveAuditOptions,
  environment: PlacedEnvironment,
  self: Self,
): Promise<RecursiveReport> {
  const startedAt = performance.now();
  const folder = resolve(environment.cwd, options.directory);
  const delivery = await toDelivery(environment, folder);
  await checkDelivery(options, delivery);
  const formOf = await loadForms(options, loadRenderSeveral);
  const found = await findLockfiles(folder, environment.env);
  if (found.projects.length === 0) {
    throw new AuditError(
      'LOCKFILE_MISSING',
      `${options.directory}: no lockfile in it or below it`,
    );
  }
  const notes = createNotes(environment.stderr, options.quiet);
  if (found.gitProblem !== null) {
    notes.warn(
      `lockfiles that git ignores are audited too: ${found.gitProblem}`,
    );
  }
  const isShared = found.projects.length > 1;
  const shared = await prepareShared(options, environment, isShared);
  const projects: Outcome[] = [];
  for (const { path, lockfiles } of found.projects) {
    const [only = null, ...others] = lockfiles;
    const project = {
      ...{ ...options, files: [], directory: join(folder, path) },
      // Which of several it is, or that this cannot be told, is said as ever.
      lockfile: others.length === 0 ? only : null,
    };
    const world = { environment, self, shared };
    projects.push({ path, ...(await auditOne(project, world)) });
  }
  refuseEmpty(options, projects);
  const report = buildRecursiveReport({
    tool: {
      name: 'provenance-audit',
      version: self.version,
      verifier: readVerifierVersion(),
    },
    auditedAt: new Date(),
    projects,
    ignored: found.ignored,
    durations: { total: Math.round(performance.now() - startedAt) },
  });
  const seen = fromRoot(delivery.root, folder);
  const render: Render = (format, look) =>
    formOf(format)(report, { ...look, folder: seen });
  await deliver(render, options, delivery);
  await announceToGithub(() => announcementOfSeveral(report, seen), {
    environment,
    notes,
  });
  return report;
}

/**
 * One policy, answers that were given once, one limit of time. Whether a policy
 * for all of them has entries that one of them does not need says nothing.
 */
async function prepareShared(
  options: SelectiveAuditOptions,
  environment: PlacedEnvironment,
  isShared: boolean,
): Promise<SharedByAudits> {
  const read = await readCommon(options, environment);
  const forAll = (one: Policy | null): Policy | null =>
    isShared && one !== null ? withoutUnusedFindings(one) : one;
  return {
    policy: {
      governing: forAll(read.governing),
      proposed: forAll(read.proposed),
      isGiven: read.isGiven,
    },
    shareAnswers: createSharedAnswers(),
    shareTrustRoot: createSharedTrustRoot(),
    deadline: AbortSignal.timeout(options.deadlineMs),
    said: new Set(),
  };
}

async function auditOne(
  options: SelectiveAuditOptions,
  world: {
    readonly environment: PlacedEnvironment;
    readonly self: Self;
    readonly shared: SharedByAudits;
  },
): Promise<Pick<Outcome, 'report' | 'error'>> {
  const selection = { ...options.selection, mayBeEmpty: true };
  try {
    const report = await withPreparedAudit(options, world, (prepared) =>
      audit(prepared.input, prepared.ports, {
        ...prepared.options,
        selection,
      }),
    );
    return { report, error: null };
  } catch (error) {
    // A defect of ours, or the user's wish to stop, is not about one project.
    if (!(error instanceof AuditError) || error.code === 'ABORTED') throw error;
    return {
      report: null,
      error: { code: error.code, message: error.message },
    };
  }
}

/** What fits nothing anywhere is a mistake, as with one lockfile. */
function refuseEmpty(
  { selection }: SelectiveAuditOptions,
  projects: readonly Outcome[],
): void {
  if (isWhole(selection)) return;
  const isEmpty = projects.every(({ report }) => {
    const { dependencies = 0, outOfScope = {} } = report?.summary ?? {};
    return dependencies === (outOfScope['omitted'] ?? 0);
  });
  if (!isEmpty || projects.some(({ report }) => report === null)) return;
  throw new AuditError(
    'USAGE',
    `nothing in any lockfile is selected by ${describeSelection(selection)}`,
  );
}

import type { Report } from '../../src/report/report.js';

/** The one thing that may be missing: a registry that has no evidence at all. */
const NONE = 'registry-without-evidence';

/**
 * What this project's audit of itself shows, in one line. Where the registry at
 * hand serves evidence the audit must pass. Where it serves none, nothing can be
 * proven, and the line says so; everything that the lockfile alone decides must
 * hold all the same. Throws for every other outcome.
 */
export function judge(value: unknown): string {
  const report = value as Report;
  const { summary, findings, dependencies, exitCode } = report;
  const { inScope, evidence, verification } = summary;
  const strays = Object.keys(summary.outOfScope).filter(
    (reason) => reason !== 'bundled',
  );
  if (strays.length > 0)
    throw new Error(`from elsewhere: ${strays.join(', ')}`);
  if (exitCode === 0) {
    return `self-audit: policy met, ${verification.verified} of ${inScope} have a proven origin`;
  }
  const errors = findings.filter(({ level }) => level === 'error');
  const others = errors.filter(
    ({ consequence }) => consequence !== 'incomplete',
  );
  const asked = dependencies.filter(({ scope }) => scope === 'in-scope');
  const codes = new Set(asked.map(({ unavailable }) => unavailable?.code));
  const isSilent = codes.size === 1 && codes.has(NONE);
  const unpinned = asked.filter(
    ({ integrity }) => integrity?.startsWith('sha512-') !== true,
  );
  if (exitCode !== 3 || others.length > 0 || !isSilent || unpinned.length > 0) {
    const lines = errors.map(
      (each) => `${each.rule} ${each.package ?? ''}: ${each.message}`,
    );
    throw new Error([`ended with ${exitCode}`, ...lines].join('\n'));
  }
  return (
    `self-audit: the registry at hand serves no evidence, so none of ${evidence.unavailable} ` +
    'packages is proven here (exit code 3); by the lockfile alone: all pinned ' +
    'by SHA-512, none from anywhere but a registry, no violation of the policy'
  );
}

/** The policy demands registry signatures, and none are recorded. */
const UNSIGNED = 'registry-signature-missing';
/** Beside that: the policy is about more packages than are recorded. */
const EXPECTED = [UNSIGNED, 'setting-without-effect'];

/**
 * What the audit of recorded evidence shows: everything that was recorded has a
 * proven origin, and neither policy nor pins have anything against it but that no
 * registry signatures are recorded. Throws for every other outcome.
 */
export function judgeRecorded(value: unknown): string {
  const { exitCode, dependencies, ...report } = value as Report;
  const isUnsigned = report.findings.some(({ rule }) => rule === UNSIGNED);
  const findings = report.findings.filter(
    ({ rule }) => !EXPECTED.includes(rule),
  );
  const names = dependencies.map(({ name, version }) => `${name}@${version}`);
  const unproven = dependencies.filter(
    ({ verification }) => verification !== 'verified',
  );
  if (
    exitCode !== (isUnsigned ? 1 : 0) ||
    names.length === 0 ||
    unproven.length > 0 ||
    findings.length > 0
  ) {
    const lines = findings.map(
      (each) => `${each.rule} ${each.package ?? ''}: ${each.message}`,
    );
    throw new Error([`recorded: ended with ${exitCode}`, ...lines].join('\n'));
  }
  return `${names.join(', ')} verified`;
}

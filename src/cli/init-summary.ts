import { formatPackageId } from '../package/package-id.js';
import type { InitialPolicy } from '../policy/initial-policy.js';
import type { Pins } from '../policy/pins/pins.js';
import type { Finding, Verdict } from '../policy/verdict.js';
import { escapeLogLine, escapeTerminal } from '../report/escape.js';

const MAX_LINE = 1000;
const MAX_FINDINGS = 20;
const DO = 'do          ';

/** What was written, what it holds on to, and what to do next. */
export function renderInitialized(
  files: readonly string[],
  {
    draft,
    pins,
    after,
    quiet,
  }: {
    readonly draft: InitialPolicy;
    readonly pins: Pins;
    /** The state of now by what was written. */
    readonly after: Verdict;
    readonly quiet: boolean;
  },
): string {
  const missing = errorsOf(after);
  const pinned = [...pins.values()].reduce((sum, list) => sum + list.length, 0);
  const coverage = draft.coverage.map(
    ({ group, threshold, count: { verified, eligible } }) =>
      `${group} ${threshold} (${verified} of ${eligible})`,
  );
  return toText([
    ...listFindings(missing),
    ...(missing.length === 0
      ? []
      : [
          'incomplete  what was written holds on to what is known now, and no more',
          `${DO}once these can be had: provenance-audit init --force`,
        ]),
    ...(quiet
      ? []
      : [
          `written     ${files.join(' and ')}`,
          `coverage    ${coverage.join(', ') || 'nothing is proven yet, so no threshold'}`,
          `pins        ${pinned}, each of which has to stay as it is`,
          ...draft.lowered.map(
            ({ rule, packages }) =>
              `warned of   ${rule} of ${packages.join(', ')}`,
          ),
          `${DO}commit both files and review their changes like the lockfile’s;`,
          '            run provenance-audit before npm ci, in CI too;',
          '            after updates: provenance-audit pin',
        ]),
  ]);
}

/** Why nothing was written. */
export function renderNotInitialized(after: Verdict, file: string): string {
  const errors = errorsOf(after);
  const isTampered = errors.some(
    ({ consequence }) => consequence === 'tampered',
  );
  return toText([
    ...listFindings(
      isTampered
        ? errors.filter(({ consequence }) => consequence === 'tampered')
        : errors,
    ),
    isTampered
      ? `${file}: not written, since evidence was rejected`
      : `${file}: not written, since today’s state would not pass it`,
    `${DO}provenance-audit tells what each finding means; a policy begins after they are gone`,
  ]);
}

function errorsOf({ findings }: Verdict): readonly Finding[] {
  return findings.filter(
    ({ level, exempted }) => level === 'error' && exempted === null,
  );
}

function listFindings(findings: readonly Finding[]): readonly string[] {
  const more = findings.length - MAX_FINDINGS;
  return [
    ...findings.slice(0, MAX_FINDINGS).map(({ rule, subject, message }) => {
      const about =
        subject === null ? '' : ` ${formatPackageId(subject.dependency.id)}`;
      return `${rule}${about}: ${message}`;
    }),
    ...(more > 0 ? [`and ${more} more findings`] : []),
  ];
}

function toText(lines: readonly string[]): string {
  return lines
    .map((line) => `${escapeLogLine(escapeTerminal(line, MAX_LINE))}\n`)
    .join('');
}

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Rule } from '../../policy/rule.js';
import { RULES } from '../../policy/rules/index.js';
import { escapeTerminal } from '../escape.js';
import { toJsonText } from '../json-text.js';
import type { Report, ReportFinding } from '../report.js';
import { wordFinding } from './finding-words.js';

/**
 * What GitHub's code scanning takes of one run. Source: its documentation,
 * "SARIF support for code scanning", limits of the upload.
 */
const MAX_RESULTS = 25_000;
const MAX_GZIPPED_BYTES = 10 * 1000 * 1000;
const MAX_MESSAGE = 1000;

/** One run: everything that goes into a log. */
export interface SarifRun {
  readonly source: Pick<Report, 'tool' | 'auditedAt'>;
  readonly result: string;
  readonly exitCode: number;
  /** Whether all that was to be audited was. */
  readonly isComplete: boolean;
  /** What stands before the last slash tells logs apart. */
  readonly id: readonly string[];
  readonly lockfiles: readonly SarifLockfile[];
  /** The gravest first. */
  readonly findings: readonly SarifFinding[];
  /** What was not audited, in one line each. */
  readonly problems: readonly string[];
}

/** The lockfile that findings are in. */
export interface SarifLockfile {
  /** As findings name it. */
  readonly file: string;
  readonly uri: string;
  readonly sha256: string;
  /** What its findings are told apart by from those of other lockfiles. */
  readonly mark: readonly string[];
}

/** A finding with the position of its lockfile in the run. */
export interface SarifFinding {
  readonly finding: ReportFinding;
  readonly lockfile: number;
}

/**
 * The log of one run. What does not fit into the limits of code scanning is left
 * out, the last findings first, and a notification says how much.
 */
export function renderSarifRun(run: SarifRun): string {
  const results = toResults(run);
  for (let count = results.length; ; count = Math.floor(count / 2)) {
    const text = `${toJsonText(toLog(run, results.slice(0, count)), 0)}\n`;
    const isSmall = gzipSync(text, { level: 1 }).length <= MAX_GZIPPED_BYTES;
    if (isSmall || count === 0) return text;
  }
}

function toLog(run: SarifRun, results: readonly object[]) {
  const { source, result, exitCode, findings } = run;
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: source.tool.name,
            version: source.tool.version,
            rules: RULES.map(toRule),
          },
        },
        automationDetails: {
          id: `${[source.tool.name, ...run.id].join('/')}/`,
        },
        invocations: [
          {
            executionSuccessful: run.isComplete,
            exitCode,
            endTimeUtc: source.auditedAt,
            toolExecutionNotifications: [
              ...run.problems.map((text) => ({
                level: 'error',
                message: { text: plain(text) },
              })),
              ...toNotifications(
                findings.length - results.length,
                findings.length,
              ),
            ],
          },
        ],
        artifacts: run.lockfiles.map(({ uri, sha256 }) => ({
          location: { uri },
          hashes: { 'sha-256': sha256 },
        })),
        columnKind: 'utf16CodeUnits',
        results,
        properties: { result, findings: findings.length },
      },
    ],
  };
}

function toNotifications(omitted: number, total: number): readonly object[] {
  if (omitted === 0) return [];
  const text = `${omitted} of ${total} findings are left out, the least grave ones: code scanning takes no more`;
  return [{ level: 'warning', message: { text } }];
}

function toRule({ id, title, meaning, remedy, defaultLevel }: Rule) {
  return {
    id,
    shortDescription: { text: plain(title) },
    fullDescription: { text: plain(meaning) },
    help: { text: plain(remedy) },
    defaultConfiguration: {
      enabled: defaultLevel !== 'off',
      level: defaultLevel === 'off' ? 'warning' : defaultLevel,
    },
    properties: { tags: ['security', 'supply-chain'] },
  };
}

function toResults({ findings, lockfiles }: SarifRun): readonly object[] {
  const indexes = new Map(RULES.map(({ id }, index) => [id, index]));
  const seen = new Map<string, number>();
  return findings.slice(0, MAX_RESULTS).map(({ finding, lockfile }) => {
    const at = lockfiles[lockfile];
    if (at === undefined) throw new Error('a finding without a lockfile');
    const ruleIndex = indexes.get(finding.rule);
    const key = fingerprint(finding, at.mark);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return {
      ruleId: finding.rule,
      ...(ruleIndex !== undefined && { ruleIndex }),
      level: finding.level,
      message: { text: wordResult(finding, at.file) },
      locations: [toLocation(finding, { ...at, index: lockfile })],
      partialFingerprints: {
        'provenanceAudit/v1': `${key}:${count}`,
        // The one that code scanning looks at.
        primaryLocationLineHash: `${key}:${count}`,
      },
      suppressions: toSuppressions(finding),
    };
  });
}

/**
 * The same for as long as the rule says it of this version, wherever it is in
 * the lockfile with that `mark`.
 */
function fingerprint(
  { rule, package: name }: ReportFinding,
  mark: readonly string[],
): string {
  const identity = JSON.stringify([rule, name, ...mark]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}

function wordResult(finding: ReportFinding, file: string): string {
  const { package: name, location, remedy } = finding;
  const where =
    location === null || location.file === file || location.line === null
      ? ''
      : ` (policy, line ${location.line})`;
  const subject = name === null ? '' : `${escapeTerminal(name)}: `;
  const text = escapeTerminal(wordFinding(finding), MAX_MESSAGE / 2);
  return plain(`${subject}${text}${where}. ${remedy}`);
}

function toLocation(
  { location, package: name }: ReportFinding,
  { uri, file, index }: SarifLockfile & { readonly index: number },
) {
  return {
    physicalLocation: {
      artifactLocation: { uri, index },
      region: toRegion(location?.file === file ? location : null),
    },
    ...(name !== null && {
      logicalLocations: [
        { fullyQualifiedName: escapeTerminal(name), kind: 'package' },
      ],
    }),
  };
}

/** What is not known to have a place is at the first line. */
function toRegion(location: ReportFinding['location']) {
  const line = location?.line ?? null;
  const column = location?.column ?? null;
  if (line === null) return { startLine: 1 };
  return { startLine: line, ...(column !== null && { startColumn: column }) };
}

function toSuppressions({ exempted }: ReportFinding): readonly object[] {
  if (exempted === null) return [];
  const justification = escapeTerminal(exempted, MAX_MESSAGE);
  return [{ kind: 'external', status: 'accepted', justification }];
}

/**
 * Plain text of a SARIF message, in which braces hold placeholders and brackets
 * links. Source: SARIF 2.1.0 sections 3.11.5 and 3.11.6.
 */
function plain(text: string): string {
  return escapeTerminal(text, MAX_MESSAGE)
    .replace(/[{}]/g, '$&$&')
    .replace(
      /\\*[[\]]/g,
      (found) =>
        `${found.slice(0, -1).replaceAll('\\', '\\\\')}\\${found.slice(-1)}`,
    );
}

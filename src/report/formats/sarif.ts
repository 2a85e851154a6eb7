import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Rule } from '../../policy/rule.js';
import { RULES } from '../../policy/rules/index.js';
import { escapeTerminal } from '../escape.js';
import { toJsonText } from '../json-text.js';
import type { Report, ReportFinding } from '../report.js';
import { wordFinding } from './finding-words.js';
import type { ReportFormat } from './format.js';
import { toRelativeUri } from './relative-uri.js';

/**
 * What GitHub's code scanning takes of one run. Source: its documentation,
 * "SARIF support for code scanning", limits of the upload.
 */
const MAX_RESULTS = 25_000;
const MAX_GZIPPED_BYTES = 10 * 1000 * 1000;
const MAX_MESSAGE = 1000;

export const sarif: ReportFormat = {
  extension: '.sarif',
  mediaType: 'application/sarif+json',
  summary: 'SARIF 2.1.0 for code scanning, at the lockfile’s lines',
  render: (report, { lockfilePath }) =>
    renderSarif(report, { lockfilePath, category: [] }),
};

/** What of a report goes into a log; a comparison has it too. */
export type SarifSource = Pick<
  Report,
  'tool' | 'result' | 'exitCode' | 'auditedAt' | 'lockfile' | 'findings'
>;

/**
 * The findings as a SARIF 2.1.0 log, the gravest first. What does not fit into
 * the limits of code scanning is left out, and a notification says how much.
 * The only file named is the lockfile; messages are plain text.
 */
export function renderSarif(
  report: SarifSource,
  {
    lockfilePath,
    category,
  }: {
    readonly lockfilePath: string;
    /** What tells its results from those of other logs of the same lockfile. */
    readonly category: readonly string[];
  },
): string {
  const results = toResults(report.findings.slice(0, MAX_RESULTS), {
    uri: toRelativeUri(lockfilePath),
    file: report.lockfile.path,
  });
  for (let count = results.length; ; count = Math.floor(count / 2)) {
    const log = toLog(report, results.slice(0, count), {
      uri: toRelativeUri(lockfilePath),
      category,
    });
    const text = `${toJsonText(log, 0)}\n`;
    const isSmall = gzipSync(text, { level: 1 }).length <= MAX_GZIPPED_BYTES;
    if (isSmall || count === 0) return text;
  }
}

function toLog(
  report: SarifSource,
  results: readonly object[],
  {
    uri,
    category,
  }: { readonly uri: string; readonly category: readonly string[] },
) {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            rules: RULES.map(toRule),
          },
        },
        // What stands before the last slash tells lockfiles apart.
        automationDetails: {
          id: `${[report.tool.name, ...category, uri].join('/')}/`,
        },
        invocations: [
          {
            executionSuccessful: report.result !== 'incomplete',
            exitCode: report.exitCode,
            endTimeUtc: report.auditedAt,
            toolExecutionNotifications: toNotifications(
              report.findings.length - results.length,
              report.findings.length,
            ),
          },
        ],
        artifacts: [
          { location: { uri }, hashes: { 'sha-256': report.lockfile.sha256 } },
        ],
        columnKind: 'utf16CodeUnits',
        results,
        properties: { result: report.result, findings: report.findings.length },
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

function toResults(
  findings: readonly ReportFinding[],
  { uri, file }: { readonly uri: string; readonly file: string },
): readonly object[] {
  const indexes = new Map(RULES.map(({ id }, index) => [id, index]));
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const ruleIndex = indexes.get(finding.rule);
    const key = fingerprint(finding);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return {
      ruleId: finding.rule,
      ...(ruleIndex !== undefined && { ruleIndex }),
      level: finding.level,
      message: { text: wordResult(finding, file) },
      locations: [toLocation(finding, { uri, file })],
      partialFingerprints: {
        'provenanceAudit/v1': `${key}:${count}`,
        // The one that code scanning looks at.
        primaryLocationLineHash: `${key}:${count}`,
      },
      suppressions: toSuppressions(finding),
    };
  });
}

/** The same for as long as the rule says it of this version, wherever it is. */
function fingerprint({ rule, package: name }: ReportFinding): string {
  const identity = JSON.stringify([rule, name]);
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
  { uri, file }: { readonly uri: string; readonly file: string },
) {
  return {
    physicalLocation: {
      artifactLocation: { uri, index: 0 },
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

import type { Report } from '../../src/report/report.js';
import { sampleReport } from './sample-report.js';

/** Closed sets and numbers in text: nobody outside chooses these words. */
const CLOSED = new Set([
  'schemaVersion',
  'auditedAt',
  'sha256',
  'rule',
  'level',
  'consequence',
  'scope',
  'evidence',
  'verification',
  'registrySignature',
  'result',
  'origin',
  'signedAt',
  'publishedAt',
  'line',
  'claimed',
  'kind',
  'what',
  'effect',
  'weakness',
  'by',
  'integrity',
]);

/** `report` with `text` wherever somebody outside chooses the text. */
export function withHostileText<Form extends Pick<Report, 'tool'>>(
  report: Form,
  text: string,
): Form {
  const replace = (value: unknown): unknown => {
    if (typeof value === 'string') return text;
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        CLOSED.has(key) && typeof inner === 'string' ? inner : replace(inner),
      ]),
    );
  };
  return { ...(replace(report) as Form), tool: report.tool };
}

/** The sample report with `text` wherever somebody outside chooses the text. */
export function hostileReport(text: string): Report {
  return withHostileText(sampleReport(), text);
}

/** The sample report with `count` findings, as if there were so many. */
export function manyFindings(count: number, packages = count): Report {
  const report = sampleReport();
  const [finding] = report.findings;
  const [dependency] = report.dependencies;
  if (finding === undefined || dependency === undefined) {
    throw new Error('the sample has findings');
  }
  const name = (index: number): string => `@acme/package-${index % packages}`;
  return {
    ...report,
    dependencies: Array.from({ length: packages }, (_, index) => ({
      ...dependency,
      name: name(index),
      purl: `pkg:npm/%40acme/package-${index}@1.0.0`,
      version: '1.0.0',
    })),
    findings: Array.from({ length: count }, (_, index) => ({
      ...finding,
      level: index < count / 2 ? ('error' as const) : ('warning' as const),
      package: `${name(index)}@1.0.0`,
      location: { file: 'package-lock.json', line: index + 1, column: 5 },
    })),
  };
}

import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { buildDiffReport } from '../../src/report/build-diff-report.js';
import type {
  Improvement,
  ImproveReport,
} from '../../src/report/improve-report.js';
import { renderDiffText } from '../../src/report/render-diff-text.js';
import { renderHistoryText } from '../../src/report/render-history-text.js';
import { renderImproveText } from '../../src/report/render-improve-text.js';
import type { TextOptions } from '../../src/report/render-text.js';
import { withHostileText } from './hostile-report.js';
import { sampleHistoryReport } from './sample-history-report.js';
import { sampleReport } from './sample-report.js';

function improveReport(): ImproveReport {
  const { tool, auditedAt, lockfile, trustRoot, policy } = sampleReport();
  const better = {
    version: '1.2.0',
    sourceRepository: 'https://github.com/acme/widget',
    level: 'provenance',
  };
  const one: Improvement = {
    ...{ name: '@acme/widget', version: '1.0.0', direct: true },
    ...{ production: true, ranges: ['^1.0.0'], weakness: 'no-provenance' },
    ...{ inRange: better, nearest: better, updatesTo: '1.2.0' },
    ...{ by: 'override', reason: null },
  };
  const left: Improvement = {
    ...one,
    ...{ updatesTo: null, by: null },
    reason: { code: 'no-command', message: 'no command updates it' },
  };
  const group = { gained: 1, commands: [], packages: [left, one] };
  return {
    ...{ schemaVersion: 1, tool, auditedAt, lockfile, trustRoot, policy },
    ...{ result: 'pass', exitCode: 0, durations: { total: 1 } },
    coverage: {
      before: { verified: 1, eligible: 3, ratio: 0.333 },
      after: { verified: 2, eligible: 3, ratio: 0.666 },
    },
    summary: {
      ...{ unproven: 2, limitedIdentity: 0, updates: 1 },
      ...{ outOfReach: 1, without: 0, unknown: 0, undecided: 0, rejected: 0 },
    },
    groups: [{ direct: '@acme/widget', ...group }],
  };
}

function diffText(text: string | null, look: TextOptions): string {
  const report = sampleReport();
  const [one, other] = report.dependencies;
  if (one === undefined || other === undefined) throw new Error('none');
  const base = {
    origin: 'git',
    name: 'main',
    commit: 'ab'.repeat(20),
  } as const;
  const made = buildDiffReport(report, base, [
    { kind: 'updated', name: one.name, before: other, after: one },
    { kind: 'added', name: other.name, before: null, after: other },
    { kind: 'removed', name: one.name, before: one, after: null },
  ]);
  const shown = text === null ? made : withHostileText(made, text);
  return renderDiffText(shown, look);
}

const RENDERED: readonly (readonly [
  what: string,
  render: (text: string | null, look: TextOptions) => string,
])[] = [
  [
    'history',
    (text, look) =>
      renderHistoryText(
        text === null
          ? sampleHistoryReport()
          : withHostileText(sampleHistoryReport(), text),
        look,
      ),
  ],
  [
    'improve',
    (text, look) =>
      renderImproveText(
        text === null
          ? improveReport()
          : { ...withHostileText(improveReport(), text) },
        look,
      ),
  ],
  ['diff', diffText],
];
const TEXTS: readonly (readonly [what: string, text: string | null])[] = [
  ['usual names', null],
  ['a long name', 'x'.repeat(300)],
  ['a long name with blanks', 'a long name '.repeat(30)],
  ['wide characters', '\u{5168}\u{89d2}'.repeat(80)],
  ['characters that are made visible', '\u{1b}[2J\u{202e}'.repeat(30)],
];

describe.each(RENDERED)('the text of %s', (_what, render) => {
  describe.each(TEXTS)('with %s', (_text, text) => {
    it.each([60, 80, 140])('has no line wider than %i columns', (width) => {
      for (const verbose of [false, true]) {
        const look = { width, color: false, verbose, quiet: false };
        const lines = render(text, look).split('\n');
        expect(lines.length).toBeGreaterThan(5);
        const wide = lines.filter((line) => stringWidth(line) > width);
        expect(wide).toEqual([]);
        // Nothing starts at the edge that belongs into a column.
        expect(lines.filter((line) => line === 'no provenance')).toEqual([]);
      }
    });
  });
});

it('keeps a version and what is said of it apart', () => {
  const version = '2.6.1-beta.1-with-a-very-long-pre-release-name';
  const report = sampleHistoryReport([{ version, at: '2024-01-01' }]);
  const look = { width: 80, color: false, verbose: false, quiet: false };
  const lines = renderHistoryText(report, look).split('\n');
  const at = lines.findIndex((line) => line.includes(version));
  expect(lines[at]).toBe(`  2024-01-01  ${version}`);
  expect(lines[at + 1]?.trim()).toBe('no provenance');
});

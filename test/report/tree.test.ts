import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import {
  nearestParents,
  toDependencyGraph,
} from '../../src/report/dependency-graph.js';
import type { Report } from '../../src/report/report.js';
import { hostileReport } from './hostile-report.js';
import { largeReport } from './large-report.js';
import { HOSTILE_NAME, sampleReport } from './sample-report.js';
import { requireFormat } from './load-formats.js';

const LOOK = {
  ...{ lockfilePath: 'package-lock.json', width: 80 },
  ...{ color: false, verbose: false, quiet: false },
};

function render(report: Report, look: Partial<typeof LOOK> = {}): string {
  return requireFormat('tree').render(report, { ...LOOK, ...look });
}

/** The sample report with packages that are needed as `edges` say. */
function graphOf(edges: Readonly<Record<string, readonly string[]>>): Report {
  const report = sampleReport();
  const [dependency] = report.dependencies;
  if (dependency === undefined) throw new Error('no dependency');
  return {
    ...report,
    dependencies: Object.entries(edges).map(([name, requiredBy]) => ({
      ...dependency,
      ...{ name, version: '1.0.0', locations: [name], requiredBy },
    })),
  };
}

/** The lines of the tree itself, without version and state. */
function shape(report: Report): readonly string[] {
  const lines = render(report).split('\n');
  const start = lines.indexOf(report.lockfile.rootName);
  return lines
    .slice(start + 1, lines.indexOf('', start))
    .map((line) =>
      line.replace(/\? /, '').replace(/@1\.0\.0 {2}not asked/, ''),
    );
}

describe('the tree', () => {
  it('shows what is needed below each, the second time without its own', () => {
    const report = graphOf({
      a: [''],
      b: ['', 'a'],
      c: ['b'],
      d: ['c'],
    });
    expect(shape(report)).toEqual([
      '├─ a',
      '│  └─ b',
      '│     └─ c',
      '│        └─ d',
      '└─ b (*)',
    ]);
  });

  it('ends in cycles, and shows what nothing leads to', () => {
    const report = graphOf({
      a: ['', 'b'],
      b: ['a', 'b'],
      island: ['sea'],
      sea: ['island'],
      stray: ['nowhere'],
    });
    expect(shape(report)).toEqual([
      '└─ a',
      '   └─ b',
      '      ├─ a (*)',
      '      └─ b (*)',
      '└─ island',
      '   └─ sea',
      '      └─ island (*)',
      '└─ stray',
    ]);
  });

  it('has a mark for each state, which the legend explains', () => {
    const text = render(sampleReport());
    for (const line of [
      '✔ @acme/widget@2.1.0  provenance',
      '✖ left-widget@1.4.2  rejected',
      '? old-thing@0.3.0  unverifiable',
      '? @acme/alpha@3.1.0  not asked',
      '◐ plain@2.0.0  registry signature',
      '○ a-bare@1.0.0  nothing proven, dev',
      '– from-git@1.0.0  out of scope',
    ]) {
      expect(text).toContain(line);
    }
    for (const mark of ['✔', '◐', '○', '✖', '?', '–', '(*)']) {
      expect(text.slice(text.lastIndexOf('✔'))).toContain(`${mark} `);
    }
  });

  const wide = graphOf({
    ['漢字'.repeat(40)]: [''],
    ['b'.repeat(300)]: ['漢字'.repeat(40)],
  });
  it.each(
    [40, 60, 80, 140].flatMap((width): [number, string, Report][] => [
      [width, 'every state', sampleReport()],
      [width, 'a large project', largeReport(300)],
      [width, 'hostile names', hostileReport(HOSTILE_NAME)],
      [width, 'wide names', wide],
      [width, 'a deep chain', graphOf(chain(200))],
    ]),
  )('is at most %i columns wide: %s', (width, _what, report) => {
    for (const line of render(report, { width, verbose: true }).split('\n')) {
      expect(stringWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  it('says how deep it is where there is no room for its guides', () => {
    const text = render(graphOf(chain(200)));
    expect(text).toMatch(/\n\[199] +└─ \? p199@1\.0\.0 {2}not asked\n/);
  });

  it('is cut where nobody would read on, and whole if that is wanted', () => {
    const report = graphOf(chain(100_000));
    const lines = render(report).split('\n');
    expect(lines.length).toBeLessThan(2020);
    expect(lines.join('\n')).toContain(
      'and 98000 further places; --verbose shows all',
    );
    expect(
      render(report, { verbose: true }).split('\n').length,
    ).toBeGreaterThan(99_999);
  });

  it('is the tree and the verdict with --quiet', () => {
    const text = render(graphOf({ a: [''] }), { quiet: true });
    expect(text.split('\n').slice(2)).toEqual([
      'my-app',
      '└─ ? a@1.0.0  not asked',
      '',
    ]);
  });
});

describe('the nearest parents', () => {
  const parentsIn = (report: Report) => {
    const { dependencies } = report;
    const parents = nearestParents(toDependencyGraph(dependencies));
    return Object.fromEntries(
      dependencies.map(({ name }, index) => [
        name,
        dependencies[parents[index] ?? -1]?.name ?? null,
      ]),
    );
  };

  it('put everything into the tree once, as near to the root as it can be', () => {
    const report = graphOf({
      a: [''],
      b: ['a'],
      c: ['b', 'd', 'c'],
      d: [''],
      island: ['sea'],
      sea: ['island'],
    });
    expect(parentsIn(report)).toEqual({
      ...{ a: null, b: 'a', c: 'd', d: null },
      ...{ island: null, sea: 'island' },
    });
  });

  it('hold for a project of 5,000 packages', () => {
    const report = largeReport(5000);
    const parents = nearestParents(toDependencyGraph(report.dependencies));
    const tops = parents.filter((parent) => parent === null);
    expect(tops).toHaveLength(125);
    for (const [index, parent] of parents.entries()) {
      if (parent === null) continue;
      const place = report.dependencies[parent]?.locations[0] ?? '';
      expect(report.dependencies[index]?.requiredBy).toContain(place);
    }
  });
});

/** p0 needs p1, p1 needs p2, and so on. */
function chain(length: number): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Array.from({ length }, (_, index) => [
      `p${index}`,
      [index === 0 ? '' : `p${index - 1}`],
    ]),
  );
}

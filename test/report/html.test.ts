import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificateLinks } from '../../src/report/html/links.js';
import { html } from '../../src/report/html/markup.js';
import { CHECKS } from '../../src/verification/check-catalogue.js';
import { squarify } from '../../src/report/html/squarify.js';
import { standingOf, STANDINGS } from '../../src/report/html/standing.js';
import type { Report, ReportProvenance } from '../../src/report/report.js';
import { hostileReport } from './hostile-report.js';
import { largeReport } from './large-report.js';
import { greenReport, sampleReport } from './sample-report.js';
import { requireFormat } from './load-formats.js';

function render(report: Report): string {
  return requireFormat('html').render(report, {
    ...{ lockfilePath: 'app/package-lock.json', width: 80 },
    ...{ color: false, verbose: false, quiet: false },
  });
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

describe('the page', () => {
  const page = render(sampleReport());

  it('allows its style and its script by their hashes, and nothing else', () => {
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(page) ?? [];
    const scripts = [...page.matchAll(/<script>([^]*?)<\/script>/g)];
    expect(scripts).toHaveLength(1);
    const [, policy] =
      /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page) ??
      [];
    expect(policy?.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hashOf(style)}`,
      `script-src ${hashOf(scripts[0]?.[1] ?? '')}`,
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
    ]);
  });

  it('names no address outside of it but those of certificates', () => {
    const own = page
      .replace(/<style>[^]*<\/style>/, '')
      .replace(/<script>[^]*<\/script>/, '');
    expect(own).not.toMatch(/<(?:link|img|iframe|object|embed|base)\b/);
    expect(own).not.toMatch(/\s(?:src|srcset|style|on\w+)\s*=/);
    for (const [, address = ''] of own.matchAll(/href="([^"]*)"/g)) {
      expect(address).toMatch(/^#|^https:&?.*github\.com/);
    }
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(page) ?? [];
    expect(style.replaceAll(/url\(#p-\w+\)/g, '')).not.toMatch(/url\(|@import/);
  });

  it('makes nothing of text but text', () => {
    const [, script = ''] = /<script>([^]*?)<\/script>/.exec(page) ?? [];
    expect(script).toContain('textContent');
    expect(script).not.toMatch(
      /innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(|setAttribute\((?!'aria-sort')|fetch|XMLHttp|import\(|localStorage/,
    );
  });

  it('says check by check what was made of a package', () => {
    const report = sampleReport();
    const [first, ...others] = report.dependencies;
    if (first === undefined) throw new Error('no dependency');
    const ids = { passed: [], failed: [], undecided: [], notMade: [] };
    const text = render({
      ...report,
      dependencies: [
        {
          ...first,
          statements: [
            { predicateType: 'https://slsa.dev/provenance/v1', sha256: 'ab' },
          ],
          checked: [
            { ...ids, attestation: null, passed: ['integrity'] },
            { ...ids, attestation: 1, notMade: ['integrity'] },
            {
              ...{ attestation: 0, passed: ['integrity'] },
              ...{ failed: ['subject-digest'], undecided: ['<b>'] },
              notMade: ['answer'],
            },
          ],
        },
        ...others,
      ],
    });
    const titleOf = (id: keyof typeof CHECKS): string =>
      `${CHECKS[id].number} ${CHECKS[id].title}`;
    expect(text).toContain(
      `<li class=ok><b>Checks</b>✔ ${titleOf('integrity')}<li`,
    );
    expect(text).toContain(
      `<li class=none><b>Checks of 1</b>– ${titleOf('integrity')}<li`,
    );
    expect(text).toContain(
      `<li class=bad><b>Checks of 0, SLSA provenance v1</b>✖ ${titleOf('subject-digest')}\n? &#60;b&#62;\n✔ `,
    );
    expect(text).not.toContain('id="checks"');
  });

  it('is the same for the same report', () => {
    expect(render(sampleReport())).toBe(page);
  });

  it('cuts a megabyte of text wherever it stands', () => {
    expect(render(hostileReport('x'.repeat(1024 * 1024))).length).toBeLessThan(
      1_000_000,
    );
  });

  it('has every package once in table, drawing and sections', () => {
    const { dependencies } = sampleReport();
    const count = (what: RegExp): number => page.match(what)?.length ?? 0;
    expect(count(/<tr><th scope=row>/g)).toBe(dependencies.length);
    expect(count(/<details class="chain/g)).toBe(dependencies.length);
    expect(new Set(page.match(/<rect class="t [^>]*data-p=\d+/g)).size).toBe(
      dependencies.length,
    );
  });

  it('counts findings that it has no room for, and leaves out no package', () => {
    const report = largeReport(5000, 25_000);
    const text = render(report);
    expect(text).toContain('23000 further findings');
    expect(text.match(/<details class="chain/g)).toHaveLength(5000);
  });

  it('has a list of checks once, however many packages have the same', () => {
    const report = largeReport(500);
    const checked = report.dependencies.flatMap(({ checked: groups }) =>
      groups.length === 0 ? [] : [JSON.stringify(groups)],
    );
    const text = render(report);
    expect(new Set(checked).size).toBe(2);
    expect(text.match(/<h3 id="c\d+">/g)).toHaveLength(2);
    expect(
      text.match(/<li class=ok><b>Checks<\/b>\d+ passed[^:]*: <a href=#c\d>/g),
    ).toHaveLength(checked.length);
    for (const { number, title } of Object.values(CHECKS)) {
      expect(text).toContain(`<li>✔ ${number} ${title}</li>`);
    }
  });

  it('has what failed in its place, and leads to a list for the rest', () => {
    const report = largeReport(40);
    const text = render({
      ...report,
      dependencies: report.dependencies.map((one) => ({
        ...one,
        checked: one.checked.slice(0, 1).map((group) => ({
          ...{ ...group, failed: ['subject-digest'], undecided: ['<b>'] },
          passed: ['integrity'],
        })),
      })),
    });
    const { number, title } = CHECKS['subject-digest'];
    expect(text).toContain(
      `<li class=bad><b>Checks</b>✖ ${number} ${title}\n? &#60;b&#62;\n1 failed, 1 undecided, 1 passed`,
    );
    expect(text).toContain(`<li>✖ ${number} ${title}</li>`);
  });
});

describe('what a package comes to', () => {
  it.each([
    ['every state', sampleReport()],
    ['a project that passes', greenReport()],
    ['a large project', largeReport(2000)],
  ])('adds up to what the report counts: %s', (_what, report) => {
    const { summary, dependencies } = report;
    const counts = new Map<string, number>(
      STANDINGS.map(({ key }) => [key, 0]),
    );
    for (const one of dependencies) {
      const { key } = standingOf(one);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const { notProven, coverage } = summary;
    expect(Object.fromEntries(counts)).toMatchObject({
      proven: coverage.all.verified,
      rejected: notProven.rejected,
      unknown: notProven.unverifiable + notProven.unavailable,
      outside: summary.dependencies - summary.inScope,
    });
    expect((counts.get('signed') ?? 0) + (counts.get('bare') ?? 0)).toBe(
      notProven.withoutProvenance,
    );
  });
});

describe('links', () => {
  const provenance = sampleReport().dependencies.find(
    (one) => one.provenance !== null,
  )?.provenance;
  if (!provenance) throw new Error('no provenance');
  const linksOf = (change: Partial<ReportProvenance>) => {
    const found = certificateLinks({ ...provenance, ...change });
    return [found.repository, found.commit, found.run].map(
      (url) => url?.href ?? null,
    );
  };
  const repository = 'https://github.com/acme/widget';
  const commit = `${repository}/commit/${provenance.sourceRevision ?? ''}`;
  const run = provenance.runUrl;

  it('lead to the repository, its commit and its run', () => {
    expect(linksOf({})).toEqual([repository, commit, run]);
  });

  it.each<[string, Partial<ReportProvenance>, readonly (string | null)[]]>([
    [
      'a script',
      { sourceRepository: 'javascript:alert(1)' },
      [null, null, null],
    ],
    [
      'data',
      { sourceRepository: 'data:text/html,<script>1</script>' },
      [null, null, null],
    ],
    [
      'a name and a password',
      { sourceRepository: 'https://github.com@evil.example/a' },
      [null, null, null],
    ],
    [
      'a run of another host',
      { runUrl: 'https://evil.example/acme/widget/actions/runs/1' },
      [repository, commit, null],
    ],
    [
      'a run of another repository',
      { runUrl: 'https://github.com/acme/widget-evil/actions/runs/1' },
      [repository, commit, null],
    ],
    [
      'a run that climbs out',
      { runUrl: `${repository}/../../evil/x` },
      [repository, commit, null],
    ],
    ['no commit', { sourceRevision: '../x' }, [repository, null, run]],
    [
      'a host without known pages',
      {
        sourceRepository: 'https://git.example/a/b',
        runUrl: 'https://git.example/a/b/-/jobs/1',
      },
      ['https://git.example/a/b', null, 'https://git.example/a/b/-/jobs/1'],
    ],
    [
      'an endless one',
      { runUrl: `${repository}/${'x'.repeat(2000)}` },
      [repository, commit, null],
    ],
  ])('do not lead to %s', (_what, change, expected) => {
    expect(linksOf(change)).toEqual(expected);
  });
});

describe('markup', () => {
  it('escapes each text, and leaves alone what it made itself', () => {
    const inner = html`<b>${'<&>"\''}</b>`;
    expect(
      html`<p title="${'"'}">${inner}${[inner, '#']}${3}${null}</p>`,
    ).toEqual({
      markup:
        '<p title="&#34;"><b>&#60;&#38;&#62;&#34;&#39;</b><b>&#60;&#38;&#62;&#34;&#39;</b>&#35;3</p>',
    });
  });
});

describe('squarify', () => {
  it.each([
    ['equal parts', [1, 1, 1, 1, 1, 1]],
    ['one part', [7]],
    ['very different parts', [1000, 100, 10, 1, 1]],
    ['many parts', Array.from({ length: 500 }, (_, index) => 500 - index)],
  ])(
    'gives each its share, within the box and side by side: %s',
    (_, weights) => {
      const box = { x: 10, y: 20, width: 300, height: 200 };
      const boxes = squarify(weights, box);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      for (const [index, { x, y, width, height }] of boxes.entries()) {
        const share = (weights[index] ?? 0) / total;
        expect(width * height).toBeCloseTo(share * 60_000, 3);
        expect(x).toBeGreaterThanOrEqual(10 - 1e-6);
        expect(y).toBeGreaterThanOrEqual(20 - 1e-6);
        expect(x + width).toBeLessThanOrEqual(310 + 1e-6);
        expect(y + height).toBeLessThanOrEqual(220 + 1e-6);
        const before = boxes[index - 1];
        if (before === undefined) continue;
        // The next one begins right of it or below.
        const isApart =
          x >= before.x + before.width - 1e-6 ||
          y >= before.y + before.height - 1e-6;
        expect(isApart).toBe(true);
      }
      expect(boxes).toHaveLength(weights.length);
    },
  );
});

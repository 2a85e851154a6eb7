import { describe, expect, it } from 'vitest';
import { renderHistoryPage } from '../../src/report/html/history-page.js';
import { timeTicks } from '../../src/report/html/time-ticks.js';
import { buildReport } from '../../src/report/build-report.js';
import { historyOf } from '../policy/histories.js';
import {
  downgradeReport,
  sampleHistoryReport,
  unknownHistoryReport,
} from './sample-history-report.js';
import { closed, compile, readSchema } from './schemas.js';
import {
  sampleDependency,
  sampleInput,
  signed,
  violatedFinding,
} from './sample-report.js';
import { requireFormat } from './load-formats.js';

const DAY = 24 * 3_600_000;
const count = (text: string, what: RegExp): number =>
  text.match(what)?.length ?? 0;

describe('the page of a history', () => {
  const page = renderHistoryPage(sampleHistoryReport());

  it('has no script, and lets none run', () => {
    expect(page).not.toContain('<script');
    expect(page).toMatch(/content="default-src 'none'; style-src 'sha256-/);
    expect(page).not.toMatch(/script-src|unsafe/);
  });

  it('draws every version that has a date, and lists every one', () => {
    const { releases } = sampleHistoryReport();
    expect(count(page, /<title>[\d.]+(?:-beta\.1)?, \d{4}-/g)).toBe(
      releases.length - 1,
    );
    expect(page).toContain('Without a date, and so only there: 1.');
    const [, table = ''] = page.split('id="versions-title"');
    expect(count(table, /<tr><th scope="row">/g)).toBe(releases.length);
  });

  it.each([
    ['proven', 2],
    ['asked', 1],
    ['bare', 6],
    ['unknown', 2],
    ['rejected', 1],
  ])('gives what is %s a shape of its own', (key, expected) => {
    const [, drawing = ''] =
      /<svg\s+class="timeline"([^]*?)<\/svg>/.exec(page) ?? [];
    expect(count(drawing, new RegExp(`class="m ${key}"`, 'g'))).toBe(expected);
  });

  it('has the later of two versions to the right, the better one above', () => {
    const places = [
      ...page.matchAll(
        /class="m [^>]*?(?:cx="|d="M)([\d.]+)"? ?(?:cy=")?([\d.]+)[^]*?<title>([^,]*),/g,
      ),
    ].map(([, x, y, version]) => [version, { x: Number(x), y: Number(y) }]);
    const at = Object.fromEntries(places) as Record<
      string,
      { readonly x: number; readonly y: number } | undefined
    >;
    expect(at['1.0.1']?.x).toBeGreaterThan(at['1.0.0']?.x ?? Infinity);
    expect(at['1.0.1']?.y).toBe(at['1.0.0']?.y);
    expect(at['1.1.0']?.y).toBeLessThan(at['1.0.1']?.y ?? -Infinity);
    expect(at['2.0.0']?.y).toBeLessThan(at['1.1.1']?.y ?? -Infinity);
    expect(at['2.1.0']?.y).toBeLessThan(at['2.0.0']?.y ?? -Infinity);
    for (const { x = -1 } of Object.values(at).map((one) => one ?? { x: -1 })) {
      expect(x).toBeGreaterThan(150);
      expect(x).toBeLessThan(1120);
    }
  });

  it('says in words what the drawing shows', () => {
    expect(page).toMatch(/no provenance \(a gap\)/);
    expect(page).toMatch(/github\.com\/acme-labs\/widget \(id 7777\)/);
    expect(page).toContain('still open');
  });

  it('leads to what a certificate names, and nowhere else', () => {
    const links = [...page.matchAll(/href="([^#"][^"]*)"/g)].map(
      ([, to]) => to,
    );
    expect(links.length).toBeGreaterThan(1);
    for (const link of links) {
      expect(link).toMatch(/^https:\/\/github\.com\/acme(?:-labs)?\/widget/);
    }
  });

  it('is short and says why where there is no history', () => {
    const empty = renderHistoryPage(unknownHistoryReport());
    expect(empty).toContain('no history: HTTP 401 (auth)');
    expect(empty).not.toContain('class="timeline"');
    expect(empty).toContain('None is known.');
  });

  it.each([
    ['one version', [{ version: '1.0.0', at: '2024-01-01' }]],
    [
      'dates from the beginning to the end of time',
      [
        { version: '1.0.0', at: '0001-01-01' },
        { version: '1.0.1', at: '9999-12-31' },
      ],
    ],
    ['no date at all', [{ version: '1.0.0', at: null }]],
  ])('holds with %s', (_what, releases) => {
    const text = renderHistoryPage(sampleHistoryReport(releases));
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
    expect(text.length).toBeLessThan(40_000);
  });

  it('stays below 5 MB with 5,000 versions', () => {
    const releases = Array.from({ length: 5000 }, (_, index) => ({
      version: `1.${index}.0`,
      at: new Date(Date.UTC(2015, 0, 1 + index)).toISOString(),
      level: index % 2 === 0 ? ('none' as const) : ('provenance' as const),
    }));
    const text = renderHistoryPage(sampleHistoryReport(releases));
    expect(Buffer.byteLength(text)).toBeLessThan(5_000_000);
    expect(count(text, /<tr><th scope="row">/g)).toBeGreaterThan(5000);
  });
});

describe('time ticks', () => {
  it.each([
    [
      'years',
      '2019-05-01',
      '2026-03-01',
      ['2020', '2021', '2022', '2023', '2024', '2025', '2026'],
    ],
    ['months', '2026-01-15', '2026-04-15', ['2026-02', '2026-03', '2026-04']],
    ['days', '2026-01-15', '2026-01-17', ['2026-01-15', '2026-01-17']],
    ['one day', '2026-01-15', '2026-01-15', ['2026-01-15']],
    [
      'round years',
      '1995-01-02',
      '2026-03-01',
      ['2000', '2005', '2010', '2015', '2020', '2025'],
    ],
  ])('are %s', (_what, from, to, labels) => {
    const ticks = timeTicks(Date.parse(from), Date.parse(to));
    expect(ticks.map(({ label }) => label)).toEqual(labels);
  });

  it('are few and in between, however long the time', () => {
    for (let days = 0; days < 3_600_000; days = days * 2 + 1) {
      const [from, to] = [
        Date.UTC(2015, 2, 3),
        Date.UTC(2015, 2, 3) + days * DAY,
      ];
      const ticks = timeTicks(from, to);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThan(13);
      for (const { at } of ticks) {
        expect(at).toBeGreaterThanOrEqual(from);
        expect(at).toBeLessThanOrEqual(to);
      }
    }
  });
});

describe('histories in the report of an audit', () => {
  it('are those of packages that a rule about histories found something in', async () => {
    const report = downgradeReport();
    expect(report.histories).toMatchObject([
      {
        ...{ name: '@acme/widget', omitted: 0 },
        registry: 'https://registry.example/',
      },
    ]);
    const states = report.histories[0]?.releases.map(
      ({ version, verification }) => [version, verification] as const,
    );
    expect(new Map(states)).toEqual(
      new Map([
        ...[
          '0.9.0',
          '1.0.0',
          '1.0.1',
          '1.0.2',
          '1.1.2',
          '2.1.2',
          '2.0.0-beta.1',
        ].map((version) => [version, 'not-claimed'] as const),
        ...['1.1.0', '1.1.1', '2.0.1', '2.1.0', '2.1.1'].map(
          (version) => [version, 'not-asked'] as const,
        ),
        ['2.0.0', 'verified'],
      ]),
    );
    const pinned = report.histories[0]?.releases.filter(
      (each) => each.isPinned,
    );
    expect(pinned?.map(({ version }) => version)).toEqual(['2.1.2']);
    const validate = compile(closed(await readSchema('report.schema.json')));
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  });

  it('are charts in the HTML report, and nothing where there is none', () => {
    const render = requireFormat('html').render;
    const look = {
      ...{ lockfilePath: 'package-lock.json', width: 80 },
      ...{ color: false, verbose: false, quiet: false },
    };
    const text = render(downgradeReport(), look);
    expect(count(text, /class="timeline"/g)).toBe(1);
    expect(text).toContain('href="#histories"');
    const without = render({ ...downgradeReport(), histories: [] }, look);
    expect(without).not.toMatch(/histories|class="timeline"/);
  });

  it('are bounded, and say what is left out', () => {
    const releases = Array.from({ length: 250 }, (_, index) => ({
      version: `1.${index}.0`,
      at: new Date(Date.UTC(2020, 0, 1 + index)).toISOString(),
    }));
    const subjects = Array.from({ length: 60 }, (_, index) => {
      const name = `p${index}`;
      const one = signed(sampleDependency(name, '1.249.0'));
      return { ...one, history: historyOf(name, releases) };
    });
    const findings = subjects.map((one) => ({
      ...violatedFinding(one),
      rule: 'install-script-added',
    }));
    const { histories } = buildReport(sampleInput(subjects, findings));
    expect(histories).toHaveLength(50);
    expect(histories[0]).toMatchObject({ omitted: 50 });
    expect(histories[0]?.releases.at(-1)?.version).toBe('1.249.0');
  });
});

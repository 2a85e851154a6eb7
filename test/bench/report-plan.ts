import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { FORMATS } from '../../src/report/formats/index.js';
import { HAS_CHROMIUM, launchBrowser } from '../browser.js';
import { SIZE_LIMITS } from '../report/large-report.js';
import type { Cost } from './measure.js';
import { atMost, median, type Row } from './table.js';

export interface ReportPlanOptions {
  readonly packages: number;
  readonly findings: number;
  readonly rounds: number;
  /** Of the forms those whose names begin so. */
  readonly only: string;
}

interface RenderCost extends Cost {
  readonly bytes: number;
}

/** Goal for each form, and for a browser to have read all of the page. */
const MAX_SECONDS = 3;
const MB = 1_000_000;

const RENDERER = fileURLToPath(new URL('report-renderer.js', import.meta.url));

/** Measures every form of one large report, and what a browser makes of the page. */
export async function runReportPlan(
  { packages, findings, rounds, only }: ReportPlanOptions,
  say: (line: string) => void,
): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-bench-'));
  const file = join(folder, 'report.html');
  try {
    const rows: Row[] = [];
    for (const { name } of FORMATS) {
      if (!name.startsWith(only)) continue;
      say(`${name}, ${packages} packages, ${findings} findings`);
      const costs: RenderCost[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const { stdout } = await promisify(execFile)(process.execPath, [
          ...[RENDERER, name, String(packages), String(findings), file],
        ]);
        costs.push(JSON.parse(stdout) as RenderCost);
      }
      const middle = (figure: keyof RenderCost): number =>
        median(costs.map((each) => each[figure]));
      const cpu = (middle('cpuMs') / 1000).toFixed(2);
      const limit = SIZE_LIMITS[name];
      rows.push(
        atMost(
          `${name}: seconds (${cpu} of CPU)`,
          MAX_SECONDS,
          middle('wallMs') / 1000,
        ),
        atMost(`${name}: MB`, (limit ?? 0) / MB, middle('bytes') / MB),
      );
      if (name === 'html') rows.push(...(await inBrowser(file, rounds, say)));
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Seconds from the start of the navigation. */
interface PageTimes {
  readonly ready: number;
  readonly whole: number;
}

async function inBrowser(
  file: string,
  rounds: number,
  say: (line: string) => void,
): Promise<readonly Row[]> {
  const times: PageTimes[] = [];
  if (HAS_CHROMIUM) {
    say('html, in Chromium');
    const browser = await launchBrowser();
    try {
      for (let round = 0; round < rounds; round += 1) {
        const page = await browser.newPage();
        // A busy machine makes it slow, which is what is to be found out.
        await page.goto(pathToFileURL(file).href, { timeout: 0 });
        times.push(await page.evaluate<PageTimes>(TIMES));
        await page.close();
      }
    } finally {
      await browser.close();
    }
  }
  const middle = (figure: keyof PageTimes): number | null =>
    times.length === 0 ? null : median(times.map((each) => each[figure]));
  return [
    atMost(
      'html in Chromium: seconds until its table can be used',
      MAX_SECONDS,
      middle('ready'),
    ),
    atMost(
      'html in Chromium: seconds until all of it is read',
      MAX_SECONDS,
      middle('whole'),
    ),
  ];
}

/** The page marks when its script has done what it does at first. */
const TIMES = `({
  ready: performance.getEntriesByName('provenance-audit-ready')[0].startTime / 1000,
  whole: performance.getEntriesByType('navigation')[0].domInteractive / 1000,
})`;

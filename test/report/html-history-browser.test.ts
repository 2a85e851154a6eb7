import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { renderHistoryPage } from '../../src/report/html/history-page.js';
import { HAS_CHROMIUM, launchBrowser, NEEDS_CHROMIUM } from '../browser.js';
import { withHostileText } from './hostile-report.js';
import {
  axeViolations,
  expectTextAlone,
  openPage,
  type OpenedPage,
  type PageOptions,
} from './open-page.js';
import {
  downgradeReport,
  sampleHistoryReport,
} from './sample-history-report.js';
import { HOSTILE_NAME } from './sample-report.js';
import { requireFormat } from './load-formats.js';

const CONTEXT = {
  ...{ lockfilePath: 'app/package-lock.json', width: 80 },
  ...{ color: false, verbose: false, quiet: false },
};
const PAGES = [
  [
    'the page of a history',
    (text?: string) =>
      renderHistoryPage(
        text === undefined
          ? sampleHistoryReport()
          : withHostileText(sampleHistoryReport(), text),
      ),
  ],
  [
    'the report of an audit that compared versions',
    (text?: string) =>
      requireFormat('html').render(
        text === undefined
          ? downgradeReport()
          : withHostileText(downgradeReport(), text),
        CONTEXT,
      ),
  ],
] as const;

describe.runIf(HAS_CHROMIUM).each(PAGES)(
  `%s ${NEEDS_CHROMIUM}`,
  (_what, render) => {
    let browser: Browser;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'provenance-audit-history-'));
      browser = await launchBrowser();
    }, 60_000);
    afterAll(async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    });
    afterEach(async () => {
      for (const context of browser.contexts()) await context.close();
    });

    const open = (text: string, options?: PageOptions): Promise<OpenedPage> =>
      openPage(browser, join(folder, 'page.html'), text, options);

    it('asks for nothing, and breaks none of its own rules', async () => {
      const { page, requests, messages } = await open(render());
      expect(await page.locator('.timeline').isVisible()).toBe(true);
      expect(requests).toEqual([]);
      expect(messages).toEqual([]);
    });

    it('reads the same without JavaScript', async () => {
      const { page } = await open(render(), { javaScriptEnabled: false });
      expect(await page.locator('.timeline').isVisible()).toBe(true);
      const details = page.locator('.history summary');
      if ((await details.count()) > 0) await details.click();
      expect(
        await page.locator('table.plain:visible').last().innerText(),
      ).toContain('2.0.0-beta.1');
    });

    it.each([
      ['an element', '<script>window.pwned=1</script><b>x</b>'],
      ['an attribute', '" onload="window.pwned=1" x=\' onerror=y '],
      ['the end of everything', '</title></svg></table></style>-->'],
      ['a script address', 'javascript:window.pwned=1'],
      ['a terminal’s commands', HOSTILE_NAME],
      ['a long text', 'x'.repeat(20_000)],
    ])('%s stays text', async (_hostile, text) => {
      await expectTextAlone((each) => open(render(each)), text);
    });

    it.each(['light', 'dark'] as const)(
      'axe finds nothing to object to: %s',
      async (scheme) => {
        const { page } = await open(render(), {
          ...{ colorScheme: scheme, bypassCSP: true, reducedMotion: 'reduce' },
        });
        for (const one of await page.locator('.history summary').all()) {
          await one.click();
        }
        expect(await axeViolations(page)).toEqual([]);
      },
      60_000,
    );

    it.each([320, 760, 1600])(
      'needs no scrolling sideways at %i',
      async (width) => {
        const { page } = await open(render('x'.repeat(300)), {
          viewport: { width, height: 800 },
        });
        expect(
          await page.evaluate('document.documentElement.scrollWidth'),
        ).toBeLessThanOrEqual(width);
      },
    );

    it('has its charts on paper', async () => {
      const { page } = await open(render());
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.timeline').isVisible()).toBe(true);
      const pdf = await page.pdf();
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    });
  },
);

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/report.js';
import { HAS_CHROMIUM, launchBrowser, NEEDS_CHROMIUM } from '../browser.js';
import { hostileReport } from './hostile-report.js';
import { largeReport } from './large-report.js';
import {
  axeViolations,
  expectTextAlone,
  openPage,
  type OpenedPage,
  type PageOptions,
} from './open-page.js';
import {
  greenReport,
  HOSTILE_NAME,
  sampleReport,
  selectiveReport,
} from './sample-report.js';
import { requireFormat } from './load-formats.js';

const CONTEXT = {
  ...{ lockfilePath: 'app/package-lock.json', width: 80 },
  ...{ color: false, verbose: false, quiet: false },
};
describe.runIf(HAS_CHROMIUM)(`the HTML report ${NEEDS_CHROMIUM}`, () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'provenance-audit-html-'));
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  async function open(
    report: Report,
    options: PageOptions = {},
  ): Promise<OpenedPage> {
    const text = requireFormat('html').render(report, CONTEXT);
    return openPage(browser, join(folder, 'audit.html'), text, options);
  }

  const shown = (page: Page): Promise<readonly string[]> =>
    page.locator('#table tbody tr:visible th').allInnerTexts();

  it('asks for nothing, and breaks none of its own rules', async () => {
    const { page, requests, messages } = await open(sampleReport());
    expect(await page.locator('h1').innerText()).toMatch(
      /Evidence rejected for 2 packages/,
    );
    expect(await page.locator('html').getAttribute('class')).toBe('js');
    expect(requests).toEqual([]);
    expect(messages).toEqual([]);
  });

  it('runs and loads nothing that its policy does not name', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { page, messages } = await open(sampleReport());
    await page.evaluate(`{
      const script = document.createElement('script');
      try { script.text = 'window.pwned = true'; } catch { }
      document.body.append(script);
      const image = document.createElement('img');
      document.body.append(image);
      image.src = 'http://127.0.0.1:${port}/x.png';
      document.body.setAttribute('style', 'display:none');
      new Promise((done) => { image.onerror = image.onload = done; });
    }`);
    server.close();
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await page.locator('h1').isVisible()).toBe(true);
    expect(asked).toEqual([]);
    expect(messages.join('\n')).toContain('img-src');
  });

  describe('filters', () => {
    it('by words in any order, whatever their case', async () => {
      const { page } = await open(sampleReport());
      const all = await shown(page);
      expect(all).toHaveLength(sampleReport().dependencies.length);
      await page.fill('#search', '  WIDGET acme');
      await expect
        .poll(() => shown(page))
        .toEqual(['@acme/widget', 'build-kit']);
      expect(await page.locator('#shown').innerText()).toBe(
        `2 of ${all.length} packages shown`,
      );
      expect(await page.locator('.chain:visible').count()).toBe(2);
      expect(await page.locator('.t.off').count()).toBe(all.length - 2);
      await page.click('button[type=reset]');
      await expect.poll(() => shown(page)).toEqual(all);
    });

    it('by what is proven, by use and by findings', async () => {
      const { page } = await open(sampleReport());
      for (const key of ['proven', 'signed', 'bare', 'unknown', 'outside']) {
        await page.uncheck(`input[value=${key}]`);
      }
      await expect.poll(() => shown(page)).toHaveLength(2);
      await page.click('button[type=reset]');
      await page.check('input[value=direct]');
      await expect
        .poll(() => shown(page))
        .toEqual(['@acme/widget', 'build-kit', 'plain']);
      await page.check('input[value=found]');
      await expect.poll(() => shown(page)).toEqual(['plain']);
    });

    it('leave no room for chains that are not shown', async () => {
      const { page } = await open(largeReport(120));
      const lots = (): Promise<readonly string[]> =>
        page.evaluate(
          `[...document.querySelectorAll('.lot:not([hidden])')]
            .map(({ style }) => style.containIntrinsicHeight)`,
        );
      expect(await lots()).toEqual(['2050px', '2050px', '820px']);
      const name = await page.locator('#table tbody th >> nth=-1').innerText();
      await page.fill('#search', name);
      await expect.poll(lots).toEqual(['41px']);
      await page.fill('#search', 'nothing is called that');
      await expect.poll(lots).toEqual([]);
      await page.evaluate(`location.hash = '#p60'`);
      await expect
        .poll(() => page.locator('.chain[open]:visible').count())
        .toBe(1);
    });

    it('hide no package that is led to', async () => {
      const { page } = await open(sampleReport());
      await page.fill('#search', 'nothing is called that');
      await expect.poll(() => shown(page)).toEqual([]);
      await page.evaluate(`location.hash = '#p3'`);
      await expect
        .poll(() => page.locator('.chain[open]:visible').count())
        .toBe(1);
    });
  });

  it.each([
    ['every state', sampleReport()],
    ['a large project', largeReport(300, 200)],
  ])('leads nowhere that is not there: %s', async (_, report) => {
    const { page } = await open(report);
    const found = await page.evaluate<
      Record<'ids' | 'different' | 'links' | 'astray', number>
    >(`{
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      const links = [...document.querySelectorAll('a[href^="#"]')];
      const known = new Set(ids);
      const astray = links.filter(({ hash }) => !known.has(hash.slice(1)));
      ({
        ids: ids.length, different: known.size,
        links: links.length, astray: astray.length,
      });
    }`);
    expect(found.different).toBe(found.ids);
    expect(found.links).toBeGreaterThan(report.dependencies.length);
    expect(found.astray).toBe(0);
  });

  it('sorts by each column, up and down, as the keyboard says', async () => {
    const { page } = await open(sampleReport());
    const column = (index: number): Promise<readonly string[]> =>
      page.locator(`#table tbody tr > :nth-child(${index})`).allInnerTexts();
    for (let index = 1; index <= 6; index += 1) {
      const head = page.locator(`#table thead th:nth-child(${index})`);
      const before = await column(1);
      await head.locator('button').focus();
      await page.keyboard.press('Enter');
      expect(await head.getAttribute('aria-sort')).toBe('ascending');
      const up = await column(index);
      await page.keyboard.press('Space');
      expect(await head.getAttribute('aria-sort')).toBe('descending');
      const down = await column(index);
      expect(down.toSorted()).toEqual(up.toSorted());
      expect(down[0]).not.toBe(up[0]);
      expect((await column(1)).toSorted()).toEqual(before.toSorted());
    }
    expect(await page.locator('th[aria-sort]').count()).toBe(1);
    await page.click('#table thead th:nth-child(3) button');
    const states = await column(3);
    expect([states[0], states.at(-1)]).toEqual(['provenance', 'out of scope']);
  });

  it('leads from the drawing, the findings and the table to a package', async () => {
    const { page } = await open(sampleReport());
    const open_ = page.locator('.chain[open] > summary');
    await page.click('.t.rejected >> nth=0');
    const name = await open_.innerText();
    expect(name).toContain('rejected');
    expect(await page.evaluate('document.activeElement.tagName')).toBe(
      'SUMMARY',
    );
    await page.keyboard.press('Enter');
    expect(await open_.count()).toBe(0);
    await page.click('#findings a.pkg >> nth=0');
    expect(await open_.innerText()).toContain('left-widget@1.4.2');
    expect(await page.locator('.chain[open] ol').innerText()).toMatch(
      /Lockfile[^]*Registry[^]*Verification[^]*subject-digest[^]*Policy/,
    );
    await page.click('#table tbody a >> text="@acme/widget"');
    expect(await open_.allInnerTexts()).toHaveLength(2);
  });

  it.each([
    ['all that is proven', sampleReport()],
    ['a project that passes', greenReport()],
  ])('has links to what the certificate names only: %s', async (_, report) => {
    const elsewhere = 'https://evil.example/x';
    const { page } = await open({
      ...report,
      dependencies: report.dependencies.map((one) => ({
        ...one,
        ...{ resolved: elsewhere, registry: elsewhere, askedAt: elsewhere },
        provenance: one.provenance && {
          ...one.provenance,
          ...{ builder: elsewhere, buildType: elsewhere, signer: elsewhere },
          ...{ issuer: elsewhere, predicateType: elsewhere },
        },
        statements: [{ predicateType: elsewhere, sha256: 'ab'.repeat(32) }],
      })),
    });
    const links = await page.evaluate<readonly string[]>(
      `[...document.querySelectorAll('a[href]:not([href^="#"])')]
        .map((one) => one.getAttribute('href'))`,
    );
    const base = 'https://github.com/acme/widget';
    expect(new Set(links)).toEqual(
      new Set([
        base,
        `${base}/commit/1f4a9c2000000000000000000000000000000000`,
        `${base}/actions/runs/81723/attempts/1`,
      ]),
    );
  });

  it.each([
    ['O05: an element', '<script>window.pwned=1</script><b>x</b>'],
    ['O05: an attribute', '" onerror="window.pwned=1" x=\' onload=y '],
    ['O05: a script address', 'javascript:window.pwned=1'],
    ['O05: the end of the script', '</script><img src=x onerror=pwned=1>'],
    ['O05: the end of everything', '</style></title>--></svg></table>]]>'],
    ['O05: a reference', '&lt;img src=x onerror=pwned=1&gt;&#60;i&#62;'],
    ['O01: a terminal’s commands', HOSTILE_NAME],
    ['O02: bidi, zero width, tags', 'a\u{202e}b\u{200b}c\u{e0041}d\u{feff}'],
    ['a long text', 'x'.repeat(20_000)],
  ])('%s stays text', async (_what, text) => {
    const { page, messages } = await expectTextAlone(
      (each) => open(hostileReport(each)),
      text,
    );
    await page.fill('#search', text.slice(0, 20).trim());
    await page.click('#table thead th:nth-child(1) button');
    expect(messages).toEqual([]);
  });

  describe('without JavaScript', () => {
    const off = { javaScriptEnabled: false };

    it('reads as a whole, without what would not work', async () => {
      const { page } = await open(sampleReport(), off);
      expect(await shown(page)).toHaveLength(
        sampleReport().dependencies.length,
      );
      expect(await page.locator('#controls').isVisible()).toBe(false);
      expect(await page.locator('th button').count()).toBe(0);
      expect(await page.locator('.treemap').isVisible()).toBe(true);
      await page.click('.chain >> nth=1 >> summary');
      expect(await page.locator('.chain ol:visible').count()).toBe(1);
    });

    it('opens the package that a link leads to', async () => {
      const { page } = await open(sampleReport(), { ...off, fragment: '#p4' });
      await expect
        .poll(() => page.locator('.chain ol:visible').count())
        .toBe(1);
      expect(await page.locator('#p4').isVisible()).toBe(true);
    });
  });

  it('has on paper what is to be read, and nothing to be clicked', async () => {
    const report = sampleReport();
    const { page } = await open(report);
    await page.emulateMedia({ media: 'print' });
    for (const gone of ['nav', '#controls', '.skip', '#shown']) {
      expect(await page.locator(gone).isVisible(), gone).toBe(false);
    }
    expect(await shown(page)).toHaveLength(report.dependencies.length);
    // Closed on the screen, but what fails has to be on paper.
    const failing = page.locator('.chain.found:not([open]) ol');
    expect(await failing.count()).toBeGreaterThan(5);
    expect(await failing.nth(0).isVisible()).toBe(true);
    expect(await page.locator('.group.warning .found').isVisible()).toBe(true);
    expect(await page.locator('.chain:not(.found):visible').count()).toBe(0);
    const pdf = await page.pdf();
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  });

  it.each(
    (['light', 'dark'] as const).flatMap((scheme) =>
      [
        ['every state', sampleReport()] as const,
        ['a part that passes', selectiveReport()] as const,
        ['lists of checks', largeReport(15, 5)] as const,
      ].map(([what, report]) => [scheme, what, report] as const),
    ),
  )(
    'axe finds nothing to object to: %s, %s',
    async (scheme, _, report) => {
      const { page } = await open(report, {
        ...{ colorScheme: scheme, bypassCSP: true, reducedMotion: 'reduce' },
      });
      await page.click('.chain >> nth=0 >> summary');
      expect(await axeViolations(page)).toEqual([]);
    },
    60_000,
  );

  it.each([320, 760, 1600])(
    'needs no scrolling sideways at %i',
    async (width) => {
      const { page } = await open(hostileReport('x'.repeat(300)), {
        viewport: { width, height: 800 },
      });
      expect(
        await page.evaluate('document.documentElement.scrollWidth'),
      ).toBeLessThanOrEqual(width);
    },
  );

  it('shows every row in the end, however many there are', async () => {
    const { page } = await open(largeReport(1200));
    await expect
      .poll(() => page.locator('#table tbody tr:not([hidden])').count())
      .toBe(1200);
  });

  it('can be used with 5,000 packages and 25,000 findings', async () => {
    const { page, messages } = await open(largeReport(5000, 25_000));
    await page.fill('#search', 'glob');
    await expect
      .poll(() => page.locator('#shown').innerText(), { timeout: 20_000 })
      .not.toMatch(/^5000 /);
    expect(messages).toEqual([]);
  }, 60_000);
});

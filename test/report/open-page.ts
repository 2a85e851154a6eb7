import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds, as far as it is looked at. */
interface AxeResults {
  readonly passes: readonly unknown[];
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** A page with everything that it did beside showing itself. */
export interface OpenedPage {
  readonly page: Page;
  /** Addresses asked for, that of the page left out. */
  readonly requests: string[];
  /** What the browser had to say, errors and violations of the policy. */
  readonly messages: string[];
}

/** How a page is opened, and at which place of it. */
export type PageOptions = BrowserContextOptions & {
  readonly fragment?: string;
};

/** Writes `text` to `file` and opens it as a person would. */
export async function openPage(
  browser: Browser,
  file: string,
  text: string,
  { fragment = '', ...options }: PageOptions = {},
): Promise<OpenedPage> {
  await writeFile(file, text);
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const address = pathToFileURL(file).href;
  const [requests, messages]: [string[], string[]] = [[], []];
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== address) requests.push(request.url());
  });
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(error.message));
  await page.goto(`${address}${fragment}`);
  return { page, requests, messages };
}

/** What axe objects to; it must have had something to look at. */
export async function axeViolations(page: Page): Promise<readonly unknown[]> {
  await page.addScriptTag({ path: AXE });
  const found = await page.evaluate<AxeResults>(
    `axe.run(document, { resultTypes: ['violations', 'incomplete'] })`,
  );
  expect(found.passes.length).toBeGreaterThan(20);
  return found.violations.map(({ id, nodes }) => [id, nodes[0]?.html]);
}

/** How often which element with which attributes is there. */
function census(page: Page): Promise<unknown> {
  return page.evaluate(`{
    const counts = {};
    for (const one of document.querySelectorAll('*')) {
      const names = one.getAttributeNames().sort().join(' ');
      const key = one.localName + ' ' + names;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    counts;
  }`);
}

/**
 * A page of a hostile text has the elements of one of a plain text, shows nothing
 * invisible and does nothing. Returns it. `open` opens the page of a text.
 */
export async function expectTextAlone(
  open: (text: string) => Promise<OpenedPage>,
  hostile: string,
): Promise<OpenedPage> {
  const plain = await open('plain');
  const expected = await census(plain.page);
  await plain.page.close();
  const opened = await open(hostile);
  const { page, requests, messages } = opened;
  expect(await page.evaluate('window.pwned')).toBeUndefined();
  expect(await census(page)).toEqual(expected);
  expect(requests).toEqual([]);
  expect(messages).toEqual([]);
  const visible = await page.locator('body').innerText();
  // eslint-disable-next-line no-control-regex -- these are what must not be there
  expect(visible).not.toMatch(/[\u0000-\u0008\u001b\u202e\u200b\ufeff]/);
  return opened;
}

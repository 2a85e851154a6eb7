import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Where Debian has it; elsewhere the variable says it. */
const PATH = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether there is a browser; tests that need one say so when they skip. */
export const HAS_CHROMIUM = existsSync(PATH);

/** For the title of what is skipped without it. */
export const NEEDS_CHROMIUM = HAS_CHROMIUM
  ? 'in Chromium'
  : 'in Chromium (skipped: not installed; apt-get install chromium, or CHROMIUM=path)';

/** A browser that asks nobody for anything of its own accord. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: PATH,
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic'],
      ...['--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
    ],
  });
}

import { createHash } from 'node:crypto';
import { html, join, type Markup } from './markup.js';
import { STYLE } from './style.js';

/** The parts of a page. */
export interface DocumentParts {
  /** Outside text, which is escaped like any. */
  readonly title: string;
  /** The one script that the page may run; null: none. */
  readonly script: string | null;
  readonly header: Markup;
  /** Items of the list of contents. */
  readonly contents: Markup;
  readonly main: Markup;
  readonly footer: Markup;
}

/**
 * A whole page. It asks for nothing and needs nothing but itself: its policy
 * allows the one style sheet in it, and the script if it has one, by their hashes.
 */
export function renderDocument(parts: DocumentParts): string {
  const { markup } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="${{ markup: contentPolicy(parts.script) }}"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>${`${parts.title} – provenance-audit`}</title>
        ${inline('style', STYLE)}
      </head>
      <body>
        <div class="page">
          <a class="skip" href="#main">Skip to the report</a>
          ${parts.header}
          <nav aria-label="Contents">
            <ul>
              ${parts.contents}
            </ul>
          </nav>
          <main id="main">${parts.main}</main>
          <footer>
            <p class="reminder">
              Provenance tells where a package was built, not that it is
              harmless.
            </p>
            ${parts.footer}
          </footer>
        </div>
      </body>
    </html> `;
  return `${markup.trimEnd()}\n`;
}

/** The very text that the policy has the hash of, without a blank around it. */
export function inline(element: 'style' | 'script', text: string): Markup {
  return { markup: `<${element}>${text}</${element}>` };
}

/** Names and values, side by side. */
export function rowList(
  rows: readonly (readonly [name: string, value: string])[],
): Markup {
  return html`<dl>
    ${join(
      rows.map(
        ([label, value]) =>
          html`<dt>${label}</dt>
            <dd>${value}</dd>`,
      ),
    )}
  </dl>`;
}

function contentPolicy(script: string | null): string {
  return [
    "default-src 'none'",
    `style-src '${hashOf(STYLE)}'`,
    ...(script === null ? [] : [`script-src '${hashOf(script)}'`]),
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

import { createHash } from 'node:crypto';
import type { Report } from '../report.js';
import { wordTrustRoot } from '../text/footer.js';
import { duration } from '../text/wording.js';
import { formatPackageId } from '../../package/package-id.js';
import { chainsSection } from './chain.js';
import { findingsSection } from './findings.js';
import { html, join, when, type Markup } from './markup.js';
import { coverageSection, headerSection } from './overview.js';
import { packagesSection } from './packages.js';
import { SCRIPT } from './script.js';
import { STANDINGS } from './standing.js';
import { STYLE } from './style.js';
import { treemap } from './treemap.js';

/**
 * The whole page. It asks for nothing and needs nothing but itself: its policy
 * allows the one style sheet and the one script in it, by their hashes. The
 * script stands before the longest part, so that the table can be used while the
 * rest is still being read.
 */
export function renderPage(report: Report, lockfilePath: string): string {
  const { markup } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="${{ markup: contentPolicy() }}"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>
          ${`${report.result === 'pass' ? 'Policy met' : 'Policy not met'}: ${lockfilePath} – provenance-audit`}
        </title>
        ${inline('style', STYLE)}
      </head>
      <body>
        <div class="page">
          <a class="skip" href="#main">Skip to the report</a>
          ${headerSection(report, lockfilePath)} ${contents(report)}
          <main id="main">
            ${coverageSection(report)}
            ${findingsSection(report, sections(report))} ${treeSection(report)}
            ${packagesSection(report)} ${inline('script', SCRIPT)}
            ${chainsSection(report)}
          </main>
          ${footer(report)}
        </div>
      </body>
    </html> `;
  return `${markup.trimEnd()}\n`;
}

/** The very text that the policy has the hash of, without a blank around it. */
function inline(element: 'style' | 'script', text: string): Markup {
  return { markup: `<${element}>${text}</${element}>` };
}

function contentPolicy(): string {
  return [
    "default-src 'none'",
    `style-src '${hashOf(STYLE)}'`,
    `script-src '${hashOf(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Several dependencies of one name and version: the first stands for them. */
function sections({
  dependencies,
}: Report): (id: string | null) => number | null {
  const found = new Map<string, number>();
  for (const [index, dependency] of dependencies.entries()) {
    const id = formatPackageId(dependency);
    if (!found.has(id)) found.set(id, index);
  }
  return (id) => (id === null ? null : (found.get(id) ?? null));
}

function contents({ findings }: Report): Markup {
  return html`<nav aria-label="Contents">
    <ul>
      <li><a href="#coverage">Proven origin</a></li>
      <li><a href="#findings">Findings</a> (${findings.length})</li>
      <li><a href="#tree">Dependency tree</a></li>
      <li><a href="#packages">Packages</a></li>
      <li><a href="#chains">Chains of evidence</a></li>
    </ul>
  </nav>`;
}

function treeSection({ dependencies }: Report): Markup {
  return html`<section id="tree" aria-labelledby="tree-title">
    <h2 id="tree-title">Dependency tree</h2>
    <p class="quiet" id="tree-text">
      Each package is one field, within the package nearest to the project that
      needs it. The table of packages says the same in words.
    </p>
    <div class="treebox">
      ${treemap(dependencies)}
      <ul class="treekey">
        ${join(
          STANDINGS.map(
            ({ key, title, mark }) =>
              html`<li>
                <svg viewBox="0 0 22 14" aria-hidden="true">
                  <rect
                    class="${key}"
                    x=".5"
                    y=".5"
                    width="21"
                    height="13"
                  /></svg
                ><span aria-hidden="true">${mark}</span> ${title}
              </li>`,
          ),
        )}
      </ul>
    </div>
  </section>`;
}

function footer(report: Report): Markup {
  const { trustRoot, auditedAt, policy, tool, lockfile, durations } = report;
  const rows: readonly (readonly [string, string])[] = [
    ['trust root', wordTrustRoot(trustRoot, auditedAt)],
    [
      'policy',
      policy.origin === 'default'
        ? 'the default one'
        : `${policy.path ?? 'the default one'}${policy.ref === null ? '' : ` in ${policy.ref}`}`,
    ],
    ['lockfile', `sha256 ${lockfile.sha256}`],
    ['made by', `${tool.name} ${tool.version}, ${tool.verifier}`],
    ['done in', duration(durations.total)],
  ];
  return html`<footer>
    <p class="reminder">
      Provenance tells where a package was built, not that it is harmless.
    </p>
    <dl>
      ${join(
        rows.map(
          ([label, value]) =>
            html`<dt>${label}</dt>
              <dd>${value}</dd>`,
        ),
      )}
    </dl>
    ${when(
      policy.sha256 !== null,
      () => html`<p>Policy sha256 <code>${policy.sha256 ?? ''}</code></p>`,
    )}
  </footer>`;
}

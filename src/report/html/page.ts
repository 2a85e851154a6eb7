import type { Report } from '../report.js';
import { wordTrustRoot } from '../text/footer.js';
import { duration } from '../text/wording.js';
import { formatPackageId } from '../../package/package-id.js';
import { chainsSection } from './chain.js';
import { toCheckLists, type CheckLists } from './check-lists.js';
import { inline, renderDocument, rowList } from './document.js';
import { findingsSection } from './findings.js';
import { historiesSection } from './histories.js';
import { html, join, when, type Markup } from './markup.js';
import { coverageSection, headerSection } from './overview.js';
import { packagesSection } from './packages.js';
import { SCRIPT } from './script.js';
import { STANDINGS } from './standing.js';
import { treemap } from './treemap.js';

/**
 * The whole page. The script stands before the longest part, so that the table can
 * be used while the rest is still being read.
 */
export function renderPage(report: Report, lockfilePath: string): string {
  const lists = toCheckLists(report.dependencies);
  const verdict = report.result === 'pass' ? 'Policy met' : 'Policy not met';
  return renderDocument({
    title: `${verdict}: ${lockfilePath}`,
    script: SCRIPT,
    header: headerSection(report, lockfilePath),
    contents: contents(report, lists),
    main: html`${coverageSection(report)}
    ${findingsSection(report, sections(report))} ${historiesSection(report)}
    ${treeSection(report)} ${packagesSection(report)}
    ${inline('script', SCRIPT)} ${lists.section} ${chainsSection(report, lists)}`,
    footer: footer(report),
  });
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

function contents({ findings, histories }: Report, lists: CheckLists): Markup {
  return html`<li><a href="#coverage">Proven origin</a></li>
    <li><a href="#findings">Findings</a> (${findings.length})</li>
    ${when(
      histories.length > 0,
      () =>
        html`<li>
          <a href="#histories">Trust over time</a> (${histories.length})
        </li>`,
    )}
    <li><a href="#tree">Dependency tree</a></li>
    <li><a href="#packages">Packages</a></li>
    ${when(
      lists.count > 0,
      () => html`<li><a href="#checks">Lists of checks</a></li>`,
    )}
    <li><a href="#chains">Chains of evidence</a></li>`;
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
  return html`${rowList(rows)}
  ${when(
    policy.sha256 !== null,
    () => html`<p>Policy sha256 <code>${policy.sha256 ?? ''}</code></p>`,
  )}`;
}

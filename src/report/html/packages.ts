import { counted } from '../text/wording.js';
import { groupFindings, isFailing } from '../formats/finding-words.js';
import type { Report, ReportDependency, ReportFinding } from '../report.js';
import { certificateLinks, linkedAddress } from './links.js';
import {
  html,
  html as write,
  join,
  NOTHING,
  when,
  type Markup,
} from './markup.js';
import { standingOf, STANDINGS } from './standing.js';

const COLUMNS = [
  ['name', 'Package'],
  ['version', 'Version'],
  ['standing', 'Proven'],
  ['source', 'Built from, or why not'],
  ['use', 'Use'],
  ['findings', 'Findings'],
] as const;

/** All packages as a table, which a script can sort and filter. */
export function packagesSection(report: Report): Markup {
  const groups = groupFindings(report);
  return html`<section id="packages" aria-labelledby="packages-title">
    <h2 id="packages-title">Packages</h2>
    ${controls()}
    <p id="shown" class="quiet" role="status"></p>
    <div
      class="scroll"
      role="region"
      aria-label="Table of packages"
      tabindex="0"
    >
      <table id="table" class="packages">
        <caption class="vh">
          Every package of the lockfile, with what is proven of it
        </caption>
        <thead>
          <tr>
            ${join(
              COLUMNS.map(
                ([key, title]) =>
                  html`<th scope="col" data-key="${key}">${title}</th>`,
              ),
            )}
          </tr>
        </thead>
        <tbody>
          ${join(
            report.dependencies.map((dependency, index) =>
              row(dependency, index, groups.get(dependency) ?? []),
            ),
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** Of no use without the script, which shows them. */
function controls(): Markup {
  return html`<form id="controls" class="controls" hidden>
    <label class="search"
      >Search
      <input
        type="search"
        id="search"
        autocomplete="off"
        spellcheck="false"
        placeholder="name, version or repository"
    /></label>
    <fieldset>
      <legend>Proven</legend>
      ${join(
        STANDINGS.map(
          ({ key, title, mark }) =>
            html`<label
              ><input type="checkbox" name="standing" value="${key}" checked />
              <span class="chip ${key}"
                ><span aria-hidden="true">${mark}</span></span
              >
              ${title}</label
            >`,
        ),
      )}
    </fieldset>
    <fieldset>
      <legend>Only</legend>
      <label><input type="checkbox" name="only" value="direct" /> direct</label
      ><label
        ><input type="checkbox" name="only" value="production" /> in
        production</label
      ><label
        ><input type="checkbox" name="only" value="found" /> with
        findings</label
      >
    </fieldset>
    <button type="reset">Show all</button>
  </form>`;
}

function row(
  dependency: ReportDependency,
  index: number,
  findings: readonly ReportFinding[],
): Markup {
  const { name, version, direct, production } = dependency;
  const { key, words } = standingOf(dependency);
  const use = [
    ...(direct ? ['direct'] : []),
    production ? 'production' : 'development',
    ...(dependency.optional ? ['optional'] : []),
  ].join(', ');
  return write`<tr><th scope=row><a href=#p${index}>${name}</a><td>${version}<td class=${key}>${words}<td>${source(dependency)}<td>${use}<td>${findingCount(findings)}
`;
}

function source(dependency: ReportDependency): Markup {
  const { provenance, rejections, unverifiable, unavailable } = dependency;
  if (provenance !== null) {
    const { repository } = certificateLinks(provenance);
    return linkedAddress(repository, provenance.sourceRepository);
  }
  const [rejection] = rejections;
  const code = rejection?.code ?? unverifiable?.code ?? unavailable?.code;
  if (code !== undefined) return html`${code}`;
  const { scopeReason, evidence } = dependency;
  if (scopeReason !== null) return html`${scopeReason.replaceAll('-', ' ')}`;
  return html`${evidence === 'unattested' ? 'no attestations' : 'no provenance'}`;
}

function findingCount(findings: readonly ReportFinding[]): Markup {
  if (findings.length === 0) return NOTHING;
  const failing = findings.filter(isFailing).length;
  return html`${findings.length}${when(failing > 0, () => html` <b>${counted(failing, 'error')}</b>`)}`;
}

import { isFailing, wordFinding } from '../formats/finding-words.js';
import type { Report, ReportFinding } from '../report.js';
import { counted, wordPlace } from '../text/wording.js';
import {
  html,
  html as write,
  join,
  NOTHING,
  when,
  type Markup,
} from './markup.js';

/** Findings written out in one report; the others are counted. */
const MAX_FINDINGS = 2000;
/** A longer list is closed until somebody opens it, and has a line for each. */
const LONG = 30;

/** Where the section of a package is, by `name@version`. */
export type SectionOf = (packageId: string | null) => number | null;

/** Findings by level and rule, those that fail the audit first. */
export function findingsSection(report: Report, sectionOf: SectionOf): Markup {
  const { findings } = report;
  const shown = [...findings]
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, MAX_FINDINGS);
  const groups = new Map<string, ReportFinding[]>();
  for (const finding of shown) {
    const key = JSON.stringify([rank(finding), finding.rule]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  const omitted = findings.length - shown.length;
  return html`<section id="findings" aria-labelledby="findings-title">
    <h2 id="findings-title">Findings</h2>
    ${when(
      findings.length === 0,
      () => html`<p class="quiet">Nothing was found.</p>`,
    )}${join([...groups.values()].map((group) => groupBlock(group, sectionOf)))}${when(
      omitted > 0,
      () =>
        html`<p class="note">
          ${counted(omitted, 'further finding')}, the least grave ones, left out
          for want of room. The JSON report has all.
        </p>`,
    )}
  </section>`;
}

/** Errors, then warnings, then what the policy exempts. */
function rank(finding: ReportFinding): 0 | 1 | 2 {
  if (finding.exempted !== null) return 2;
  return isFailing(finding) ? 0 : 1;
}

const LABELS = ['error', 'warning', 'exempted'] as const;

function groupBlock(
  group: readonly ReportFinding[],
  sectionOf: SectionOf,
): Markup {
  const [first] = group;
  if (first === undefined) return NOTHING;
  const label = LABELS[rank(first)];
  const isShared = group.every(({ remedy }) => remedy === first.remedy);
  const isOpen = label === 'error' && group.length <= LONG;
  const fullList = (): Markup =>
    html`<ul class="found">
      ${join(
        group.map((finding) =>
          findingItem(
            finding,
            sectionOf,
            isShared ? NOTHING : remedyLine(finding),
          ),
        ),
      )}
    </ul>`;
  return html`<details
    class="group ${label}"
    ${when(isOpen, () => html` open`)}
  >
    <summary>
      <span class="tag ${label}">${label}</span>
      <span class="rule">${first.rule}</span>
      <span class="count">${counted(group.length, 'finding')}</span>
    </summary>
    ${when(isShared, () => remedyLine(first))}
    ${group.length > LONG ? shortList(group, sectionOf) : fullList()}
  </details>`;
}

/** The packages, and what is said of each unless it is the same for all. */
function shortList(
  group: readonly ReportFinding[],
  sectionOf: SectionOf,
): Markup {
  const message = group[0]?.message ?? '';
  const isShared = group.every((finding) => wordFinding(finding) === message);
  const items = group.map((finding) => {
    const words = isShared ? '' : ` ${wordFinding(finding)}`;
    const line = finding.location?.line ?? null;
    const where = line === null ? '' : ` line ${line}`;
    return write`<li>${subject(finding, sectionOf)}${where}${words}</li>\n`;
  });
  return write`${isShared ? write`<p>${message}</p>` : NOTHING}<ul class="found short">${join(items)}</ul>`;
}

function remedyLine({ remedy }: ReportFinding): Markup {
  return html`<p class="remedy"><strong>What to do</strong> ${remedy}</p>`;
}

function findingItem(
  finding: ReportFinding,
  sectionOf: SectionOf,
  remedy: Markup,
): Markup {
  const { location, exempted, exemption, paths } = finding;
  const [path = []] = paths;
  return html`<li>
    <p>
      ${subject(finding, sectionOf)}${when(
        location !== null,
        () =>
          html` <span class="where"
            >${location === null ? '' : wordPlace(location.file, location)}</span
          >`,
      )}
    </p>
    ${when(
      path.length > 1,
      () => html`<p class="path">${path.join(' › ')}</p>`,
    )}
    <p>${finding.message}</p>
    ${comparison(finding)}${remedy}${when(
      exempted !== null,
      () =>
        html`<p class="quiet">
          Does not count:
          ${exempted ?? ''}${exemption === null ? '' : ` (until ${exemption.expires}${exemption.owner === null ? '' : `, by ${exemption.owner}`})`}
        </p>`,
    )}
  </li>`;
}

function subject(finding: ReportFinding, sectionOf: SectionOf): Markup {
  const { package: name } = finding;
  if (name === null) return html`<strong>the audit as a whole</strong>`;
  const section = sectionOf(name);
  return section === null
    ? html`<strong><bdi>${name}</bdi></strong>`
    : html`<a class="pkg" href="#p${section}"><bdi>${name}</bdi></a>`;
}

/** Both sides of a comparison, one above the other. */
export function comparison({
  expected,
  found,
}: Pick<ReportFinding, 'expected' | 'found'>): Markup {
  if (expected === null && found === null) return NOTHING;
  const row = (label: string, value: string | null): Markup =>
    value === null
      ? NOTHING
      : html`<dt>${label}</dt>
          <dd><code>${value}</code></dd>`;
  return html`<dl class="compare">
    ${row('expected', expected)}${row('found', found)}
  </dl>`;
}

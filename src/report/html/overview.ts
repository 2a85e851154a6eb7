import type { Coverage, Report } from '../report.js';
import { wordSelection } from '../text/selection.js';
import { wordVerdict } from '../text/verdict-line.js';
import { counted, instant, percent } from '../text/wording.js';
import { html, join, when, type Markup } from './markup.js';
import { standingOf, STANDINGS, type StandingKey } from './standing.js';

/** The verdict first, then what was audited. */
export function headerSection(report: Report, lockfilePath: string): Markup {
  const { result, summary, auditedAt, selection, lockfile } = report;
  const isMet = result === 'pass';
  const beside =
    lockfile.foreign === 0 ? '' : `, and ${lockfile.foreign} of other kinds`;
  return html`<header class="top ${result}">
    <p class="brand">provenance-audit</p>
    <h1>
      <span class="verdict-mark" aria-hidden="true">${isMet ? '✔' : '✖'}</span>
      ${sentenceCase(wordVerdict(report))}
    </h1>
    <p class="sub">
      <bdi>${lockfilePath}</bdi> ·
      ${counted(summary.dependencies, 'package')}${beside} · audited
      <time datetime="${auditedAt}">${instant(auditedAt)}</time>
    </p>
    ${when(
      selection !== null,
      () =>
        html`<p class="sub">
          Only a part of it was audited:
          ${selection === null ? '' : wordSelection(selection).join(' ')}
        </p>`,
    )}
  </header>`;
}

/** Shares of proven origin, and what all packages come to. */
export function coverageSection(report: Report): Markup {
  const { coverage } = report.summary;
  return html`<section id="coverage" aria-labelledby="coverage-title">
    <h2 id="coverage-title">Proven origin</h2>
    <div class="cards">
      <div>
        <table class="coverage">
          <caption>
            Share of the packages that could have verified provenance
          </caption>
          <thead>
            <tr>
              <th scope="col">packages</th>
              <th scope="col"><span class="vh">chart</span></th>
              <th scope="col" class="n">share</th>
              <th scope="col" class="n">verified</th>
            </tr>
          </thead>
          <tbody>
            ${coverageRow('all', coverage.all)}${coverageRow('production', coverage.production)}${coverageRow('direct', coverage.direct)}
          </tbody>
        </table>
      </div>
      ${standingsChart(report)}
    </div>
  </section>`;
}

function coverageRow(label: string, { verified, eligible }: Coverage): Markup {
  // Rounded down like the number: a full bar is a full coverage.
  const width = eligible === 0 ? 0 : Math.floor((300 * verified) / eligible);
  return html`<tr>
    <th scope="row">${label}</th>
    <td>
      <svg
        class="bar"
        viewBox="0 0 300 14"
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <rect class="track" width="300" height="14" rx="2" />
        <rect class="f proven" width="${width}" height="14" rx="2" />
      </svg>
    </td>
    <td class="n strong">${percent(verified, eligible)}</td>
    <td class="n">${verified} of ${eligible}</td>
  </tr>`;
}

function standingsChart({ dependencies }: Report): Markup {
  const counts = new Map<StandingKey, number>();
  for (const dependency of dependencies) {
    const { key } = standingOf(dependency);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const rows = STANDINGS.map((standing) => ({
    ...standing,
    count: counts.get(standing.key) ?? 0,
  })).filter(({ count }) => count > 0);
  return html`<div class="standings">
    <svg class="donut" viewBox="0 0 120 120" aria-hidden="true">
      ${arcs(rows, dependencies.length)}
      <text x="60" y="60" class="total">${dependencies.length}</text>
      <text x="60" y="76" class="unit">
        ${dependencies.length === 1 ? 'package' : 'packages'}
      </text>
    </svg>
    <table class="legend">
      <caption>
        What the packages come to
      </caption>
      <tbody>
        ${join(
          rows.map(
            ({ key, title, mark, count }) =>
              html`<tr>
                <th scope="row">
                  <span class="chip ${key}"
                    ><span aria-hidden="true">${mark}</span></span
                  >
                  ${title}
                </th>
                <td class="n">${count}</td>
              </tr>`,
          ),
        )}
      </tbody>
    </table>
  </div>`;
}

const RADIUS = 48;
const TURN = 2 * Math.PI * RADIUS;

/** Each part as a piece of one circle's outline, from the top on. */
function arcs(
  rows: readonly { readonly key: StandingKey; readonly count: number }[],
  total: number,
): Markup {
  let before = 0;
  return join(
    rows.map(({ key, count }) => {
      const length = (TURN * count) / total;
      const gap = rows.length > 1 ? Math.min(1.5, length / 2) : 0;
      const arc = html`<circle
        class="arc ${key}"
        cx="60"
        cy="60"
        r="${RADIUS}"
        stroke-dasharray="${(length - gap).toFixed(2)} ${(TURN - length + gap).toFixed(2)}"
        stroke-dashoffset="${(-before).toFixed(2)}"
        transform="rotate(-90 60 60)"
      />`;
      before += length;
      return arc;
    }),
  );
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import type { Report, ReportHistory } from '../report.js';
import { counted } from '../text/wording.js';
import { chartBox } from './history-chart.js';
import { html, join, NOTHING, when, type Markup } from './markup.js';
import { releaseTable } from './release-table.js';

/** The packages whose history a finding is about; nothing without any. */
export function historiesSection({ histories }: Report): Markup {
  if (histories.length === 0) return NOTHING;
  return html`<section id="histories" aria-labelledby="histories-title">
    <h2 id="histories-title">Trust over time</h2>
    <p class="quiet" id="histories-text">
      Packages whose earlier versions a finding is about. Each mark is a
      version, by date and by what it was published with, both the registry’s
      unsigned word. The table below it says the same in words.
    </p>
    ${join(histories.map(historyBlock))}
  </section>`;
}

function historyBlock(
  { name, releases, omitted }: ReportHistory,
  index: number,
): Markup {
  const titleId = `h${index}`;
  return html`<div class="history">
    <h3 id="${titleId}"><bdi>${name}</bdi></h3>
    ${chartBox(releases, {
      label: `Chart of the versions of ${name}`,
      ...{ titleId, textId: 'histories-text' },
    })}
    <details>
      <summary>${counted(releases.length, 'version')} in words</summary>
      ${when(
        omitted > 0,
        () =>
          html`<p class="note">
            ${counted(omitted, 'older version')} left out for want of room.
            provenance-audit history has all.
          </p>`,
      )}${releaseTable(`Versions of ${name}, the newest first`, releases)}
    </details>
  </div>`;
}

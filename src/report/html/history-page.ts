import type { HistoryReport } from '../history-report.js';
import { wordTrustRoot } from '../text/footer.js';
import { wordHistory } from '../text/history-words.js';
import { duration, instant, shortUrl } from '../text/wording.js';
import { renderDocument, rowList } from './document.js';
import { chartBox } from './history-chart.js';
import { html, html as write, when, type Markup } from './markup.js';
import { plainTable } from './plain-table.js';
import { releaseTable } from './release-table.js';

/**
 * A package over time as one page for a browser: a chart, and the same as tables.
 * It has no script. Outside text is escaped.
 */
export function renderHistoryPage(report: HistoryReport): string {
  const { name } = report.package;
  return renderDocument({
    title: `History of ${name}`,
    script: null,
    header: header(report),
    contents: html`<li><a href="#timeline">Timeline</a></li>
      <li><a href="#origins">Where it was built</a></li>
      <li><a href="#gaps">Gaps</a> (${report.gaps.length})</li>
      <li><a href="#versions">Versions</a> (${report.releases.length})</li>`,
    main: html`${timelineSection(report)} ${originsSection(report)}
    ${gapsSection(report)} ${versionsSection(report)}`,
    footer: footer(report),
  });
}

function header(report: HistoryReport): Markup {
  const { package: one, result, auditedAt } = report;
  const isMet = result === 'pass';
  return html`<header class="top ${result}">
    <p class="brand">provenance-audit history</p>
    <h1>
      <span class="verdict-mark" aria-hidden="true">${isMet ? '✔' : '✖'}</span>
      <bdi>${one.name}</bdi>
    </h1>
    <p class="sub">${wordHistory(report).join(' ')}</p>
    <p class="sub">
      ${shortUrl(one.askedAt ?? one.registry)} · asked
      <time datetime="${auditedAt}">${instant(auditedAt)}</time>
    </p>
  </header>`;
}

function timelineSection({ releases }: HistoryReport): Markup {
  const undated = releases.filter((each) => each.publishedAt === null).length;
  return html`<section id="timeline" aria-labelledby="timeline-title">
    <h2 id="timeline-title">Timeline</h2>
    <p class="quiet" id="timeline-text">
      Each mark is a version, by date and by what it was published with, both
      the registry’s unsigned word. The table of versions says the same in
      words.
      ${when(
        undated > 0,
        () => html`Without a date, and so only there: ${undated}.`,
      )}
    </p>
    ${chartBox(releases, {
      label: 'Chart of the versions',
      ...{ titleId: 'timeline-title', textId: 'timeline-text' },
    })}
  </section>`;
}

function originsSection({ origins }: HistoryReport): Markup {
  return html`<section id="origins" aria-labelledby="origins-title">
    <h2 id="origins-title">Where it was built</h2>
    ${
      origins.length === 0
        ? html`<p class="quiet">No version with verified provenance.</p>`
        : plainTable(
            'Of verified provenance alone, the last way first',
            ['Versions', 'Repository', 'Workflow', 'Started by'],
            origins.toReversed().map((origin) => {
              const { first, last, versions } = origin;
              const { sourceRepositoryId: id } = origin;
              const range = first === last ? first : `${first} … ${last}`;
              return [
                write`<bdi>${range}</bdi> (${versions})`,
                write`${shortUrl(origin.sourceRepository)}${id === null ? '' : ` (id ${id})`}`,
                write`${origin.workflow ?? '–'}`,
                write`${origin.event ?? '–'}`,
              ];
            }),
          )
    }
  </section>`;
}

function gapsSection({ gaps }: HistoryReport): Markup {
  return html`<section id="gaps" aria-labelledby="gaps-title">
    <h2 id="gaps-title">Gaps</h2>
    ${
      gaps.length === 0
        ? html`<p class="quiet">
            No release without provenance after one with it.
          </p>`
        : plainTable(
            'Releases without provenance after one with it, by the registry’s word',
            ['Versions', 'After', 'Until'],
            gaps
              .toReversed()
              .map(({ first, last, versions, after, until }) => [
                write`<bdi>${first === last ? first : `${first} … ${last}`}</bdi> (${versions})`,
                write`<bdi>${after}</bdi>`,
                write`${until ?? 'still open'}`,
              ]),
          )
    }
  </section>`;
}

function versionsSection({ releases }: HistoryReport): Markup {
  return html`<section id="versions" aria-labelledby="versions-title">
    <h2 id="versions-title">Versions</h2>
    ${
      releases.length === 0
        ? html`<p class="quiet">None is known.</p>`
        : releaseTable(
            'Every version that the registry lists, the newest first',
            releases,
          )
    }
  </section>`;
}

function footer(report: HistoryReport): Markup {
  const { trustRoot, auditedAt, tool, durations } = report;
  return html`<p>
      Dates, publishers and what is claimed are the registry’s unsigned word.
    </p>
    ${rowList([
      ['trust root', wordTrustRoot(trustRoot, auditedAt)],
      ['made by', `${tool.name} ${tool.version}, ${tool.verifier}`],
      ['done in', duration(durations.total)],
    ])}`;
}

import type { HistoryRelease } from '../history-report.js';
import { gapFinder } from '../text/history-words.js';
import { html, join, NOTHING, when, type Markup } from './markup.js';
import { legendMark, markOf, RELEASE_MARKS, timeline } from './timeline.js';

/** What names a drawing. */
export interface ChartNames {
  /** For the region around it; may hold outside text. */
  readonly label: string;
  /** Ids of elements that name and describe the drawing. */
  readonly titleId: string;
  readonly textId: string;
}

/** The drawing with its key; nothing where no release has a date. */
export function chartBox(
  releases: readonly HistoryRelease[],
  { label, ...ids }: ChartNames,
): Markup {
  if (releases.every(({ publishedAt }) => publishedAt === null)) {
    return NOTHING;
  }
  const isGap = gapFinder(releases);
  const used = new Set(releases.map(markOf));
  return html`<div class="treebox">
    <div class="chartscroll" role="region" aria-label="${label}" tabindex="0">
      ${timeline({ releases, isGap, ...ids })}
    </div>
    <ul class="treekey">
      ${join(
        RELEASE_MARKS.filter(({ key }) => used.has(key)).map(
          ({ key, title }) => html`<li>${legendMark(key)} ${title}</li>`,
        ),
      )}${when(
        releases.some(({ isPinned }) => isPinned),
        () =>
          html`<li>
            <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
              <circle class="pinned" cx="8" cy="8" r="6.5" /></svg
            >in the lockfile
          </li>`,
      )}${when(
        releases.some(isGap),
        () =>
          html`<li>
            <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
              <path class="gap" d="M8 0v16" /></svg
            >a gap: nothing claimed after a version with provenance
          </li>`,
      )}
    </ul>
  </div>`;
}

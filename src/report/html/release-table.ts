import type { HistoryRelease } from '../history-report.js';
import { gapFinder, wordRelease } from '../text/history-words.js';
import { certificateLinks, linked, linkedAddress } from './links.js';
import { html as write, type Markup } from './markup.js';
import { plainTable } from './plain-table.js';
import { legendMark, markOf } from './timeline.js';

const DAY = 'yyyy-mm-dd'.length;

/** Releases in words, the newest first. */
export function releaseTable(
  caption: string,
  releases: readonly HistoryRelease[],
): Markup {
  const isGap = gapFinder(releases);
  return plainTable(
    caption,
    ['Version', 'Published', 'Proven', 'Built from', 'Started by', 'Line'],
    releases.toReversed().map((one) => versionCells(one, isGap(one))),
  );
}

function versionCells(
  release: HistoryRelease,
  isGap: boolean,
): readonly Markup[] {
  const { version, publishedAt, provenance, line, tags } = release;
  const marks = [
    ...(release.isPinned ? ['in the lockfile'] : []),
    ...tags,
    ...(release.isDeprecated ? ['deprecated'] : []),
  ];
  return [
    write`<bdi>${version}</bdi>${marks.length === 0 ? '' : ` (${marks.join(', ')})`}`,
    write`<span class="n">${publishedAt?.slice(0, DAY) ?? 'no date'}</span>`,
    write`${legendMark(markOf(release))} ${wordRelease(release)}${isGap ? ' (a gap)' : ''}`,
    provenance === null ? write`–` : sourceCell(provenance),
    write`${provenance?.event ?? '–'}`,
    write`${line}`,
  ];
}

function sourceCell(
  provenance: NonNullable<HistoryRelease['provenance']>,
): Markup {
  const { repository, commit } = certificateLinks(provenance);
  const { sourceRepository, sourceRevision, workflow } = provenance;
  return write`${linkedAddress(repository, sourceRepository)}${
    sourceRevision === null
      ? ''
      : write` at ${linked(commit, sourceRevision.slice(0, 7))}`
  }${workflow === null ? '' : `, ${workflow}`}`;
}

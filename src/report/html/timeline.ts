import {
  CLAIMED_LEVELS,
  type ClaimedLevel,
} from '../../evidence/release-history.js';
import type { HistoryRelease } from '../history-report.js';
import { html, html as write, join, when, type Markup } from './markup.js';
import { timeTicks } from './time-ticks.js';

/** What a release comes to in the drawing, for colour and shape. */
export const RELEASE_MARKS = [
  { key: 'proven', title: 'provenance verified' },
  { key: 'asked', title: 'claimed, and not asked for' },
  { key: 'bare', title: 'nothing claimed' },
  { key: 'unknown', title: 'not known, or not verifiable' },
  { key: 'rejected', title: 'evidence rejected' },
] as const;

type MarkKey = (typeof RELEASE_MARKS)[number]['key'];

const MARK_OF: Readonly<Record<HistoryRelease['verification'], MarkKey>> = {
  verified: 'proven',
  'not-asked': 'asked',
  'not-claimed': 'bare',
  unverifiable: 'unknown',
  unavailable: 'unknown',
  rejected: 'rejected',
};

/** The key of `RELEASE_MARKS` that a release has. */
export function markOf({
  verification,
}: Pick<HistoryRelease, 'verification'>): MarkKey {
  return MARK_OF[verification];
}

/** Units of the drawing, which grows and shrinks with the page. */
const WIDTH = 1120;
const [LEFT, RIGHT, TOP] = [150, 24, 14];
const LANE = 46;
const AXIS = 30;
const RADIUS = 5.5;
const DAY = 'yyyy-mm-dd'.length;

const LANE_NAMES: Readonly<Record<ClaimedLevel, string>> = {
  none: 'no provenance',
  provenance: 'provenance',
  'trusted-publisher': 'trusted publisher',
  staged: 'staged',
};

/** Of what a timeline is drawn. */
export interface TimelineInput {
  /** Oldest first. Those without a date have no place in the drawing. */
  readonly releases: readonly HistoryRelease[];
  /** Whether a release without provenance comes after one with it. */
  readonly isGap: (release: HistoryRelease) => boolean;
  /** Ids of elements that name and describe the drawing. */
  readonly titleId: string;
  readonly textId: string;
}

/**
 * Releases by date and by what they were published with, each a mark whose shape
 * and colour say what is proven of it. Drawn for the eye: a table beside it has to
 * say the same in words. Empty where no release has a date.
 */
export function timeline(input: TimelineInput): Markup {
  const dated = input.releases.flatMap((release) =>
    release.publishedAt === null
      ? []
      : [{ release, at: Date.parse(release.publishedAt) }],
  );
  const [first] = dated;
  const last = dated.at(-1);
  if (first === undefined || last === undefined) return join([]);
  const lanes = lanesOf(dated.map(({ release }) => release));
  const bottom = TOP + lanes.length * LANE;
  const span = last.at - first.at;
  const x = (at: number): number =>
    span === 0
      ? (LEFT + WIDTH - RIGHT) / 2
      : LEFT + 14 + ((WIDTH - RIGHT - LEFT - 28) * (at - first.at)) / span;
  const y = (level: ClaimedLevel): number =>
    bottom - (lanes.indexOf(level) + 0.5) * LANE;
  // The later ones of a list are drawn over the earlier ones.
  const drawn = dated.toSorted(
    (a, b) => weight(a.release, input) - weight(b.release, input),
  );
  return html`<svg
    class="timeline"
    viewBox="0 0 ${WIDTH} ${bottom + AXIS}"
    role="img"
    aria-labelledby="${input.titleId}"
    aria-describedby="${input.textId}"
  >
    ${join(lanes.map((level) => lane(level, y(level))))}${join(
      timeTicks(first.at, last.at).map(({ at, label }) =>
        tick(x(at), bottom, label),
      ),
    )}${join(
      drawn.map(({ release, at }) =>
        mark(release, { x: x(at), y: y(release.claimed), ...input }),
      ),
    )}
  </svg>`;
}

/** The shape alone, for a legend. */
export function legendMark(key: MarkKey): Markup {
  return html`<svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
    ${shape(key, 8, 8)}
  </svg>`;
}

/** From the lowest up to the highest there is, and never without the second. */
function lanesOf(releases: readonly HistoryRelease[]): readonly ClaimedLevel[] {
  const ranks = releases.map(({ claimed }) => CLAIMED_LEVELS.indexOf(claimed));
  const highest = ranks.reduce((most, rank) => Math.max(most, rank), 1);
  return CLAIMED_LEVELS.slice(0, highest + 1);
}

function lane(level: ClaimedLevel, at: number): Markup {
  return write`<path class="lane" d="M${LEFT} ${at}H${WIDTH - RIGHT}"/><text class="lanename" x="${LEFT - 12}" y="${at + 4}">${LANE_NAMES[level]}</text>`;
}

function tick(at: number, bottom: number, label: string): Markup {
  const place = at.toFixed(1);
  return write`<path class="tick" d="M${place} ${TOP}V${bottom + 4}"/><text class="when" x="${place}" y="${bottom + 20}">${label}</text>`;
}

function weight(
  release: HistoryRelease,
  { isGap }: Pick<TimelineInput, 'isGap'>,
): number {
  const order = ['bare', 'asked', 'proven', 'unknown', 'rejected'];
  const own = isGap(release) ? 2.5 : order.indexOf(markOf(release));
  return release.isPinned ? own + 10 : own;
}

function mark(
  release: HistoryRelease,
  place: Pick<TimelineInput, 'isGap'> & {
    readonly x: number;
    readonly y: number;
  },
): Markup {
  const { x, y, isGap } = place;
  const [left, top] = [x.toFixed(1), y.toFixed(1)];
  return write`<g>${when(
    release.isPinned,
    () =>
      write`<circle class="pinned" cx="${left}" cy="${top}" r="${RADIUS + 5}"/>`,
  )}${when(
    isGap(release),
    () => write`<path class="gap" d="M${left} ${top}v${LANE / 2 - 4}"/>`,
  )}${shape(markOf(release), x, y)}<title>${release.version}, ${release.publishedAt?.slice(0, DAY) ?? ''}</title></g>
`;
}

/** A shape of its own for each, since not everybody sees every colour. */
function shape(key: MarkKey, x: number, y: number): Markup {
  const [left, top] = [x.toFixed(1), y.toFixed(1)];
  switch (key) {
    case 'proven':
    case 'bare':
    case 'asked':
      return write`<circle class="m ${key}" cx="${left}" cy="${top}" r="${RADIUS}"/>`;
    case 'unknown':
      return write`<path class="m unknown" d="M${left} ${top}m0-7 7 7-7 7-7-7z"/>`;
    case 'rejected':
      return write`<path class="m rejected" d="M${left} ${top}m-5-5 10 10m-10 0 10-10"/>`;
  }
}

import stringWidth from 'string-width';
import { formatPackageId } from '../../package/package-id.js';
import { nearestParents, toDependencyGraph } from '../dependency-graph.js';
import type { ReportDependency } from '../report.js';
import { field } from '../text/wording.js';
import { html, html as write, join, NOTHING, type Markup } from './markup.js';
import { squarify, type Box } from './squarify.js';
import { standingOf } from './standing.js';

/** Units of the drawing, which grows and shrinks with the page. */
const DRAWING: Box = { x: 0, y: 0, width: 1200, height: 640 };
const HEADER = 16;
/** A group needs this much for a strip with its name. */
const NAMED = { width: 64, height: 40 };
/** Width of a character of the labels, about. */
const CHARACTER = 6.4;
const MIN_LABEL = 42;

/** A dependency with all that hangs below it. */
interface Group {
  readonly index: number;
  readonly below: readonly Group[];
  /** How many dependencies it holds, itself one of them. */
  readonly weight: number;
}

/** A rectangle that stands for one dependency. */
interface Tile extends Box {
  readonly index: number;
  /** It is the strip of a group, or a tile without anything below it. */
  readonly isStrip: boolean;
}

/**
 * The dependency tree as nested rectangles: each dependency once, within the one
 * that is nearest to the root of those that need it, and all of equal area but
 * for the frames. Drawn for the eye alone; the table says the same in words.
 */
export function treemap(dependencies: readonly ReportDependency[]): Markup {
  if (dependencies.length === 0) return NOTHING;
  const tiles: Tile[] = [];
  place(toGroups(dependencies), DRAWING, tiles);
  return html`<svg
    class="treemap"
    viewBox="0 0 ${DRAWING.width} ${DRAWING.height}"
    role="img"
    aria-labelledby="tree-title"
    aria-describedby="tree-text"
  >
    ${PATTERNS}${join(tiles.map((tile) => drawTile(tile, dependencies)))}
  </svg>`;
}

/** The top of the tree, largest first; parents come before what is below them. */
function toGroups(dependencies: readonly ReportDependency[]): readonly Group[] {
  const parents = nearestParents(toDependencyGraph(dependencies));
  const below = parents.map((): number[] => []);
  const tops: number[] = [];
  for (const [index, parent] of parents.entries()) {
    if (parent === null) tops.push(index);
    else below[parent]?.push(index);
  }
  // Breadth first, then back: no recursion, as a chain may be very long.
  const order = [...tops];
  for (const index of order) order.push(...(below[index] ?? []));
  const groups = new Map<number, Group>();
  for (const index of order.toReversed()) {
    const inner = (below[index] ?? [])
      .flatMap((each) => groups.get(each) ?? [])
      .toSorted(byWeight);
    const weight = inner.reduce((sum, each) => sum + each.weight, 1);
    groups.set(index, { index, below: inner, weight });
  }
  return tops.flatMap((index) => groups.get(index) ?? []).toSorted(byWeight);
}

function byWeight(a: Group, b: Group): number {
  return b.weight - a.weight || a.index - b.index;
}

function place(tops: readonly Group[], whole: Box, tiles: Tile[]): void {
  const open: [readonly Group[], Box][] = [[tops, whole]];
  for (const [groups, box] of open) {
    const boxes = squarify(
      groups.map(({ weight }) => weight),
      box,
    );
    for (const [position, group] of groups.entries()) {
      const own = boxes[position];
      if (own === undefined) throw new Error('a group without a place');
      const { index, below } = group;
      if (below.length === 0) {
        tiles.push({ index, isStrip: false, ...inset(own, 0.5) });
        continue;
      }
      const isNamed = own.width >= NAMED.width && own.height >= NAMED.height;
      const frame = inset(own, isNamed ? 1 : 0.5);
      // Without room for a strip it is a tile beside what is below it.
      if (!isNamed) {
        const self: Group = { index, below: [], weight: 1 };
        open.push([[...below, self], frame]);
        continue;
      }
      tiles.push({ index, isStrip: true, ...frame, height: HEADER });
      open.push([
        below,
        { ...frame, y: frame.y + HEADER, height: frame.height - HEADER },
      ]);
    }
  }
}

function inset({ x, y, width, height }: Box, by: number): Box {
  const edge = Math.min(by, width / 4, height / 4);
  return {
    x: x + edge,
    y: y + edge,
    width: width - 2 * edge,
    height: height - 2 * edge,
  };
}

function drawTile(
  tile: Tile,
  dependencies: readonly ReportDependency[],
): Markup {
  const dependency = dependencies[tile.index];
  if (dependency === undefined) return NOTHING;
  const { key, mark, words } = standingOf(dependency);
  const name = formatPackageId(dependency);
  const { x, y, width, height } = tile;
  const isLabelled = width >= MIN_LABEL && height >= 14;
  const room = Math.floor((width - 8) / CHARACTER);
  const label = isLabelled
    ? write`<text class=${key} x=${num(x + 4)} y=${num(y + Math.min(12, height / 2 + 4))}>${shorten(`${mark} ${field(dependency.name)}`, room)}</text>`
    : NOTHING;
  return write`<rect class="t ${key}" data-p=${tile.index} x=${num(x)} y=${num(y)} width=${num(width)} height=${num(height)}><title>${name}: ${words}</title></rect>${label}`;
}

/** The beginning, where there is no room for all of it. */
function shorten(text: string, room: number): string {
  if (stringWidth(text) <= room) return text;
  let shown = '';
  for (const character of text) {
    if (stringWidth(shown + character) >= room) break;
    shown += character;
  }
  return `${shown}…`;
}

function num(value: number): string {
  return `${Math.round(value * 10) / 10}`;
}

/** One for each standing but the plain ones, so that colour is not needed. */
const PATTERNS = html`<defs>
  <pattern id="p-signed" width="6" height="6" patternUnits="userSpaceOnUse"
    ><rect class="f signed" width="6" height="6" /><path
      class="h signed"
      d="M-1 7 7-1M-1 1 1-1M5 7 7 5"
  /></pattern>
  <pattern id="p-unknown" width="6" height="5" patternUnits="userSpaceOnUse"
    ><rect class="f unknown" width="6" height="5" /><path
      class="h unknown"
      d="M0 2.5H6"
  /></pattern>
  <pattern id="p-rejected" width="7" height="7" patternUnits="userSpaceOnUse"
    ><rect class="f rejected" width="7" height="7" /><path
      class="h rejected"
      d="M0 0 7 7M7 0 0 7"
  /></pattern>
  <pattern id="p-bare" width="7" height="7" patternUnits="userSpaceOnUse"
    ><rect class="f bare" width="7" height="7" /><circle
      class="h bare"
      cx="3.5"
      cy="3.5"
      r="1"
  /></pattern>
</defs>`;

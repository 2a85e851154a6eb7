import { formatPackageId } from '../../package/package-id.js';
import {
  toDependencyGraph,
  walkTree,
  type DependencyGraph,
  type TreeNode,
} from '../dependency-graph.js';
import type { Report, ReportDependency } from '../report.js';
import { levelMark } from './level-mark.js';
import { lineWidth, paragraph, span, wrap, type Line } from './layout.js';
import { wordState } from './package-state.js';
import { counted, enumerate, field } from './wording.js';

/** How the tree is laid out. */
export interface TreeStyle {
  readonly width: number;
  /** Shows all of it, however long. */
  readonly verbose: boolean;
}

/** Longest tree that somebody reads. */
const MAX_LINES = 2000;
const GUIDE = 3;
const REPEATED = '(*)';

/**
 * The dependency tree with a mark and a word for each place of a package, what
 * it needs only where it comes first. No line is wider than `width`; a tree of
 * more than 2,000 places is cut, with their number.
 */
export function treeLines(report: Report, style: TreeStyle): Line[] {
  const graph = toDependencyGraph(report.dependencies);
  const limit = style.verbose ? Infinity : MAX_LINES;
  const root = field(report.lockfile.rootName);
  const place = { indent: 0, width: style.width };
  const lines = paragraph(root, place, 'strong');
  let count = 0;
  for (const node of wholeTree(graph)) {
    count += 1;
    const dependency = report.dependencies[node.index];
    if (dependency === undefined || count > limit) continue;
    lines.push(...nodeLines(dependency, node, style.width));
  }
  if (count <= limit) return lines;
  const note = `and ${counted(count - limit, 'further place')}; --verbose shows all`;
  return [...lines, ...paragraph(note, place)];
}

/** What the root leads to, then what nobody asks for. */
function* wholeTree(graph: DependencyGraph): Generator<TreeNode, void> {
  const shown = new Set<number>();
  yield* walkTree(graph, graph.root, shown);
  for (const index of graph.needs.keys()) {
    if (!shown.has(index)) yield* walkTree(graph, [index], shown);
  }
}

function nodeLines(
  dependency: ReportDependency,
  node: TreeNode,
  width: number,
): Line[] {
  const { state, tone } = wordState(dependency);
  const guides = guidesOf(node, width);
  const head: Line = [
    span(guides.first, 'faint'),
    span(`${levelMark(dependency)} `, tone),
  ];
  const name = field(formatPackageId(dependency));
  const tail = tailOf(dependency, node.isRepeated, state);
  const room = Math.max(1, width - lineWidth(head));
  const lines: Line[] = wrap([name], room).map((each) => [span(each)]);
  const last = [...(lines.pop() ?? []), span(`  ${tail.join(' ')}`, 'faint')];
  const isBeside = lineWidth([...head, ...last]) <= width;
  if (isBeside) lines.push(last);
  else {
    lines.push(last.slice(0, 1));
    lines.push(...wrap(tail, room).map((each) => [span(each, 'faint')]));
  }
  return lines.map((line, index) => [
    ...(index === 0 ? head : [span(guides.below, 'faint')]),
    ...line,
  ]);
}

/** What is said behind the name, a comma between those that are words. */
function tailOf(
  { production, optional }: ReportDependency,
  isRepeated: boolean,
  state: string,
): readonly string[] {
  const words = [
    state,
    ...(production ? [] : ['dev']),
    ...(optional ? ['optional'] : []),
  ];
  return [...enumerate(words), ...(isRepeated ? [REPEATED] : [])];
}

/**
 * What stands left of a package, and left of what follows of it. Deep down only
 * the last guides are shown, behind the depth.
 */
function guidesOf(
  { depth, ends }: TreeNode,
  width: number,
): { readonly first: string; readonly below: string } {
  const most = Math.max(2, Math.floor(width / 2 / GUIDE));
  const start = depth < most ? 0 : depth - most + 2;
  const number = start === 0 ? '' : `[${depth}] `;
  let guides = number;
  for (let level = start; level < depth; level += 1) {
    guides += ends[level] === true ? '   ' : '│  ';
  }
  const isLast = ends[depth] === true;
  return {
    first: `${guides}${isLast ? '└─ ' : '├─ '}`,
    below: `${' '.repeat(number.length)}${guides.slice(number.length)}${isLast ? '   ' : '│  '}  `,
  };
}

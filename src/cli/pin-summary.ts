import { formatPackageId } from '../package/package-id.js';
import type { PinOutcome, PinUpdate } from '../policy/pins/update-pins.js';
import type { Subject } from '../policy/verdict.js';
import { escapeLogLine, escapeTerminal } from '../report/escape.js';

/** What decides how much is told. */
interface SummaryStyle {
  readonly quiet: boolean;
  readonly prune: boolean;
}

const MAX_LINE = 1000;
const DO = 'do          ';

/**
 * What became of the packages, one paragraph for each that needs somebody's
 * attention, then the sum. Outside text comes out escaped.
 */
export function renderPinUpdate(
  file: string,
  update: PinUpdate,
  { quiet, prune }: SummaryStyle,
): string {
  const { outcomes, idle } = update;
  const withStatus = (status: PinOutcome['status']) =>
    outcomes.filter((each) => each.status === status);
  const left = withStatus('left');
  const notPinned = [...withStatus('unknown'), ...withStatus('rejected')];
  const pinned = [...update.pins.values()].reduce(
    (sum, list) => sum + list.length,
    0,
  );
  const counts = (['added', 'raised', 'accepted', 'left'] as const)
    .map((status) => `${withStatus(status).length} ${status}`)
    .join(', ');
  return toText([
    ...[...left, ...withStatus('accepted')].flatMap(describeDiffering),
    ...notPinned.map(describeNotPinned),
    ...(quiet ? [] : describeIdle(idle.length, prune)),
    ...(quiet ? [] : [`${file}: ${pinned} pins; ${counts}`]),
  ]);
}

/** Why nothing was written. */
export function renderRejected(
  file: string,
  subjects: readonly Subject[],
): string {
  const rejected = subjects.filter(
    ({ facts }) => facts?.verification === 'rejected',
  );
  return toText([
    ...rejected.map(
      ({ dependency, facts }) =>
        `rejected    ${formatPackageId(dependency.id)}: ${facts?.rejections[0]?.message ?? ''}`,
    ),
    `${file}: not written, since evidence was rejected`,
    `${DO}provenance-audit shows every finding; nothing is pinned before they are gone`,
  ]);
}

function describeDiffering(outcome: PinOutcome): readonly string[] {
  const { id, status, pinned, found, comparison } = outcome;
  if (pinned === null || found === null || comparison === null) return [];
  const level = {
    what: 'level',
    expected: pinned.pin.level,
    found: found.level,
  };
  const changes = [
    ...(comparison.isLower ? [level] : []),
    ...comparison.changes,
  ];
  const head = status === 'accepted' ? 'accepted    ' : 'left        ';
  return [
    `${head}${formatPackageId(id)} is not as ${pinned.version}, which is pinned`,
    ...changes.flatMap((change) => [
      `  pinned    ${change.what} ${change.expected}`,
      `  found     ${change.what} ${change.found}`,
    ]),
    ...(status === 'accepted'
      ? []
      : [`${DO}find out why; then provenance-audit pin --accept ${id.name}`]),
  ];
}

function describeNotPinned({ id, status }: PinOutcome): string {
  const why =
    status === 'rejected'
      ? 'its evidence was rejected, if acknowledged'
      : 'its evidence could not be had or verified';
  return `not pinned  ${formatPackageId(id)}: ${why}`;
}

function describeIdle(count: number, isPruned: boolean): readonly string[] {
  if (count === 0) return [];
  const what = `${count} ${count === 1 ? 'pin' : 'pins'} that nothing in the lockfile is held against`;
  return [
    isPruned
      ? `removed     ${what}`
      : `kept        ${what} (--prune removes them)`,
  ];
}

function toText(lines: readonly string[]): string {
  return lines
    .map((line) => `${escapeLogLine(escapeTerminal(line, MAX_LINE))}\n`)
    .join('');
}

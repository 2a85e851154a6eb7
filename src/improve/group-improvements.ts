import { compareText, comparePackageIds } from '../package/package-id.js';
import type { Subject } from '../policy/verdict.js';
import type { ImprovementGroup } from '../report/improve-report.js';
import type { Judgement } from './judge-improvement.js';
import { updateCommands } from './update-commands.js';

/** A package of the lockfile with what could take its place. */
export interface ImprovedSubject extends Judgement {
  readonly subject: Subject;
}

/**
 * Puts improvements below the direct dependency that leads to them, the one with
 * the most gained first. What several lead to counts once, below the first.
 */
export function groupImprovements(
  improved: readonly ImprovedSubject[],
  format: string,
): readonly ImprovementGroup[] {
  const groups = new Map<string, ImprovedSubject[]>();
  for (const each of improved) {
    const key = directOf(each.subject);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups]
    .map(([direct, members]) => toGroup(direct, members, format))
    .toSorted(
      (a, b) =>
        b.gained - a.gained ||
        Number(b.commands.length > 0) - Number(a.commands.length > 0) ||
        compareText(a.direct, b.direct),
    );
}

/** The first step of the shortest way from the project; itself if there is none. */
function directOf({ dependency }: Subject): string {
  const { id, direct, paths } = dependency;
  return direct ? id.name : (paths[0]?.[1] ?? id.name);
}

function toGroup(
  direct: string,
  members: readonly ImprovedSubject[],
  format: string,
): ImprovementGroup {
  const packages = members.map(({ improvement }) => improvement);
  const updates = members.flatMap(({ update }) => update ?? []);
  // What is proven already, if weakly, is covered.
  const gained = packages.filter(
    ({ updatesTo, weakness }) =>
      updatesTo !== null && weakness !== 'limited-identity',
  );
  return {
    direct,
    gained: gained.length,
    commands: updateCommands(updates, format),
    packages: packages.toSorted(comparePackageIds),
  };
}

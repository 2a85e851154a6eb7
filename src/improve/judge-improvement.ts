import { isPackageName } from '../lockfile/npm-grammar.js';
import type { Subject } from '../policy/verdict.js';
import type { BetterVersion, Improvement } from '../report/improve-report.js';
import type { ReportReason } from '../report/report.js';
import type { Better } from './find-better.js';
import type { KnownRanges } from './ranges.js';
import {
  canMake,
  type AskingWorkspace,
  type Update,
} from './update-commands.js';
import type { Weakness } from './weakness.js';

/** What is known of the versions that might take the place of one package. */
export type Outlook =
  | { readonly status: 'known'; readonly better: Better }
  | { readonly status: 'unavailable'; readonly reason: ReportReason };

/** A package of the lockfile that an update might better. */
export interface WeakSubject {
  readonly subject: Subject;
  readonly weakness: Weakness;
  /** The ranges that lead to it. */
  readonly known: KnownRanges;
  /** The workspaces that ask for it themselves. */
  readonly workspaces: readonly AskingWorkspace[];
  /** Whether the lockfile has no other version: an override is about the name. */
  readonly isOnlyVersion: boolean;
}

/** What to do about it, for people and for a command. */
export interface Judgement {
  readonly improvement: Improvement;
  readonly update: Update | null;
}

/**
 * Decides what an update of one package would bring: to the nearest better
 * version where the project names it itself; else to the newest that everything
 * which asks for it allows, or by an override to the nearest that all of it does.
 */
export function judgeImprovement(
  weak: WeakSubject,
  outlook: Outlook,
  format: string,
): Judgement {
  const { subject, weakness, known } = weak;
  const { id, direct, production } = subject.dependency;
  const base = {
    ...{ name: id.name, version: id.version, direct, production, weakness },
    ranges: known.ranges,
  };
  const nothing = { inRange: null, nearest: null, updatesTo: null, by: null };
  if (outlook.status === 'unavailable') {
    const improvement = { ...base, ...nothing, reason: outlook.reason };
    return { improvement, update: null };
  }
  const { better } = outlook;
  const isSafe = isPackageName(id.name) && !id.name.startsWith('-');
  const update = possibleUpdates(weak, better).find((each) =>
    canMake(each, format),
  );
  const { inRange, nearest } = better;
  if (update === undefined || !isSafe) {
    const reason = reasonFor(weak, better, format);
    const improvement = { ...base, ...nothing, inRange, nearest, reason };
    return { improvement, update: null };
  }
  const { version: updatesTo, by } = update;
  const improvement = {
    ...base,
    inRange,
    nearest,
    updatesTo,
    by,
    reason: null,
  };
  return { improvement, update };
}

/** The one that changes least first. */
function possibleUpdates(
  { subject, known, workspaces, isOnlyVersion }: WeakSubject,
  { inRange, nearest, newest }: Better,
): readonly Update[] {
  const { id, direct, requiredBy } = subject.dependency;
  const to = (better: BetterVersion | null) =>
    better === null ? [] : [{ name: id.name, version: better.version }];
  if (direct) {
    const ofRoot = requiredBy.includes('');
    return to(inRange ?? nearest).map((target) => ({
      ...target,
      ...{ by: 'request', ofRoot, workspaces },
    }));
  }
  const { ranges } = known;
  return [
    ...to(newest).map((target) => ({ ...target, by: 'ranges' as const })),
    ...(isOnlyVersion ? to(inRange) : []).map((target) => ({
      ...target,
      ...{ by: 'override' as const, ranges },
    })),
  ];
}

function reasonFor(
  { subject, isOnlyVersion }: WeakSubject,
  { inRange, nearest, newest, isUncertain }: Better,
  format: string,
): ReportReason {
  if (inRange === null && nearest === null) {
    return isUncertain
      ? {
          code: 'not-known',
          message: 'the attestations of newer versions could not be had',
        }
      : {
          code: 'none-better',
          message: 'no newer version is attested and verifies',
        };
  }
  const { direct } = subject.dependency;
  if (!direct && inRange === null) {
    return {
      code: 'out-of-range',
      message:
        'what asks for it allows no version that is attested and verifies',
    };
  }
  const { id } = subject.dependency;
  const override = { by: 'override', ranges: [] } as const;
  const canOverride = canMake({ ...id, ...override }, format);
  if (direct || newest !== null || (canOverride && isOnlyVersion)) {
    return {
      code: 'no-command',
      message:
        'no command of the package manager, in this folder, updates it where it is',
    };
  }
  return {
    code: 'newest-not-attested',
    message: isOnlyVersion
      ? 'an update would lead to a newer version that is not attested; only an override leads to this one'
      : 'an update would lead to a newer version that is not attested, and an override would reach its other versions here too',
  };
}

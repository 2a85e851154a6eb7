import { isPackageName } from '../lockfile/npm-grammar.js';
import type { Subject } from '../policy/verdict.js';
import type { Improvement } from '../report/improve-report.js';
import type { ReportReason } from '../report/report.js';
import type { Better } from './find-better.js';
import type { KnownRanges } from './ranges.js';
import { canUpdateDirect, canUpdateTransitive } from './update-commands.js';

/** What is known of the versions that might take the place of one package. */
export type Outlook =
  | { readonly status: 'known'; readonly better: Better }
  | { readonly status: 'unavailable'; readonly reason: ReportReason };

/**
 * Decides what an update of one package would bring: to the nearest better
 * version where the project names it itself, else to the newest that everything
 * which asks for it allows, since nothing else is in the hands of a command.
 */
export function judgeImprovement(
  { dependency }: Subject,
  { ranges }: KnownRanges,
  outlook: Outlook,
  format: string,
): Improvement {
  const { id, direct, production } = dependency;
  const base = {
    name: id.name,
    version: id.version,
    direct,
    production,
    ranges,
  };
  if (outlook.status === 'unavailable') {
    const nothing = { inRange: null, nearest: null, updatesTo: null };
    return { ...base, ...nothing, reason: outlook.reason };
  }
  const { better } = outlook;
  const target = direct ? (better.inRange ?? better.nearest) : better.newest;
  const isOfWorkspace = direct && !dependency.requiredBy.includes('');
  const isPossible =
    isPackageName(id.name) &&
    !id.name.startsWith('-') &&
    (direct
      ? canUpdateDirect(format, { isOfWorkspace })
      : canUpdateTransitive(format));
  return {
    ...base,
    inRange: better.inRange,
    nearest: better.nearest,
    updatesTo: isPossible ? (target?.version ?? null) : null,
    reason:
      isPossible && target !== null ? null : reasonFor(better, isPossible),
  };
}

function reasonFor(better: Better, isPossible: boolean): ReportReason {
  if (better.inRange === null && better.nearest === null) {
    return better.isUncertain
      ? {
          code: 'not-known',
          message: 'the attestations of newer versions could not be had',
        }
      : {
          code: 'none-better',
          message: 'no newer version is attested and verifies',
        };
  }
  if (!isPossible) {
    return {
      code: 'no-command',
      message:
        'no command of the package manager, in this folder, updates it where it is',
    };
  }
  return better.inRange === null
    ? {
        code: 'out-of-range',
        message:
          'what asks for it allows no version that is attested and verifies',
      }
    : {
        code: 'newest-not-attested',
        message:
          'an update would lead to a newer version that is not attested; only an override leads to this one',
      };
}

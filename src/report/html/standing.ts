import type { ReportDependency } from '../report.js';
import { levelMark } from '../text/level-mark.js';
import { wordState } from '../text/package-state.js';

/**
 * What a dependency comes to at a glance, for colour, pattern and filter. Which
 * one it is follows from the states of the report alone.
 */
export interface Standing {
  readonly key: StandingKey;
  readonly mark: string;
  /** As in the other reports: `registry signature`. */
  readonly words: string;
}

/** From most to least proven, as legend, filter and sorting have it. */
export const STANDINGS = [
  { key: 'proven', title: 'provenance verified', mark: '✔' },
  { key: 'signed', title: 'registry signature', mark: '◐' },
  { key: 'bare', title: 'nothing proven', mark: '○' },
  { key: 'unknown', title: 'not asked or not verifiable', mark: '?' },
  { key: 'rejected', title: 'evidence rejected', mark: '✖' },
  { key: 'outside', title: 'out of scope', mark: '–' },
] as const;

/** One of them. */
export type StandingKey = (typeof STANDINGS)[number]['key'];

/** The standing of one dependency. */
export function standingOf(dependency: ReportDependency): Standing {
  return {
    key: keyOf(dependency),
    mark: levelMark(dependency),
    words: wordState(dependency).state,
  };
}

function keyOf(dependency: ReportDependency): StandingKey {
  const { scope, verification, evidence, provenance, level } = dependency;
  if (scope === 'out-of-scope') return 'outside';
  if (verification === 'rejected') return 'rejected';
  if (verification === 'unverifiable' || evidence === 'unavailable') {
    return 'unknown';
  }
  if (provenance !== null) return 'proven';
  return level === 'registry-signature' ? 'signed' : 'bare';
}

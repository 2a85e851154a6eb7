import type { ReportDependency } from '../report.js';
import type { Tone } from './layout.js';
import { field } from './wording.js';

const LEVEL_WORDS: ReadonlyMap<string, string> = new Map([
  ['none', 'nothing proven'],
  ['registry-signature', 'registry signature'],
  // Both rest on what a registry says without signing it.
  ['trusted-publisher', 'trusted publisher (claimed)'],
  ['staged', 'staged (claimed)'],
]);

/** How much is proven of a dependency, or why nothing is, in a few words. */
export function wordState(one: ReportDependency): {
  readonly state: string;
  readonly tone: Tone;
} {
  if (one.scope === 'out-of-scope') {
    return { state: 'out of scope', tone: 'faint' };
  }
  if (one.verification === 'rejected')
    return { state: 'rejected', tone: 'bad' };
  if (one.verification === 'unverifiable') {
    return { state: 'unverifiable', tone: 'warn' };
  }
  if (one.evidence === 'unavailable') {
    return { state: 'not asked', tone: 'warn' };
  }
  return {
    state: LEVEL_WORDS.get(one.level) ?? field(one.level),
    tone: one.provenance === null ? 'plain' : 'good',
  };
}

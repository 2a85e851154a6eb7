import type { ReportDependency } from '../report.js';
import { wordState } from './package-state.js';

/** One column each, told apart without any colour. */
const MARKS: ReadonlyMap<string, string> = new Map([
  ['rejected', '✖'],
  ['unverifiable', '?'],
  ['not asked', '?'],
  ['registry signature', '◐'],
  ['nothing proven', '○'],
  ['out of scope', '–'],
]);

/** A sign for how much is proven of a dependency, one column wide. */
export function levelMark(dependency: ReportDependency): string {
  return dependency.provenance === null
    ? (MARKS.get(wordState(dependency).state) ?? '○')
    : '✔';
}

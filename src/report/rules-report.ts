import type { RuleDescription } from '../policy/rule-catalogue.js';
import type { Report } from './report.js';

/** The catalogue, or one rule of it: what `rules` prints. Plain and JSON-safe. */
export interface RulesReport {
  readonly schemaVersion: 1;
  readonly tool: Pick<Report['tool'], 'name' | 'version'>;
  /** In the order of reports. */
  readonly rules: readonly RuleDescription[];
}

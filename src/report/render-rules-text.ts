import type { RuleDescription } from '../policy/rule-catalogue.js';
import type { TextOptions } from './render-text.js';
import { ruleDetails } from './text/rule-details.js';
import { ruleTable } from './text/rule-table.js';
import { proseWidth } from './text/layout.js';
import { clampWidth, paintLines } from './text/paint.js';

/** All rules for people at a terminal, each in a line or two. */
export function renderRuleTable(
  rules: readonly RuleDescription[],
  { width, color }: Pick<TextOptions, 'width' | 'color'>,
): string {
  return paintLines(ruleTable(rules, proseWidth(clampWidth(width))), color);
}

/** Everything about one rule, for people at a terminal. */
export function renderRule(
  rule: RuleDescription,
  { width, color }: Pick<TextOptions, 'width' | 'color'>,
): string {
  return paintLines(ruleDetails(rule, proseWidth(clampWidth(width))), color);
}

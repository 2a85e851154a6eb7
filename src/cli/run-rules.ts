import { describeRules } from '../policy/rule-catalogue.js';
import { RULES } from '../policy/rules/index.js';
import { renderJson } from '../report/render-json.js';
import { renderRulesMarkdown } from '../report/render-rules-markdown.js';
import { renderRule, renderRuleTable } from '../report/render-rules-text.js';
import type { RulesReport } from '../report/rules-report.js';
import { checkDelivery, deliver, toDelivery, type Render } from './deliver.js';
import type { PlacedEnvironment } from './environment.js';
import type { RulesOptions } from './options.js';
import type { Self } from './self.js';
import { similarNames } from './similar-names.js';
import { usage } from './usage.js';

/**
 * Delivers the catalogue, or the one rule that `options` name. Throws
 * `AuditError` `USAGE` if there is none of that id.
 */
export async function runRules(
  options: RulesOptions,
  environment: PlacedEnvironment,
  { version }: Self,
): Promise<void> {
  const { id } = options;
  const all = describeRules(RULES);
  const rules = id === null ? all : all.filter((rule) => rule.id === id);
  const [first] = rules;
  if (first === undefined) throw unknownRule(id ?? '');
  const delivery = await toDelivery(environment, '.');
  await checkDelivery(options, delivery);
  const report: RulesReport = {
    schemaVersion: 1,
    tool: { name: 'provenance-audit', version },
    rules,
  };
  const render: Render = (format, look) => {
    if (format === 'json') return renderJson(report);
    if (format === 'markdown') return renderRulesMarkdown(rules);
    return id === null ? renderRuleTable(rules, look) : renderRule(first, look);
  };
  await deliver(render, options, delivery);
}

function unknownRule(id: string): Error {
  const ids = RULES.map((rule) => rule.id);
  const similar = similarNames(id, ids);
  const instead =
    similar.length === 0
      ? 'provenance-audit rules lists all'
      : `did you mean ${similar.join(' or ')}?`;
  return usage(`rules: there is no rule ${id}; ${instead}`);
}

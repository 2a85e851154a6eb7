import type { RuleDescription } from '../policy/rule-catalogue.js';
import { EXCUSES } from './text/rule-details.js';

/**
 * The catalogue as a document. The texts are our own, so that nothing in them
 * is escaped.
 */
export function renderRulesMarkdown(rules: readonly RuleDescription[]): string {
  return `${[HEAD, table(rules), ...rules.map(section)].join('\n\n')}\n`;
}

const HEAD = `# The rules

<!-- Made from the catalogue in src/policy/rules by \`npm run docs\`. -->

What an audit can find. A finding is an error or a warning; only errors decide the
exit code: of several the gravest, 4 before 1 before 3. A policy sets the level
of each rule, for every package or a selection of them
([the policy guide](policy.md)). \`provenance-audit rules <id>\` prints the same.`;

function table(rules: readonly RuleDescription[]): string {
  return [
    '| rule | default | exit code | title |',
    '| --- | --- | --- | --- |',
    ...rules.map(
      ({ id, defaultLevel, exitCode, title }) =>
        `| [\`${id}\`](#${id}) | ${defaultLevel} | ${exitCode} | ${title} |`,
    ),
  ].join('\n');
}

function section(rule: RuleDescription): string {
  const { id, title, meaning, remedy, defaultLevel, exitCode, examples } = rule;
  return `## ${id}

**${title}.** Default: ${defaultLevel}. Exit code of an error: ${exitCode}.

${meaning}

What to do: ${remedy}

Excused ${EXCUSES[rule.excusedBy ?? 'nothing']}.

\`\`\`
${examples.finding}
\`\`\`

\`\`\`yaml
${examples.policy.trimEnd()}
\`\`\``;
}

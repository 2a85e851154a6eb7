import type { RuleDescription } from '../../policy/rule-catalogue.js';
import { BLANK, labelled, paragraph, span, type Line } from './layout.js';
import { LEVEL_TONES } from './rule-table.js';

const INDENT = 2;
const LABEL = 10;

/** Everything about one rule, most important first. */
export function ruleDetails(rule: RuleDescription, width: number): Line[] {
  const { id, title, defaultLevel, exitCode, examples } = rule;
  const row = (label: string, text: string): Line[] =>
    labelled(span(label), text, { indent: INDENT, width, labelWidth: LABEL });
  return [
    [
      span(id, 'strong'),
      span('  '),
      span(defaultLevel, LEVEL_TONES[defaultLevel]),
      span(', exit code '),
      span(String(exitCode)),
    ],
    ...paragraph(title, { indent: 0, width }),
    BLANK,
    ...row('meaning', rule.meaning),
    ...row('do', rule.remedy),
    ...row('example', examples.finding),
    ...row('excused', EXCUSES[rule.excusedBy ?? 'nothing']),
    ...row('policy', 'the key it goes by, as an example:'),
    // YAML is not broken at blanks: people copy it.
    ...examples.policy
      .trimEnd()
      .split('\n')
      .map((line) => [span(' '.repeat(INDENT + LABEL)), span(line, 'faint')]),
  ];
}

/** What takes the weight from a finding, for people. */
export const EXCUSES: Readonly<
  Record<NonNullable<RuleDescription['excusedBy']> | 'nothing', string>
> = {
  exemption: 'by an exemption: package, versions, reason and an end',
  acknowledgement:
    'only by an acknowledgement of this version, these bytes and these codes, with reason and an end',
  nothing: 'by nothing but its level: it is about the policy itself',
};

import type { Rule, RuleLevel } from './rule.js';
import type { Consequence } from './verdict.js';

/** A rule as it is told to people: in text, JSON and the documents. */
export interface RuleDescription {
  readonly id: string;
  readonly title: string;
  readonly meaning: string;
  readonly remedy: string;
  readonly defaultLevel: RuleLevel;
  /** What an error of it comes to. */
  readonly consequence: Consequence;
  /** With which code an audit ends that finds nothing graver. */
  readonly exitCode: 1 | 3 | 4;
  /** What takes the weight from a finding; null: nothing does. */
  readonly excusedBy: 'exemption' | 'acknowledgement' | null;
  readonly examples: {
    /** A message as it might read. */
    readonly finding: string;
    /** A policy, as YAML, that sets what the rule goes by. */
    readonly policy: string;
  };
}

const EXIT_CODES: Readonly<Record<Consequence, RuleDescription['exitCode']>> = {
  tampered: 4,
  violated: 1,
  incomplete: 3,
};

/** `rules` as they are told to people, in their order. */
export function describeRules(
  rules: readonly Rule[],
): readonly RuleDescription[] {
  return rules.map((rule) => ({
    id: rule.id,
    title: rule.title,
    meaning: rule.meaning,
    remedy: rule.remedy,
    defaultLevel: rule.defaultLevel,
    consequence: rule.consequence,
    exitCode: EXIT_CODES[rule.consequence],
    excusedBy: excuseOf(rule),
    examples: {
      finding: rule.example,
      policy: `version: 1\n${rule.setting ?? settingOf(rule)}`,
    },
  }));
}

function excuseOf({ about, consequence }: Rule): RuleDescription['excusedBy'] {
  if (consequence === 'tampered') return 'acknowledgement';
  return about === 'packages' ? 'exemption' : null;
}

/** Its level, where nothing but that can be set: another than the default. */
function settingOf({ id, defaultLevel }: Rule): string {
  const level = defaultLevel === 'error' ? 'warning' : 'error';
  return `rules:\n  ${id}: ${level}\n`;
}

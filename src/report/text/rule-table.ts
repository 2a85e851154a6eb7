import stringWidth from 'string-width';
import type { RuleDescription } from '../../policy/rule-catalogue.js';
import type { RuleLevel } from '../../policy/rule.js';
import {
  BLANK,
  pad,
  paragraph,
  span,
  wrap,
  type Line,
  type Tone,
} from './layout.js';

const GAP = 2;
const LEVEL = 'warning'.length;
const CODE = 'exit'.length;
/** A narrower column would break titles into single words. */
const MIN_TITLE = 28;
const TITLE_INDENT = 4;

/** The colour that repeats what a level says. */
export const LEVEL_TONES: Readonly<Record<RuleLevel, Tone>> = {
  error: 'bad',
  warning: 'warn',
  off: 'faint',
};

/** A row for each rule: id, default level, exit code, title. */
export function ruleTable(
  rules: readonly RuleDescription[],
  width: number,
): Line[] {
  const id = Math.max(...rules.map((rule) => stringWidth(rule.id)));
  const left = id + GAP + LEVEL + GAP + CODE + GAP;
  const isWide = width - left >= MIN_TITLE;
  return [
    ...(isWide ? [headerOf(id)] : []),
    ...rules.flatMap((rule) => {
      const head = [
        span(pad(rule.id, id + GAP)),
        span(
          pad(rule.defaultLevel, LEVEL + GAP),
          LEVEL_TONES[rule.defaultLevel],
        ),
        span(pad(String(rule.exitCode), CODE + GAP)),
      ];
      if (!isWide) {
        const place = { indent: TITLE_INDENT, width };
        return [head, ...paragraph(rule.title, place, 'faint')];
      }
      const [first = '', ...rest] = wrap(rule.title.split(' '), width - left);
      return [
        [...head, span(first, 'faint')],
        ...rest.map((text) => [span(' '.repeat(left)), span(text, 'faint')]),
      ];
    }),
    BLANK,
    ...paragraph(
      'default: the level without a policy. exit: the code with which an audit ' +
        'ends that finds this as an error, and nothing graver. ' +
        'provenance-audit rules <id> tells all about one.',
      { indent: 0, width },
    ),
  ];
}

/** Left out where it is wider than the rows. */
function headerOf(idWidth: number): Line {
  return [
    span(pad('rule', idWidth + GAP), 'strong'),
    span(pad('default', LEVEL + GAP), 'strong'),
    span('exit', 'strong'),
  ];
}

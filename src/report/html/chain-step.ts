// Under another name, as line breaks count here and no formatter may add any.
import { html as write, join, type Markup } from './markup.js';

/** How a step ended; the style sheet puts the sign before it. */
export type Outcome = 'ok' | 'bad' | 'open' | 'none';

/**
 * A step of a chain of evidence with its lines, one below the other. There may be
 * ten thousands, so it is written without what HTML lets one leave out.
 */
export function step(
  outcome: Outcome,
  title: string,
  lines: readonly (Markup | string)[],
): Markup {
  const written = lines.map((line, index) =>
    index === 0 ? write`${line}` : write`\n${line}`,
  );
  return write`<li class=${outcome}><b>${title}</b>${join(written)}`;
}

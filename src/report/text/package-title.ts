import type { InspectedPackage } from '../package-report.js';
import { lineWidth, paragraph, span, type Line, type Tone } from './layout.js';
import { wordState } from './package-state.js';
import { field } from './wording.js';

/** Name and version, and at the right how much is proven of it. */
export function packageTitleLines(
  one: InspectedPackage,
  width: number,
): Line[] {
  const name = field(`${one.name} ${one.version}`.trimEnd());
  const { text, tone } = wordOutcome(one);
  const gap = width - lineWidth([span(name)]) - lineWidth([span(text)]);
  if (gap >= 2) {
    return [[span(name, 'strong'), span(' '.repeat(gap)), span(text, tone)]];
  }
  return [
    ...paragraph(name, { indent: 0, width }, 'strong'),
    ...paragraph(text, { indent: 2, width }, tone),
  ];
}

function wordOutcome(one: InspectedPackage): {
  readonly text: string;
  readonly tone: Tone;
} {
  const { state, tone } = wordState(one);
  const [worst] = one.rejections;
  const reason =
    one.verification === 'rejected'
      ? worst?.code
      : (one.unverifiable?.code ?? one.unavailable?.code ?? one.scopeReason);
  if (reason !== undefined && reason !== null) {
    return { text: `${state}: ${field(reason)}`, tone };
  }
  // What is claimed is not what is verified.
  if (one.claimed) return { text: `provenance, verified; ${state}`, tone };
  const isVerified = one.verification === 'verified';
  return { text: isVerified ? `${state}, verified` : state, tone };
}

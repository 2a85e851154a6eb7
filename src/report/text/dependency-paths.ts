import { flow, paragraph, type Line, type Place } from './layout.js';
import { counted, field } from './wording.js';

const FEW_PATHS = 2;

/** The ways from the root to a package: some of them, or all if `verbose`. */
export function pathLines(
  paths: readonly (readonly string[])[],
  { indent, width }: Place,
  { verbose }: { readonly verbose: boolean },
): Line[] {
  const place = { indent, width };
  const shown = verbose ? paths : paths.slice(0, FEW_PATHS);
  const more = paths.length - shown.length;
  return [
    ...shown.flatMap((path) =>
      flow(
        path.map((name, step) =>
          step === 0 ? field(name) : `› ${field(name)}`,
        ),
        place,
        'faint',
      ),
    ),
    ...(more > 0
      ? paragraph(`and at least ${counted(more, 'other way')}`, place, 'faint')
      : []),
  ];
}

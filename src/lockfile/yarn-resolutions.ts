import { requireCommonJs } from '../commonjs.js';
import type { YarnIdent } from './yarn-range.js';

const { parseResolution } = requireCommonJs('@yarnpkg/parsers');

/** What puts something else in place of what asks for a package. */
export interface YarnResolution {
  /** For these packages alone; null for all. */
  readonly from: string | null;
  /** For this range alone; null for every one. */
  readonly range: string | null;
  readonly replacement: string;
}

/** Those that are about what the package named `from` asks for. */
export type FindResolutions = (
  ask: YarnIdent,
  from: string,
) => readonly YarnResolution[];

/**
 * Reads `resolutions` of a root package.json, untrusted. Patterns of Yarn 1 with
 * stars count as what they end in.
 */
export function readResolutions(
  resolutions: Readonly<Record<string, string>>,
): FindResolutions {
  const byName = new Map<string, YarnResolution[]>();
  for (const [pattern, replacement] of Object.entries(resolutions)) {
    const { name, ...parsed } = parsePattern(pattern);
    const known = byName.get(name) ?? [];
    known.push({ ...parsed, replacement });
    byName.set(name, known);
  }
  return (ask, from) =>
    (byName.get(ask.name) ?? []).filter(
      (one) =>
        (one.from === null || one.from === from) &&
        (one.range === null ||
          one.range === ask.range ||
          one.range === `npm:${ask.range}`),
    );
}

function parsePattern(
  pattern: string,
): Omit<YarnResolution, 'replacement'> & { readonly name: string } {
  try {
    const { from, descriptor } = parseResolution(pattern);
    return {
      from: from?.fullName ?? null,
      name: descriptor.fullName,
      range: descriptor.description ?? null,
    };
  } catch {
    // A pattern of Yarn 1, or none.
    const [name = pattern] = /(?:@[^/@]+\/)?[^/@]+$/.exec(pattern) ?? [];
    return { from: null, name, range: null };
  }
}

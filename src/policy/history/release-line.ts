import { requireCommonJs } from '../../commonjs.js';
import type { ReleaseHistory } from '../../evidence/release-history.js';

const parse = requireCommonJs('semver/functions/parse.js');

/**
 * A line of releases that one update leads to the next of: a major version, of
 * 0.x a minor one, with a class of pre-releases.
 */
export interface ReleaseLine {
  /** `1`, `0.4`; the version itself where it is no semantic version. */
  readonly series: string;
  /** `beta`, `rc`, `linux`, a dist-tag; null for releases proper. */
  readonly preRelease: string | null;
}

/** Of pre-releases that neither a word nor a dist-tag tells apart. */
const UNNAMED = 'pre-release';

/**
 * The line that `version` belongs to. A pre-release is of the class of its
 * leading letters, so that builds for other platforms published as versions
 * (`1.2.3-linux-x64`) are lines of their own; where it has none, of the dist-tag
 * that points at it.
 */
export function lineOf(
  version: string,
  tags: ReleaseHistory['tags'],
): ReleaseLine {
  const parsed = parse(version);
  if (parsed === null) return { series: version, preRelease: null };
  const { major, minor, prerelease } = parsed;
  const series = major === 0 ? `0.${minor}` : String(major);
  if (prerelease.length === 0) return { series, preRelease: null };
  const word = /^[a-z]+/i.exec(String(prerelease[0]))?.[0].toLowerCase();
  return { series, preRelease: word ?? tagOf(version, tags) ?? UNNAMED };
}

/** `1.x`, `0.4.x beta`, for people. */
export function describeLine({ series, preRelease }: ReleaseLine): string {
  return preRelease === null ? `${series}.x` : `${series}.x ${preRelease}`;
}

function tagOf(version: string, tags: ReleaseHistory['tags']): string | null {
  for (const [tag, target] of tags) {
    if (tag !== 'latest' && target === version) return tag;
  }
  return null;
}

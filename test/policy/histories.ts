import type { HistoryAnswer } from '../../src/evidence/history-answer.js';
import type {
  ClaimedLevel,
  PublishedVersion,
} from '../../src/evidence/release-history.js';
import { readHistory } from '../../src/evidence/release-history.js';
import type { JsonObject } from '../../src/json/strict-json.js';

/** One version of a package, in few words. */
export interface SampleRelease extends Partial<
  Omit<PublishedVersion, 'version' | 'publishedAt' | 'level'>
> {
  readonly version: string;
  /** `2026-06-01`, or with a time. */
  readonly at: string | null;
  readonly level?: ClaimedLevel;
}

/** What a registry says of all versions of a package. */
export function historyOf(
  name: string,
  releases: readonly SampleRelease[],
  tags: Readonly<Record<string, string>> = {},
): HistoryAnswer {
  const packument: JsonObject = {
    name,
    'dist-tags': tags,
    time: Object.fromEntries(
      releases.flatMap(({ version, at }) =>
        at === null ? [] : [[version, toTime(at)]],
      ),
    ),
    versions: Object.fromEntries(
      releases.map((each) => [each.version, manifestOf(each)]),
    ),
  };
  const history = readHistory(packument, name);
  if (history === null) throw new Error('no history');
  return { status: 'known', history };
}

function toTime(at: string): string {
  return at.includes('T') ? at : `${at}T12:00:00.000Z`;
}

/** As npm's registry writes it, as far as a history takes it over. */
export function manifestOf(release: Omit<SampleRelease, 'at'>): JsonObject {
  const { level = 'none', declaredRepository, remoteDependencies } = release;
  const hasApprover = release.hasApprover ?? level === 'staged';
  const isTrusted = level === 'trusted-publisher' || level === 'staged';
  return {
    version: release.version,
    _npmUser: {
      name: 'somebody',
      ...(isTrusted && { trustedPublisher: { id: 'github' } }),
      ...(hasApprover && { approver: { name: 'somebody-else' } }),
    },
    dist: {
      integrity: release.integrity ?? 'sha512-x',
      ...(level !== 'none' && {
        attestations: {
          provenance: { predicateType: 'https://slsa.dev/provenance/v1' },
        },
      }),
    },
    ...(declaredRepository !== undefined && { repository: declaredRepository }),
    scripts: {
      test: 'vitest',
      ...Object.fromEntries(
        (release.installScripts ?? []).map((each) => [each, 'node run.js']),
      ),
    },
    dependencies: {
      'left-pad': '^1.0.0',
      renamed: 'npm:@acme/other@2',
      ...Object.fromEntries(
        (remoteDependencies ?? []).map((each) => [
          each.slice(0, each.indexOf(': ')),
          each.slice(each.indexOf(': ') + 2),
        ]),
      ),
    },
  };
}

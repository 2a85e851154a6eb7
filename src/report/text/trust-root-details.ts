import type { ReportTrustRoot } from '../report.js';
import type {
  ReportRegistryKeys,
  TrustRootReport,
} from '../trust-root-report.js';
import { flow, labelled, span, type Line } from './layout.js';
import { ago, enumerate, field, instant } from './wording.js';

const COLUMN = 16;

/** Everything about a trust root, one row each; empty rows are left out. */
export function trustRootDetails(
  { trustRoot, libraries, cacheFolder, ...report }: TrustRootReport,
  width: number,
): Line[] {
  const row = (label: string, words: readonly string[]): Line[] =>
    words.length === 0
      ? []
      : labelled(span(label), words, {
          ...{ indent: 2, width, labelWidth: COLUMN - 2 },
        });
  return [
    ...row('origin', [ORIGINS[trustRoot.origin]]),
    ...row('repository', wordOptional(trustRoot.mirror)),
    ...row('root', wordVersion(trustRoot.rootVersion, trustRoot.expires)),
    ...row('began with', wordFirstRoot(trustRoot.firstRoot)),
    ...row('timestamp', wordTimestamp(trustRoot)),
    ...row('checked', wordChecked(trustRoot.refreshedAt, report.checkedAt)),
    ...row('trusted root', ['sha256', trustRoot.trustedRootSha256]),
    ...report.registryKeys.flatMap((keys) => [
      ...row('registry keys', wordKeys(keys)),
      ...keys.keys.flatMap((key) =>
        flow(wordKey(key), { indent: COLUMN + 2, width }, 'faint'),
      ),
    ]),
    ...row('cache', wordOptional(cacheFolder)),
    ...row(
      'libraries',
      enumerate(
        libraries.map(({ name, version }) => field(`${name} ${version}`)),
      ),
    ),
  ];
}

const ORIGINS: Readonly<Record<ReportTrustRoot['origin'], string>> = {
  tuf: 'a complete TUF refresh just now',
  cache: 'an earlier TUF refresh, verified again from the cache',
  file: 'files, whose freshness is not known',
};

function wordOptional(text: string | null): string[] {
  return text === null ? [] : [field(text)];
}

function wordVersion(version: number | null, expires: string | null): string[] {
  if (version === null) return [];
  const until = expires === null ? [] : [`expires ${instant(expires)}`];
  return enumerate([`version ${version}`, ...until]);
}

const VOUCHERS: Readonly<
  Record<NonNullable<ReportTrustRoot['firstRoot']>['origin'], string>
> = {
  library: 'which @sigstore/tuf ships',
  release: 'which this program ships',
  file: 'given as a file',
};

function wordFirstRoot(first: ReportTrustRoot['firstRoot']): string[] {
  if (first === null) return [];
  return enumerate([
    `version ${first.version}`,
    VOUCHERS[first.origin],
    `expires ${instant(first.expires)}`,
  ]);
}

function wordTimestamp(trustRoot: ReportTrustRoot): string[] {
  const { timestampVersion, signedUntil } = trustRoot;
  if (timestampVersion === null) return [];
  const until = signedUntil === null ? [] : [instant(signedUntil)];
  return enumerate([
    `version ${timestampVersion}`,
    ...until.map((time) => `signed as current until ${time}`),
  ]);
}

function wordChecked(refreshedAt: string | null, now: string): string[] {
  if (refreshedAt === null) return [];
  return enumerate([instant(refreshedAt), ago(refreshedAt, now)]);
}

function wordKeys({ registry, sha256 }: ReportRegistryKeys): string[] {
  const whose =
    registry === null ? 'for every registry' : `of ${field(registry)}`;
  return sha256 === null ? ['none', whose] : [whose, 'sha256', sha256];
}

function wordKey(key: ReportRegistryKeys['keys'][number]): string[] {
  const use = key.usage === 'npm:signatures' ? 'signatures' : 'attestations';
  const until =
    key.validUntil === null ? [] : [`until ${instant(key.validUntil)}`];
  return enumerate([
    field(key.keyId),
    use,
    `from ${instant(key.validFrom)}`,
    ...until,
  ]);
}

import type { Report, ReportTrustRoot } from '../report.js';
import { labelled, paragraph, span, type Line } from './layout.js';
import { ago, duration, field, roughly, shortUrl } from './wording.js';

const DAY = 24 * 60 * 60 * 1000;
/** A root that expires sooner is worth a word. */
const EXPIRES_SOON = 30 * DAY;

/** What the audit stands on, how long it took, and what it does not say. */
export function footerLines(report: Report, width: number): Line[] {
  return [
    ...policyLines(report, width),
    ...trustRootLines(report, width),
    ...labelled(span('done in'), wordDone(report), {
      indent: 2,
      width,
      labelWidth: 14,
    }),
    [],
    ...reminderLines(width),
  ];
}

/** Whose policy it was, where it is not the working tree's. */
export function policyLines(
  { policy }: Pick<Report, 'policy'>,
  width: number,
): Line[] {
  const { origin, path, ref } = policy;
  if (origin !== 'git' || ref === null) return [];
  const what =
    path === null ? 'the default one, as there is none' : field(path);
  return labelled(span('policy'), `${what} in ${field(ref)}`, {
    indent: 2,
    width,
    labelWidth: 14,
  });
}

/** What everything was verified against, and how fresh it is. */
export function trustRootLines(
  { trustRoot, auditedAt }: Pick<Report, 'trustRoot' | 'auditedAt'>,
  width: number,
): Line[] {
  return labelled(span('trust root'), wordTrustRoot(trustRoot, auditedAt), {
    indent: 2,
    width,
    labelWidth: 14,
  });
}

/** What no report may let anybody forget. */
export function reminderLines(width: number): Line[] {
  return paragraph(
    'Provenance tells where a package was built, not that it is harmless.',
    { indent: 0, width },
    'faint',
  );
}

function wordDone({ durations, summary }: Report): string {
  const { inScope, evidence, coverage } = summary;
  // Who could not be asked was not asked.
  const asked = inScope - evidence.unavailable;
  return `${duration(durations.total)}, ${asked} asked, ${coverage.all.verified} verified`;
}

/** What was verified against, as of `now` (ISO 8601), in one line. */
export function wordTrustRoot(trustRoot: ReportTrustRoot, now: string): string {
  const { origin, refreshedAt } = trustRoot;
  const keys = trustRoot.npmKeysSha256 === null ? ', no registry keys' : '';
  if (origin === 'file') {
    const digest = trustRoot.trustedRootSha256.slice(0, 12);
    return `given as a file, sha256 ${digest}…, freshness unknown${keys}`;
  }
  const checked =
    refreshedAt === null ? 'never checked' : `checked ${ago(refreshedAt, now)}`;
  return `${wordRoot(trustRoot)}${wordCache(trustRoot, now)}, ${checked}${wordExpiry(trustRoot, now)}${keys}`;
}

function wordRoot({ rootVersion, firstRoot, mirror }: ReportTrustRoot): string {
  const version = rootVersion === null ? '' : ` ${rootVersion}`;
  // Who names a root of their own has a repository that need not be Sigstore's.
  return firstRoot?.origin === 'file' && mirror !== null
    ? `TUF root${version} of ${shortUrl(mirror)}`
    : `Sigstore TUF root${version}`;
}

/** Up to a day nobody is asked; beyond, the repository was not reached. */
function wordCache(
  { origin, refreshedAt }: ReportTrustRoot,
  now: string,
): string {
  const isRoutine =
    refreshedAt !== null && Date.parse(now) - Date.parse(refreshedAt) < DAY;
  return origin === 'cache' && !isRoutine ? ' from the cache' : '';
}

function wordExpiry({ expires }: ReportTrustRoot, now: string): string {
  if (expires === null) return '';
  const left = Date.parse(expires) - Date.parse(now);
  if (left <= 0) return `, expired ${roughly(-left)} ago`;
  return left < EXPIRES_SOON ? `, expires in ${roughly(left)}` : '';
}

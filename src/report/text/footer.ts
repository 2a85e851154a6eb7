import type { Report, ReportTrustRoot } from '../report.js';
import { labelled, paragraph, span, type Line } from './layout.js';
import { ago, duration, roughly } from './wording.js';

const DAY = 24 * 60 * 60 * 1000;
/** A root that expires sooner is worth a word. */
const EXPIRES_SOON = 30 * DAY;

/** What the audit stands on, how long it took, and what it does not say. */
export function footerLines(report: Report, width: number): Line[] {
  return [
    ...labelled(span('trust root'), wordTrustRoot(report), {
      indent: 2,
      width,
      labelWidth: 14,
    }),
    ...labelled(span('done in'), wordDone(report), {
      indent: 2,
      width,
      labelWidth: 14,
    }),
    [],
    ...paragraph(
      'Provenance tells where a package was built, not that it is harmless.',
      { indent: 0, width },
      'faint',
    ),
  ];
}

function wordDone({ durations, summary }: Report): string {
  const { inScope, evidence, coverage } = summary;
  // Who could not be asked was not asked.
  const asked = inScope - evidence.unavailable;
  return `${duration(durations.total)}, ${asked} asked, ${coverage.all.verified} verified`;
}

function wordTrustRoot({ trustRoot, auditedAt }: Report): string {
  const { origin, refreshedAt, rootVersion } = trustRoot;
  const keys = trustRoot.npmKeysSha256 === null ? ', no registry keys' : '';
  if (origin === 'file') {
    const digest = trustRoot.trustedRootSha256.slice(0, 12);
    return `given as a file, sha256 ${digest}…, freshness unknown${keys}`;
  }
  const root = rootVersion === null ? '' : ` ${rootVersion}`;
  const cached = origin === 'cache' ? ' from the cache' : '';
  const checked =
    refreshedAt === null
      ? 'never checked'
      : `checked ${ago(refreshedAt, auditedAt)}`;
  return `Sigstore TUF root${root}${cached}, ${checked}${wordExpiry(trustRoot, auditedAt)}${keys}`;
}

function wordExpiry({ expires }: ReportTrustRoot, auditedAt: string): string {
  if (expires === null) return '';
  const left = Date.parse(expires) - Date.parse(auditedAt);
  if (left <= 0) return `, expired ${roughly(-left)} ago`;
  return left < EXPIRES_SOON ? `, expires in ${roughly(left)}` : '';
}

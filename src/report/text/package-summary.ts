import type { CheckGroup } from '../../verification/check-catalogue.js';
import type { InspectedPackage } from '../package-report.js';
import type { ReportFinding } from '../report.js';
import { shortValue } from './comparison.js';
import { pathLines } from './dependency-paths.js';
import { labelled, span, type Line } from './layout.js';
import { wordPredicateType } from './predicate-words.js';
import { provenanceLines } from './provenance-lines.js';
import {
  counted,
  enumerate,
  field,
  instant,
  sentence,
  shortUrl,
  wordPlace,
} from './wording.js';

/** How the summary of a package is laid out. */
export interface SummaryStyle {
  readonly width: number;
  readonly verbose: boolean;
}

const COLUMN = 16;
const FEW_LOCATIONS = 3;

/** What is known about a package, each source in a line or a few. */
export function summaryLines(
  one: InspectedPackage,
  { lockfile, findings }: Told,
  style: SummaryStyle,
): Line[] {
  const row = (label: string, words: readonly string[]): Line[] =>
    rowLines(label, words, style.width);
  return [
    ...row('lockfile', wordLockfile(one, lockfile, style)),
    // A finding has told them already.
    ...(findings.length > 0
      ? []
      : pathLines(one.paths, { indent: COLUMN, width: style.width }, style)),
    ...row('held against', wordBinding(one)),
    ...row('used', wordUse(one, style)),
    ...row('provenance', wordProvenance(one)),
    ...provenanceLines(one.provenance, style.width),
    ...row('publish', wordPublish(one)),
    ...row('registry', wordRegistry(one)),
    ...one.otherPredicateTypes.flatMap((type) =>
      row('also signed', [
        wordPredicateType(type),
        '– verified, proves nothing',
      ]),
    ),
    ...row('policy', wordPolicy(findings)),
    ...row('policy entry', wordEntry(one)),
  ];
}

/** Which of the policy's entries it was held against, and why that one. */
function wordEntry({ policyEntry }: InspectedPackage): readonly string[] {
  if (policyEntry === null) return [];
  const { pattern, reason, line } = policyEntry;
  const place = line === null ? [] : [`line ${line} of the policy`];
  return enumerate([`packages.${field(pattern)}`, field(reason), ...place]);
}

/** What the report says about the package beside what is in it. */
export interface Told {
  readonly lockfile: string;
  /** Those of this package. */
  readonly findings: readonly ReportFinding[];
}

function rowLines(
  label: string,
  words: readonly string[],
  width: number,
): Line[] {
  if (words.length === 0) return [];
  const place = { indent: 2, width, labelWidth: COLUMN - 2 };
  return labelled(span(label), words, place);
}

function wordLockfile(
  { line, column, integrity }: InspectedPackage,
  lockfile: string,
  { verbose }: SummaryStyle,
): string[] {
  const place = wordPlace(lockfile, { line, column });
  if (integrity === null) return enumerate([place, 'no integrity']);
  return enumerate([place, verbose ? field(integrity) : shortValue(integrity)]);
}

const WEAK_BINDINGS: ReadonlyMap<string, string> = new Map([
  ['tarball', 'the archive as downloaded, which the lockfile does not pin'],
  ['registry', 'what the registry states, which the lockfile does not pin'],
]);

/** Said only where it is not what everybody expects. */
function wordBinding({ binding }: InspectedPackage): string[] {
  if (binding === null || binding === 'lockfile') return [];
  return (WEAK_BINDINGS.get(binding) ?? field(binding)).split(' ');
}

function wordUse(one: InspectedPackage, { verbose }: SummaryStyle): string[] {
  const { aliases, locations } = one;
  const shown = verbose ? locations : locations.slice(0, FEW_LOCATIONS);
  const more = locations.length - shown.length;
  const words = [
    one.direct ? 'directly' : 'by other packages',
    one.production ? 'in production' : 'in development',
    ...(one.optional ? ['optionally'] : []),
    ...(one.patched ? ['changed after download'] : []),
    ...aliases.map((alias) => `as ${field(alias)}`),
    ...shown.map((location) => `at ${field(location)}`),
    ...(more > 0 ? [`and ${counted(more, 'other place')}`] : []),
  ];
  return enumerate(words);
}

function wordProvenance(one: InspectedPackage): string[] {
  const { provenance, scopeReason, unavailable, unverifiable } = one;
  if (provenance !== null) {
    return [
      `✔ ${wordPassed(one, 'provenance')},`,
      `${wordPredicateType(provenance.predicateType)},`,
      `signed ${instant(provenance.signedAt)}`,
    ];
  }
  if (scopeReason !== null) {
    const reason = field(scopeReason.replaceAll('-', ' '));
    return [`– out of scope (${reason}):`, 'no registry vouches for it'];
  }
  if (one.verification === 'rejected') return ['✖ rejected'];
  const reason = unverifiable ?? unavailable;
  if (reason !== null) {
    return [`? ${field(reason.code)}:`, ...sentence(reason.message).split(' ')];
  }
  return one.evidence === 'unattested'
    ? ['– none: the registry says', 'that it has no attestations']
    : ['– none among the attestations'];
}

function wordPublish(one: InspectedPackage): string[] {
  const { publish } = one;
  if (publish === null) return [];
  return [
    `✔ ${wordPassed(one, 'publish')},`,
    `registry key ${field(publish.keyId)},`,
    `signed ${instant(publish.signedAt)}`,
  ];
}

/** Checks that passed for the attestations which `group` is about. */
function wordPassed({ checks }: InspectedPackage, group: CheckGroup): string {
  const about = new Set(
    checks.flatMap((one) =>
      one.group === group && one.attestation !== null ? [one.attestation] : [],
    ),
  );
  const passed = checks.filter(
    ({ outcome, attestation }) =>
      outcome === 'passed' && attestation !== null && about.has(attestation),
  );
  return `${counted(passed.length, 'check')} passed`;
}

const SIGNATURE_WORDS: Readonly<
  Record<InspectedPackage['registrySignature'], string>
> = {
  verified: '✔ signature',
  rejected: '✖ signature rejected',
  missing: '– no signature',
  'not-checked': '– signature not checked',
};

function wordRegistry(one: InspectedPackage): string[] {
  const { registry, askedAt, registrySignature } = one;
  if (registry === null) return [];
  const mirror =
    askedAt === null
      ? ['not asked']
      : askedAt === registry
        ? []
        : [`asked at ${shortUrl(askedAt)}`];
  return enumerate([
    SIGNATURE_WORDS[registrySignature],
    shortUrl(registry),
    ...mirror,
  ]);
}

function wordPolicy(findings: readonly ReportFinding[]): string[] {
  const rules = (isMeant: (one: ReportFinding) => boolean): string[] => [
    ...new Set(findings.filter(isMeant).map(({ rule }) => field(rule))),
  ];
  const isCounted = (one: ReportFinding): boolean => one.exempted === null;
  const errors = rules((one) => one.level === 'error' && isCounted(one));
  const rest = [
    ...rules((one) => one.level === 'warning' && isCounted(one)).map(
      (rule) => `warning ${rule}`,
    ),
    ...rules((one) => !isCounted(one)).map((rule) => `exempted ${rule}`),
  ];
  return errors.length === 0
    ? enumerate(['✔ met', ...rest])
    : enumerate([...errors.map((rule) => `✖ ${rule}`), ...rest]);
}

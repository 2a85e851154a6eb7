import { formatPackageId } from '../../package/package-id.js';
import { groupFindings, isFailing } from '../formats/finding-words.js';
import type {
  Report,
  ReportDependency,
  ReportFinding,
  ReportProvenance,
} from '../report.js';
import { wordPredicateType } from '../text/predicate-words.js';
import { counted, instant, shortUrl } from '../text/wording.js';
import { step, type Outcome } from './chain-step.js';
import type { CheckLists } from './check-lists.js';
import { checkSteps } from './check-steps.js';
import { comparison } from './findings.js';
import {
  certificateLinks,
  linked,
  linkedAddress,
  type CertificateLinks,
} from './links.js';
// Under another name, as line breaks count here and no formatter may add any.
import { html as write, join, NOTHING, type Markup } from './markup.js';
import { standingOf } from './standing.js';

/** Most packages named of those that need one. */
const MAX_REQUIRERS = 12;
const MAX_LOCATIONS = 5;

/**
 * A section for each package: its chain of evidence, from the digest to the log
 * entry. Written with as few elements as will do, since there may be thousands.
 */
export function chainsSection(report: Report, lists: CheckLists): Markup {
  const groups = groupFindings(report);
  const places = new Map(
    report.dependencies.map(({ locations }, index) => [locations[0], index]),
  );
  const blocks = report.dependencies.map((dependency, index) =>
    packageBlock(dependency, index, {
      ...{ report, lists, places },
      findings: groups.get(dependency) ?? [],
    }),
  );
  const lots = Array.from(
    { length: Math.ceil(blocks.length / LOT) },
    (_, at) => {
      const lot = blocks.slice(at * LOT, (at + 1) * LOT);
      return write`<div class="lot">${join(lot)}</div>`;
    },
  );
  return write`<section id="chains" aria-labelledby="chains-title"><h2 id="chains-title">Chains of evidence</h2><p class="quiet">From the digest in the lockfile to the certificate and the log entry, package by package. Everything is held against that digest, unless the first step says otherwise.</p>${join(lots)}</section>`;
}

/** Packages that a browser lays out together, once they come near the window. */
const LOT = 50;

interface Context {
  readonly report: Report;
  readonly lists: CheckLists;
  /** Positions of dependencies by the first of their locations. */
  readonly places: ReadonlyMap<string | undefined, number>;
  readonly findings: readonly ReportFinding[];
}

/** The id is on what is inside: who follows a link to it finds it open. */
function packageBlock(
  dependency: ReportDependency,
  index: number,
  context: Context,
): Markup {
  const { key, words } = standingOf(dependency);
  const found = context.findings.length > 0 ? ' found' : '';
  return write`<details class="chain${found}"><summary class=${key}><b>${formatPackageId(dependency)}</b> ${words}</summary><ol id=p${index}>${steps(dependency, context)}</ol></details>
`;
}

function steps(dependency: ReportDependency, context: Context): Markup {
  return join([
    lockfileStep(dependency),
    registryStep(dependency),
    attestationStep(dependency),
    ...(dependency.provenance === null
      ? []
      : provenanceSteps(dependency.provenance)),
    publishStep(dependency),
    verificationStep(dependency),
    ...checkSteps(dependency, context.lists),
    policyStep(context.findings),
    usesStep(dependency, context),
  ]);
}

const BINDINGS = new Map<ReportDependency['binding'], string>([
  [
    'tarball',
    'the archive as downloaded was held against the evidence: the lockfile does not pin it',
  ],
  [
    'registry',
    'what the registry states was held against the evidence: the lockfile does not pin it',
  ],
]);

function lockfileStep({ integrity, binding }: ReportDependency): Markup {
  const outcome =
    binding === 'lockfile' ? 'ok' : binding === null ? 'none' : 'open';
  return step(outcome, 'Lockfile', [
    integrity === null ? 'no integrity' : write`<code>${integrity}</code>`,
    ...(binding === 'lockfile'
      ? []
      : [BINDINGS.get(binding) ?? 'nothing was held against it']),
  ]);
}

const SIGNATURES: Readonly<
  Record<ReportDependency['registrySignature'], readonly [Outcome, string]>
> = {
  verified: ['ok', 'signature verified'],
  rejected: ['bad', 'signature rejected'],
  missing: ['none', 'no signature'],
  'not-checked': ['none', 'signature not checked'],
};

function registryStep(dependency: ReportDependency): Markup {
  const { registry, askedAt, registrySignature, unavailable } = dependency;
  if (registry === null) {
    const why = dependency.scopeReason?.replaceAll('-', ' ') ?? '';
    return step('none', 'Registry', [`out of scope: ${why}`]);
  }
  const [outcome, words] = SIGNATURES[registrySignature];
  const asked =
    askedAt === null
      ? ', not asked'
      : askedAt === registry
        ? ''
        : `, asked at ${shortUrl(askedAt)}`;
  const lines = [`${shortUrl(registry)}${asked}`, words];
  return unavailable === null
    ? step(outcome, 'Registry', lines)
    : step('open', 'Registry', [
        ...lines,
        `${unavailable.code}: ${unavailable.message}`,
      ]);
}

const ATTESTATION_OUTCOMES: Readonly<
  Record<ReportDependency['verification'], Outcome>
> = { verified: 'ok', rejected: 'bad', unverifiable: 'open', none: 'none' };

function attestationStep(dependency: ReportDependency): Markup {
  const { evidence, statements, verification } = dependency;
  if (evidence === 'not-applicable' || evidence === 'unavailable') {
    return NOTHING;
  }
  if (statements.length === 0) {
    const words =
      evidence === 'unattested'
        ? 'the registry says that there are none'
        : 'none that could be read';
    return step('none', 'Attestations', [words]);
  }
  return step(
    ATTESTATION_OUTCOMES[verification],
    'Attestations',
    statements.map(
      ({ predicateType, sha256 }) =>
        write`${wordPredicateType(predicateType)}, sha256 <code>${sha256}</code>`,
    ),
  );
}

function provenanceSteps(provenance: ReportProvenance): readonly Markup[] {
  const links = certificateLinks(provenance);
  const { repository, commit } = links;
  const { sourceRepository, sourceRevision, runUrl, logIndex } = provenance;
  const { sourceRepositoryId: id } = provenance;
  const facts: readonly (readonly [string, Markup | string | null])[] = [
    [
      'repository',
      write`${linkedAddress(repository, sourceRepository)}${id === null ? '' : ` (id ${id})`}`,
    ],
    ['commit', sourceRevision === null ? null : linked(commit, sourceRevision)],
    ['ref', provenance.sourceRef],
    ['workflow', provenance.workflow],
    ['signer', shortUrl(provenance.signer)],
    ['issuer', shortUrl(provenance.issuer)],
    ['builder', shortUrl(provenance.builder)],
    ['runner', provenance.runner],
    ['event', provenance.event],
    ['run', runUrl === null ? null : runLine(runUrl, links)],
    ['predicate', wordPredicateType(provenance.predicateType)],
  ];
  const lines = facts.flatMap(([label, value]) =>
    value === null ? [] : [write`<i>${label}</i> ${value}`],
  );
  const limits = provenance.limitedIdentity
    ? ['the certificate is from before it named the whole build']
    : [];
  const logged =
    logIndex === null ? 'in no transparency log' : `entry ${logIndex}`;
  return [
    step('ok', 'Certificate', [...lines, ...limits]),
    step(logIndex === null ? 'none' : 'ok', 'Transparency log', [
      `${logged}, signed ${instant(provenance.signedAt)}`,
    ]),
  ];
}

/** Below its repository, of which it says what comes after. */
function runLine(
  runUrl: string,
  { repository, run }: CertificateLinks,
): Markup {
  if (run === null || repository === null) return linkedAddress(run, runUrl);
  const path = run.pathname.slice(repository.pathname.length);
  return linked(run, `${path}${run.search}`.replace(/^\//, ''));
}

function publishStep({ publish }: ReportDependency): Markup {
  if (publish === null) return NOTHING;
  return step('ok', 'Publication', [
    `accepted by ${shortUrl(publish.registry)}, ${instant(publish.signedAt)}`,
    write`registry key <code>${publish.keyId}</code>`,
  ]);
}

function verificationStep(dependency: ReportDependency): Markup {
  const { verification, rejections, unverifiable, level, claimed } = dependency;
  switch (verification) {
    case 'verified':
      return step('ok', 'Verification', [
        claimed
          ? `provenance verified; ${level} by the registry’s unsigned word`
          : `verified, level ${level}`,
      ]);
    case 'rejected':
      return step(
        'bad',
        'Verification',
        rejections.map(
          (one) =>
            write`${`${one.code} (${one.kind}): ${one.message}`}${comparison(one)}`,
        ),
      );
    case 'unverifiable':
      return step('open', 'Verification', [
        `${unverifiable?.code ?? ''}: ${unverifiable?.message ?? ''}`,
      ]);
    case 'none':
      return NOTHING;
  }
}

function policyStep(findings: readonly ReportFinding[]): Markup {
  const rules = findings.map(
    ({ rule, level, exempted }) =>
      `${exempted === null ? level : 'exempted'} ${rule}`,
  );
  return step(findings.some(isFailing) ? 'bad' : 'ok', 'Policy', [
    rules.length === 0 ? 'met' : [...new Set(rules)].join(', '),
  ]);
}

/** Who needs it, and where it is installed if that is not the plainest place. */
function usesStep(
  { name, requiredBy, locations }: ReportDependency,
  { report, places }: Context,
): Markup {
  const names = requiredBy.slice(0, MAX_REQUIRERS).map((place): Markup => {
    if (place === '') return write`${report.lockfile.rootName} (the project)`;
    const index = places.get(place);
    const asker = index === undefined ? undefined : report.dependencies[index];
    return index === undefined || asker === undefined
      ? write`${place}`
      : write`<a href=#p${index}>${formatPackageId(asker)}</a>`;
  });
  const more = requiredBy.length - names.length;
  const others = locations.length - MAX_LOCATIONS;
  const shown = locations.slice(0, MAX_LOCATIONS).join(', ');
  const asked = names.map((name, index) =>
    index === 0 ? write`needed by ${name}` : write`, ${name}`,
  );
  return step('none', 'Use', [
    ...(names.length === 0
      ? []
      : [
          write`${join(asked)}${more > 0 ? ` and ${counted(more, 'other')}` : ''}`,
        ]),
    ...(names.length > 0 && shown === `node_modules/${name}`
      ? []
      : [
          `at ${shown}${others > 0 ? ` and ${counted(others, 'other place')}` : ''}`,
        ]),
  ]);
}

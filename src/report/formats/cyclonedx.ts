import { createHash } from 'node:crypto';
import { parseIntegrity } from '../../package/integrity.js';
import { scopeOf } from '../../package/package-id.js';
import { toDependencyGraph } from '../dependency-graph.js';
import { toJsonText } from '../json-text.js';
import type { Report, ReportDependency } from '../report.js';
import type { ReportFormat } from './format.js';
import { slsaResult, type SlsaResult } from './slsa.js';

export const cyclonedx: ReportFormat = {
  extension: '.cdx.json',
  mediaType: 'application/vnd.cyclonedx+json',
  summary: 'CycloneDX 1.6 with what is proven of each component',
  render: (report, { lockfilePath }) => renderCyclonedx(report, lockfilePath),
};

/** Levels that a component can be proven to have. */
const LEVELS = [1, 2, 3] as const;
const ASSESSOR = 'assessor';
const LOCKFILE = 'lockfile';

/**
 * The dependencies as a CycloneDX 1.6 document: source, build and signed
 * statements as external references, and for every verified one a claim of its
 * SLSA build level, to which one attestation for each level refers.
 */
function renderCyclonedx(report: Report, lockfilePath: string): string {
  const { tool, auditedAt, lockfile, dependencies } = report;
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${toUuid([lockfile.sha256, auditedAt])}`,
    version: 1,
    metadata: {
      timestamp: auditedAt,
      tools: {
        components: [
          { type: 'application', name: tool.name, version: tool.version },
        ],
      },
      component: {
        type: 'file',
        'bom-ref': LOCKFILE,
        name: lockfilePath,
        hashes: [{ alg: 'SHA-256', content: lockfile.sha256 }],
      },
      properties: [{ name: 'provenance-audit:result', value: report.result }],
    },
    components: dependencies.map(toComponent),
    dependencies: toEdges(dependencies),
    declarations: toDeclarations(dependencies, tool.name),
    definitions: { standards: [toStandard()] },
  };
  return `${toJsonText(document, 2)}\n`;
}

function toComponent(dependency: ReportDependency, index: number) {
  const { name, version, purl, optional, integrity } = dependency;
  const scope = scopeOf(name);
  const pinned = parseIntegrity(integrity);
  return {
    type: 'library',
    'bom-ref': refOf('component', index),
    ...(scope !== null && { group: scope }),
    name: scope === null ? name : name.slice(scope.length + 1),
    version,
    scope: optional ? 'optional' : 'required',
    ...(pinned.status === 'sha512' && {
      hashes: [{ alg: 'SHA-512', content: pinned.sha512 }],
    }),
    purl,
    externalReferences: toReferences(dependency),
    properties: [
      ['scope', dependency.scopeReason ?? dependency.scope],
      ['evidence', dependency.evidence],
      ['verification', dependency.verification],
      ['level', dependency.level],
      // Of the level, what is above provenance: no claim of SLSA's rises by it.
      ...(dependency.claimed ? [['claimed', 'true']] : []),
      ['slsa', slsaResult(dependency)],
    ].map(([key, value]) => ({ name: `provenance-audit:${key ?? ''}`, value })),
  };
}

/** Who needs whom; what the root project asks for, the lockfile does. */
function toEdges(dependencies: readonly ReportDependency[]): readonly object[] {
  const { root, needs } = toDependencyGraph(dependencies);
  const toEdge = (ref: string, list: readonly number[]): object => ({
    ref,
    dependsOn: list.map((index) => refOf('component', index)),
  });
  return [
    toEdge(LOCKFILE, root),
    ...needs.map((list, index) => toEdge(refOf('component', index), list)),
  ];
}

/** Addresses of the certificate and the lockfile; the statements by hash. */
function toReferences({
  provenance,
  resolved,
  purl,
  statements,
}: ReportDependency): readonly object[] {
  const addresses: readonly (readonly [string, string | null])[] = [
    ['distribution', resolved],
    ['vcs', provenance?.sourceRepository ?? null],
    ['build-system', provenance?.runUrl ?? null],
  ];
  return [
    ...addresses.flatMap(([type, address]) => {
      const url = webAddress(address);
      return url === null ? [] : [{ type, url }];
    }),
    ...statements.map(({ sha256, predicateType }) => ({
      type: 'attestation',
      url: encodeURI(Buffer.from(purl).toString()),
      comment: predicateType,
      hashes: [{ alg: 'SHA-256', content: sha256 }],
    })),
  ];
}

function toDeclarations(
  dependencies: readonly ReportDependency[],
  assessor: string,
) {
  const proven = dependencies.flatMap((dependency, index) => {
    const { provenance } = dependency;
    const result = slsaResult(dependency);
    return provenance === null ? [] : [{ provenance, result, index }];
  });
  return {
    assessors: [
      {
        'bom-ref': ASSESSOR,
        thirdParty: true,
        organization: { name: assessor },
      },
    ],
    attestations: LEVELS.flatMap((level) => {
      const claims = proven
        .filter(({ result }) => result === levelName(level))
        .map(({ index }) => refOf('claim', index));
      if (claims.length === 0) return [];
      return [
        {
          summary: `SLSA build level ${level}, verified from signed provenance`,
          assessor: ASSESSOR,
          map: [{ requirement: refOf('slsa-build', level), claims }],
        },
      ];
    }),
    claims: proven.map(({ provenance, index }) => ({
      'bom-ref': refOf('claim', index),
      target: refOf('component', index),
      predicate: `built from ${provenance.sourceRepository} by ${provenance.builder}`,
      evidence: [refOf('evidence', index)],
    })),
    evidence: proven.map(({ provenance, index }) => ({
      'bom-ref': refOf('evidence', index),
      propertyName: provenance.predicateType,
      created: provenance.signedAt,
    })),
  };
}

function toStandard() {
  return {
    'bom-ref': 'slsa',
    name: 'SLSA',
    version: '1.0',
    owner: 'OpenSSF',
    requirements: LEVELS.map((level) => ({
      'bom-ref': refOf('slsa-build', level),
      identifier: `Build L${level}`,
    })),
  };
}

function levelName(level: (typeof LEVELS)[number]): SlsaResult {
  return `SLSA_BUILD_LEVEL_${level}`;
}

function refOf(kind: string, index: number): string {
  return `${kind}-${index}`;
}

/** As the URL parser writes it; null for what is no http(s) URL. */
function webAddress(address: string | null): string | null {
  if (address === null || !URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === 'https:' || url.protocol === 'http:'
    ? url.href
    : null;
}

/** A UUID (version 8) that the same audit always has. Source: RFC 9562. */
function toUuid(identity: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(identity));
  const hex = hash.digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

import { createHash } from 'node:crypto';

import type { JudgedEvidence } from '../../src/evidence/judged-evidence.js';
import type { Dependency } from '../../src/lockfile/dependency.js';
import type { Finding, Subject } from '../../src/policy/verdict.js';
import { buildReport } from '../../src/report/build-report.js';
import type { Report } from '../../src/report/report.js';
import {
  CHECKS,
  type CheckGroup,
  type CheckId,
} from '../../src/verification/check-catalogue.js';
import {
  notMade,
  ofAttestation,
  passed,
  type Check,
} from '../../src/verification/check.js';
import {
  outOfScope,
  rejected,
  sampleDependency,
  sampleInput,
  signed,
  tamperedFinding,
  unavailable,
  unsigned,
  unsignedWarning,
  verified,
  violatedFinding,
} from './sample-report.js';

const MB = 1_000_000;
/**
 * Most bytes of each form with 5,000 packages and 25,000 findings: what takes the
 * form has room for so much, or we say it ourselves.
 */
export const SIZE_LIMITS: Readonly<Record<string, number>> = {
  ...{ text: 8 * MB, tree: 1 * MB, json: 40 * MB, ndjson: 40 * MB },
  ...{ csv: 8 * MB, markdown: 65_536, html: 8 * MB, sarif: 40 * MB },
  'code-quality': 20 * MB,
  ...{ junit: 12 * MB, vsa: 2 * MB, cyclonedx: 20 * MB },
};

const WORDS = [
  ...['glob', 'stream', 'parse', 'utf', 'color', 'path', 'fetch', 'yaml'],
  ...['lock', 'graph', 'queue', 'cache', 'merge', 'walk', 'hash', 'sign'],
];

/** Numbers that look random and are always the same. */
function* numbers(): Generator<number, never> {
  for (let state = 42; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state;
  }
}

/**
 * A project of `packages` packages with a graph as npm's are: few at the top,
 * most needed by several, every state among them, and `findings` findings.
 */
export function largeReport(packages: number, findings = 0): Report {
  const random = numbers();
  const below = (limit: number): number =>
    Math.floor((random.next().value / 2_147_483_648) * limit);
  const top = Math.max(3, Math.floor(packages / 40));
  const places: string[] = [];
  const subjects = Array.from({ length: packages }, (_, index): Subject => {
    const [a = '', b = ''] = [WORDS[below(16)], WORDS[below(16)]];
    const name = `${index % 7 === 0 ? '@acme/' : ''}${a}-${b}-${index}`;
    const place = `node_modules/${name}`;
    const isTop = index < top;
    const askers = isTop
      ? ['']
      : Array.from(
          { length: 1 + below(3) },
          () => places[below(Math.min(places.length, 12 * top))] ?? '',
        );
    places.push(place);
    const dependency = sampleDependency(
      name,
      `${1 + below(5)}.${below(20)}.0`,
      {
        direct: isTop,
        production: index % 3 !== 0,
        requiredBy: [...new Set(askers)].toSorted(),
        line: 10 + 8 * index,
      },
    );
    return subjectOf(dependency, below(100));
  });
  return buildReport(sampleInput(subjects, toFindings(subjects, findings)));
}

function subjectOf(dependency: Dependency, chance: number): Subject {
  if (chance < 30) {
    const { name } = dependency.id;
    const repository = `https://github.com/acme/${name.split('/').at(-1) ?? ''}`;
    const subject = verified(dependency, repository);
    return { ...withChecks(subject, ATTESTED), evidence: evidenceOf(name) };
  }
  if (chance < 88) return withChecks(signed(dependency), UNATTESTED);
  if (chance < 93) return withChecks(unsigned(dependency), UNATTESTED);
  if (chance < 95) return unavailable(dependency);
  if (chance < 96) return rejected(dependency);
  return outOfScope(dependency, 'bundled');
}

function withChecks(subject: Subject, checks: readonly Check[]): Subject {
  const { facts } = subject;
  return facts === null ? subject : { ...subject, facts: { ...facts, checks } };
}

/** Made once for each package, whatever is attested. */
const ASKED = idsOf('lockfile', 'registry');
const OF_ATTESTED: readonly CheckId[] = ['document', 'provenance-served'];
const ABOUT_ALL: readonly CheckId[] = [
  ...(['provenance-agreement', 'subjects-agree', 'publish-present'] as const),
];

/** As for a version without attestations. */
const UNATTESTED = [...ASKED, ...ABOUT_ALL].map((id) =>
  OF_ATTESTED.includes(id) || ABOUT_ALL.includes(id)
    ? notMade(id, 'there are no attestations')
    : passed(id),
);
/** As for one with a provenance and a publication. */
const ATTESTED = [
  ...ASKED.map((id) => passed(id)),
  ...ofAttestation(passedOf('bundle', 'statement', 'provenance'), 0),
  ...ofAttestation(passedOf('bundle', 'statement', 'publish'), 1),
  ...ABOUT_ALL.map((id) => passed(id)),
];

function passedOf(...groups: readonly CheckGroup[]): readonly Check[] {
  return idsOf(...groups)
    .filter((id) => !ABOUT_ALL.includes(id))
    .map((id) => passed(id));
}

function idsOf(...groups: readonly CheckGroup[]): readonly CheckId[] {
  return (Object.keys(CHECKS) as CheckId[]).filter((id) =>
    groups.includes(CHECKS[id].group),
  );
}

/** A provenance and a publication, each with a payload of its own. */
function evidenceOf(name: string): JudgedEvidence {
  const statements = PREDICATE_TYPES.map((predicateType) => {
    const hash = createHash('sha256').update(`${predicateType} ${name}`);
    return { predicateType, sha256: hash.digest('hex') };
  });
  return {
    status: 'attested',
    metadata: {
      ...{ integrity: null, signatures: [], publishedAt: null },
      ...{ advertisesAttestations: true, advertisesProvenance: true },
      declaredRepository: null,
    },
    statements,
  };
}

const PREDICATE_TYPES = [
  'https://slsa.dev/provenance/v1',
  'https://github.com/npm/attestation/tree/main/specs/publish/v0.1',
];

function toFindings(subjects: readonly Subject[], count: number): Finding[] {
  const bad = subjects.filter(
    ({ facts }) => facts?.verification === 'rejected',
  );
  const plain = subjects.filter(({ facts }) => facts?.verification === 'none');
  const made = [
    ...bad.map(tamperedFinding),
    ...Array.from({ length: count }, (_, index) => {
      const subject = plain[index % plain.length];
      if (subject === undefined) return [];
      return [
        index % 5 === 0 ? violatedFinding(subject) : unsignedWarning(subject),
      ];
    }).flat(),
  ];
  return made.slice(0, count);
}

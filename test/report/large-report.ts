import type { Dependency } from '../../src/lockfile/dependency.js';
import type { Finding, Subject } from '../../src/policy/verdict.js';
import { buildReport } from '../../src/report/build-report.js';
import type { Report } from '../../src/report/report.js';
import {
  CHECKS,
  type CheckId,
} from '../../src/verification/check-catalogue.js';
import { passed } from '../../src/verification/check.js';
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
    const repository = dependency.id.name.split('/').at(-1) ?? '';
    return withChecks(
      verified(dependency, `https://github.com/acme/${repository}`),
    );
  }
  if (chance < 88) return signed(dependency);
  if (chance < 93) return unsigned(dependency);
  if (chance < 95) return unavailable(dependency);
  if (chance < 96) return rejected(dependency);
  return outOfScope(dependency, 'bundled');
}

/** Every check of a provenance and a publication, passed. */
const PASSED = [null, 0, 1].flatMap((attestation) =>
  Object.entries(CHECKS)
    .filter(
      ([, { group }]) =>
        (attestation === null) ===
        (group === 'lockfile' || group === 'registry'),
    )
    .map(([check]) => ({
      ...passed(check as CheckId),
      attestation,
    })),
);

function withChecks(subject: Subject): Subject {
  const { facts } = subject;
  return facts === null
    ? subject
    : { ...subject, facts: { ...facts, checks: PASSED } };
}

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

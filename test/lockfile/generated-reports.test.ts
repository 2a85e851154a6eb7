import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { GENERATED_FORMATS } from '../../fixtures/generated-lockfiles/generated-formats.js';
import { inputOf } from '../../fixtures/generated-lockfiles/generated-lockfile.js';
import { buildProject } from '../../fixtures/generated-lockfiles/project-model.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { audit } from '../../src/audit.js';
import type { RegistryAnswer } from '../../src/evidence/registry.js';
import type { LockfileInput } from '../../src/lockfile/lockfile-format.js';
import { resolveVirtualTree } from '../../src/lockfile/npm-resolve.js';
import { DEFAULT_POLICY } from '../../src/policy/policy.js';
import { WHOLE_LOCKFILE, type Selection } from '../../src/policy/selection.js';
import type { Report } from '../../src/report/report.js';
import { jsonBytes, SIGNED } from '../evidence/dependencies.js';
import { documentsOf } from '../verification/verified-bundle.js';

const RUNS = 25;
const NEVER = new AbortController().signal;
const PUBLIC = 'https://registry.example/';
const sigstore = await createSigstore();
const documents = documentsOf(sigstore);

const PICK = fc.record({
  parent: fc.nat(1_000),
  type: fc.nat(1_000),
  extra: fc.array(fc.nat(1_000), { maxLength: 3 }),
  sameAs: fc.option(fc.nat(1_000), { freq: 3 }),
});
const PICKS = fc.array(PICK, { maxLength: 15 });

/** Selections; one that nothing fits is none of a report. */
const SELECTION: fc.Arbitrary<Selection> = fc.record({
  omit: fc.subarray(['dev', 'optional', 'peer'] as const),
  workspaces: fc.constant([]),
  direct: fc.boolean(),
  packages: fc.constantFrom([], ['*1*'], ['*']),
  mayBeEmpty: fc.constant(true),
});

/** The same answer for the same package, of every kind that there is. */
function answerOf(name: string, version: string, kind: string): RegistryAnswer {
  const number = name.codePointAt(name.length - 1) ?? 0;
  if (number % 5 === 0) {
    return { status: 'unavailable', code: 'timeout', message: 'too slow' };
  }
  if (number % 5 === 1 || kind !== 'version') return { status: 'absent' };
  const dist = {
    ...(number % 5 === 2 && SIGNED),
    ...(number % 5 === 3 && { attestations: {} }),
  };
  return { status: 'found', body: jsonBytes({ name, version, dist }) };
}

function reportOn(
  input: LockfileInput,
  selection: Selection = WHOLE_LOCKFILE,
): Promise<Report> {
  return audit(
    input,
    {
      registry: {
        ask: ({ id, kind }) =>
          Promise.resolve(answerOf(id.name, id.version, kind)),
      },
      trustRoot: { load: () => Promise.resolve(documents) },
      loadTree: (project) =>
        Promise.resolve(resolveVirtualTree(project, () => 'registry')),
      clock: { now: () => sigstore.now, elapsed: () => 0, doubts: () => [] },
    },
    {
      registries: {
        publicRegistry: PUBLIC,
        defaultRegistry: PUBLIC,
        scopes: new Map(),
        namedByProject: new Set(),
      },
      policy: DEFAULT_POLICY,
      selection,
      concurrency: 4,
      deadline: NEVER,
      signal: NEVER,
      tool: { version: '0.1.0', verifier: 'x 1' },
    },
  );
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

/** What has to hold of every report, counted anew from its packages. */
function expectToAddUp({ summary, dependencies, lockfile }: Report): void {
  const locations = dependencies.flatMap((each) => each.locations);
  expect(locations).toHaveLength(lockfile.entries);
  expect(new Set(locations).size).toBe(lockfile.entries);
  expect(summary.dependencies).toBe(dependencies.length);
  const inScope = dependencies.filter(({ scope }) => scope === 'in-scope');
  expect(summary.inScope).toBe(inScope.length);
  expect(summary.inScope + sum(summary.outOfScope)).toBe(dependencies.length);
  const rows = [
    summary.evidence,
    summary.verification,
    summary.level,
    summary.binding,
  ];
  expect(rows.map(sum)).toEqual(rows.map(() => inScope.length));
  const { all } = summary.coverage;
  expect(all.eligible).toBe(inScope.length);
  expect(sum(summary.notProven) + all.verified).toBe(inScope.length);
  for (const row of ['evidence', 'verification', 'level'] as const) {
    const counted = new Map<string, number>();
    for (const each of inScope) {
      counted.set(each[row], (counted.get(each[row]) ?? 0) + 1);
    }
    const said = Object.entries(summary[row]).filter(([, count]) => count > 0);
    expect(new Map(said)).toEqual(counted);
  }
}

describe.each(GENERATED_FORMATS)(
  'the report on a generated $name',
  ({ hasWorkspaces, write }) => {
    const project = fc
      .tuple(PICKS, hasWorkspaces ? fc.nat(3) : fc.constant(0))
      .map(([picks, workspaces]) => buildProject(picks, workspaces));

    it('has totals that add up, whatever is left out', async () => {
      await fc.assert(
        fc.asyncProperty(project, SELECTION, async (model, selection) => {
          const input = inputOf(write(model), model);
          const whole = await reportOn(input);
          expectToAddUp(whole);
          const part = await reportOn(input, selection);
          expectToAddUp(part);
          // What is left out is counted, and nothing else changes its state.
          expect(part.lockfile).toEqual(whole.lockfile);
          const before = new Map(
            whole.dependencies.map((each) => [each.locations[0], each]),
          );
          let omitted = 0;
          for (const each of part.dependencies) {
            if (each.scopeReason === 'omitted') omitted += 1;
            else {
              const { scope, scopeReason } = each;
              expect(before.get(each.locations[0])).toMatchObject({
                ...{ scope, scopeReason },
              });
            }
          }
          expect(part.summary.outOfScope['omitted'] ?? 0).toBe(omitted);
        }),
        { numRuns: RUNS },
      );
    });

    it('is the same whatever the order of its entries', async () => {
      const shuffled = project.chain((model) => {
        const generated = write(model);
        const orders = generated.sections.map(({ blocks }) =>
          fc.shuffledSubarray([...blocks], { minLength: blocks.length }),
        );
        return fc.tuple(
          fc.constant(model),
          fc.constant(generated),
          fc.tuple(...orders),
        );
      });
      await fc.assert(
        fc.asyncProperty(shuffled, async ([model, generated, orders]) => {
          const sections = generated.sections.map((section, index) => ({
            ...section,
            blocks: orders[index] ?? [],
          }));
          const first = await reportOn(inputOf(generated, model));
          const second = await reportOn(
            inputOf({ ...generated, sections }, model),
          );
          expect(second.summary).toEqual(first.summary);
          expect(second.exitCode).toBe(first.exitCode);
          const statesOf = ({ dependencies, findings }: Report) => ({
            dependencies: dependencies.map((each) => ({
              ...{ ...each, locations: each.locations.length },
              requiredBy: each.requiredBy.length,
            })),
            findings: findings.map((each) => ({ ...each, location: null })),
          });
          expect(statesOf(second)).toEqual(statesOf(first));
        }),
        { numRuns: RUNS },
      );
    });
  },
);

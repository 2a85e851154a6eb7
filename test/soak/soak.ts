import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  LoopbackRegistry,
  RegistryFault,
  RegistryPackage,
} from '../../fixtures/loopback-registry.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import type { Report, ReportDependency } from '../../src/report/report.js';
import { createScene, runMain } from '../cli/scene.js';

export interface SoakOptions {
  /** Runs, the first with seed 1. */
  readonly seeds: number;
  readonly packages: number;
  /** Share of the requests that go wrong, from 0 to 1. */
  readonly faults: number;
}

/** What came of one run. */
export interface SoakRun {
  readonly seed: number;
  /** Requests that went wrong. */
  readonly faults: number;
  /** Packages whose evidence no retry could get. */
  readonly lost: number;
  /** Packages that came out otherwise than they should have. */
  readonly wrong: readonly string[];
}

/** Every fourth package is attested, as about as many are elsewhere. */
const ATTESTED = 4;
/** Attempts that the program makes. */
const ATTEMPTS = 3;
/** Of all faults; the others pass with the next attempt. */
const LASTING_SHARE = 0.1;

const PASSING: readonly RegistryFault[] = [
  { reset: true },
  { upgrade: true },
  { status: 500 },
  { status: 502, body: '<html>' },
  { status: 503 },
  { status: 429, headers: { 'retry-after': '0' } },
  { truncate: 7 },
];
const LASTING: readonly RegistryFault[] = [
  { status: 401 },
  { status: 410 },
  { body: '<html>sign in</html>' },
  { redirect: 'http://127.0.0.1:1/' },
];

/**
 * Audits one project again and again, each time with other faults, and holds
 * every package against the run without: the same wherever a retry could
 * succeed, and `unavailable` where none could.
 */
export async function soak(
  { seeds, packages, faults }: SoakOptions,
  onRun: (run: SoakRun) => void = () => undefined,
): Promise<readonly SoakRun[]> {
  const sigstore = await createSigstore();
  const project = projectOf(
    Array.from({ length: packages }, (_, index) =>
      publishPackage(
        sigstore,
        { name: `package-${index}`, version: '1.0.0' },
        index % ATTESTED === 0 ? {} : { attest: null },
      ),
    ),
  );
  /** One audit, of a registry with what `spoil` makes go wrong. */
  const audit = async (
    spoil: (registry: LoopbackRegistry) => void,
  ): Promise<ReadonlyMap<string, ReportDependency>> => {
    const scene = await createScene(sigstore, project);
    try {
      const patience = 'fetch-retries=2\nfetch-retry-mintimeout=0\n';
      await writeFile(join(scene.folder, 'home', '.npmrc'), patience);
      spoil(scene.registry);
      const argv = [...scene.options, '--no-cache', '--quiet', '--json'];
      const { stdout } = await runMain(scene, argv);
      const text = stdout.replaceAll(scene.registry.url, 'REGISTRY/');
      const { dependencies } = JSON.parse(text) as Report;
      return new Map(dependencies.map((each) => [each.name, each]));
    } finally {
      await scene.close();
    }
  };
  const faultless = await audit(() => undefined);
  const runs: SoakRun[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const random = randomFrom(seed);
    const lost = new Set<string>();
    let count = 0;
    const found = await audit((registry) => {
      for (const item of project.packages) {
        for (const path of pathsOf(item)) {
          const steps = faultsOf(random, faults);
          count += steps.length;
          registry.script(path, ...steps);
          if (!isRecoverable(steps)) lost.add(item.id.name);
        }
      }
    });
    const wrong = [...faultless].flatMap(([name, expected]) => {
      const each = found.get(name);
      const isRight = lost.has(name)
        ? each?.evidence === 'unavailable'
        : JSON.stringify(each) === JSON.stringify(expected);
      return isRight ? [] : [name];
    });
    const run = { seed, faults: count, lost: lost.size, wrong };
    runs.push(run);
    onRun(run);
  }
  return runs;
}

/** What an audit asks about a package. */
function pathsOf({
  id,
  attestations,
}: RegistryPackage): readonly `/${string}`[] {
  const { name, version } = id;
  return attestations === undefined
    ? [`/${name}/${version}`]
    : [`/${name}/${version}`, `/-/npm/v1/attestations/${name}@${version}`];
}

/** What happens to the attempts at one question before one goes well. */
function faultsOf(
  random: () => number,
  share: number,
): readonly RegistryFault[] {
  const faults: RegistryFault[] = [];
  while (faults.length < ATTEMPTS && random() < share) {
    const kinds = random() < LASTING_SHARE ? LASTING : PASSING;
    const fault = kinds[Math.floor(random() * kinds.length)];
    if (fault !== undefined) faults.push(fault);
  }
  return faults;
}

function isRecoverable(faults: readonly RegistryFault[]): boolean {
  return (
    faults.length < ATTEMPTS && faults.every((each) => !LASTING.includes(each))
  );
}

/** Numbers from 0 to 1 that look random and are the same for a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

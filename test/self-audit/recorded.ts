import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startRegistry } from '../../fixtures/loopback-registry.js';
import { writeProject } from '../../fixtures/projects.js';
import { must, run, type Place } from '../packaging/shell.js';
import { judgeRecorded } from './judge.js';

/** What is recorded of one release, as index.json of the material has it. */
interface Recording {
  readonly file: string;
  readonly package: string;
  readonly variant: string | null;
  readonly expected: string;
  readonly subjectIntegrity: string;
}

/** Where this audit of recorded evidence takes place. */
export interface RecordedWorld {
  /** The checkout: its policy, its pins, its lockfile, the program. */
  readonly checkout: string;
  /** The recorded documents, unpacked. */
  readonly recordings: string;
  /** A scratch folder. */
  readonly folder: string;
  /** Options that name the trust root. */
  readonly trust: readonly string[];
}

const PINS = 'provenance.lock.json';

/**
 * Holds this project's policy and pins against evidence that was recorded from the
 * public registry: of those packages of its lockfile that have any, in whatever
 * version. It is saved into an archive and audited without a network, and what is
 * proven has to be what the pins say. Returns what that shows, in one line; throws
 * where something does not hold.
 *
 * Recorded are the attestations alone. What else a registry would answer is made
 * here: integrity as it was published, and neither signatures nor dates.
 */
export async function auditRecorded(world: RecordedWorld): Promise<string> {
  const { checkout, folder } = world;
  const locked = await lockedVersions(checkout);
  const recordings = (await readRecordings(world.recordings)).filter(
    (each) => each.expected === 'valid' && locked.has(splitSpec(each).name),
  );
  const project = join(folder, 'recorded');
  await mkdir(project);
  await writeRecorded(project, recordings);
  await copyFile(join(checkout, PINS), join(project, PINS));
  const archive = join(folder, 'recorded.ndjson');
  const program = [
    process.execPath,
    join(checkout, 'bin', 'provenance-audit.js'),
  ];
  const place: Place = { cwd: project, env: process.env };
  const registry = await serveRecordings(world.recordings, recordings);
  const common = [...world.trust, '--registry', registry.url, '--no-cache'];
  try {
    await must([...program, 'evidence', 'save', archive, ...common], place);
  } finally {
    await registry.close();
  }
  const policy = ['--policy', join(checkout, 'provenance-audit.yaml')];
  const offline = ['--evidence', archive, ...common, ...policy];
  const { stdout, stderr } = await run(
    [...program, '--json', ...offline],
    place,
  );
  if (stdout === '') throw new Error(stderr);
  const proven = judgeRecorded(JSON.parse(stdout));
  const pinned = await must([...program, 'pin', ...offline], place);
  if (!pinned.includes(': 3 pins; 0 added, 0 raised, 0 accepted, 0 left')) {
    throw new Error(`the pins are not what is proven: ${pinned}`);
  }
  const exact = recordings.filter((each) => {
    const { name, version } = splitSpec(each);
    return locked.get(name)?.has(version) === true;
  });
  return (
    `self-audit, recorded evidence: ${proven}, by this project's policy and pins and ` +
    `without a network; no registry signatures are recorded, which the policy demands; of the versions that its lockfile has, ${exact.length} are recorded`
  );
}

async function readRecordings(folder: string): Promise<readonly Recording[]> {
  const text = await readFile(join(folder, 'index.json'), 'utf8');
  const { entries } = JSON.parse(text) as {
    readonly entries: readonly Recording[];
  };
  return entries.filter(({ variant }) => variant === null);
}

/** Versions by name, of everything in the checkout's own lockfile. */
async function lockedVersions(
  checkout: string,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const text = await readFile(join(checkout, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as {
    readonly packages: Readonly<Record<string, { readonly version: string }>>;
  };
  const found = new Map<string, Set<string>>();
  for (const [location, { version }] of Object.entries(packages)) {
    const name = location.split('node_modules/').at(-1) ?? '';
    const versions = found.get(name) ?? new Set<string>();
    found.set(name, versions.add(version));
  }
  return found;
}

function splitSpec({ package: spec }: Recording): {
  readonly name: string;
  readonly version: string;
} {
  const at = spec.lastIndexOf('@');
  return { name: spec.slice(0, at), version: spec.slice(at + 1) };
}

/** A project that asks for each recorded release under a name of its own. */
async function writeRecorded(
  folder: string,
  recordings: readonly Recording[],
): Promise<void> {
  const named = recordings.map((each, index) => {
    const { name, version } = splitSpec(each);
    return { alias: `recorded-${index}`, name, version, each };
  });
  await writeProject(folder, {
    manifest: {
      name: 'recorded',
      version: '1.0.0',
      dependencies: Object.fromEntries(
        named.map(({ alias, name, version }) => [
          alias,
          `npm:${name}@${version}`,
        ]),
      ),
    },
    entries: Object.fromEntries(
      named.map(({ alias, name, version, each }) => [
        `node_modules/${alias}`,
        { name, version, integrity: each.subjectIntegrity },
      ]),
    ),
  });
}

async function serveRecordings(
  folder: string,
  recordings: readonly Recording[],
) {
  const registry = await startRegistry();
  for (const each of recordings) {
    const text = await readFile(join(folder, each.file), 'utf8');
    registry.add({
      id: splitSpec(each),
      integrity: each.subjectIntegrity,
      attestations: JSON.parse(text),
      publishedAt: null,
    });
  }
  return registry;
}

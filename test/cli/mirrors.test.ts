import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type {
  LoopbackRegistry,
  RegistryPackage,
} from '../../fixtures/loopback-registry.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  writeProject,
} from '../../fixtures/projects.js';
import { startTufMirror } from '../../fixtures/tuf-mirror.js';
import {
  createTufRepository,
  type TufRepository,
} from '../../fixtures/tuf-repository.js';
import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';
import { FORMATS } from '../../src/report/formats/index.js';
import type { Report } from '../../src/report/report.js';
import { toBytes } from '../facts/judge.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';

/**
 * Registries that hand out less than the public one: each is recognised, and
 * said once in the report, with what to do about it.
 */
const sigstore = await createSigstore();
const attested = ['cog', 'gear', 'widget'].map((name) =>
  publishPackage(sigstore, { name, version: '1.2.3' }),
);
const plain = publishPackage(
  sigstore,
  { name: 'zero', version: '2.0.0' },
  { attest: null },
);
const project = projectOf([...attested, plain]);

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

interface Mirror {
  /** What it makes of a package, where that differs. */
  readonly serves?: (item: RegistryPackage) => RegistryPackage;
  readonly spoil?: (registry: LoopbackRegistry) => void;
  /** Whether it writes its own address into lockfiles. */
  readonly isInLockfile?: boolean;
  /** Below which it serves everything. */
  readonly basePath?: string;
  /** Where the trust root is from, if not from files. */
  readonly tuf?: TufRepository;
}

interface Ended extends Run {
  readonly opened: Scene;
  /** The same run's text, with the mirror's address as `MIRROR`. */
  readonly text: string;
  readonly report: Report;
}

async function openAt({
  serves = (item) => item,
  spoil = () => undefined,
  basePath = '',
}: Mirror): Promise<Scene> {
  const packages = project.packages.map(serves);
  const served = { ...project, packages };
  const opened = await createScene(sigstore, served, { basePath });
  open.push(opened);
  const { registry, folder } = opened;
  spoil(registry);
  await writeFile(join(folder, 'home', '.npmrc'), 'fetch-retry-mintimeout=0\n');
  return opened;
}

async function auditAt(mirror: Mirror): Promise<Ended> {
  const { isInLockfile = false, tuf } = mirror;
  const opened = await openAt(mirror);
  const { registry } = opened;
  if (isInLockfile) await pointLockfileAt(opened);
  const options = tuf === undefined ? opened.options : await byTuf(opened, tuf);
  const argv = [...options, '--no-cache'];
  const json = await runMain(opened, [...argv, '--json']);
  const run = await runMain(opened, argv);
  return {
    ...run,
    opened,
    // As a reader sees it, without where lines were broken.
    text: run.stdout.replaceAll(registry.url, 'MIRROR').replace(/\s+/g, ' '),
    report: JSON.parse(json.stdout) as Report,
  };
}

function pointLockfileAt({ project: folder, registry }: Scene): Promise<void> {
  const entries = Object.fromEntries(
    project.packages.map(({ id: { name, version } }) => {
      const place = `node_modules/${name}`;
      const resolved = `${registry.url}${name}/-/${name}-${version}.tgz`;
      return [place, { ...project.entries[place], version, resolved }];
    }),
  );
  return writeProject(folder, { ...project, entries });
}

async function byTuf(
  { folder, registry }: Scene,
  repository: TufRepository,
): Promise<readonly string[]> {
  const mirror = await startTufMirror(repository);
  open.push(mirror);
  const root = join(folder, 'root.json');
  await writeFile(root, repository.rootJson);
  return [
    ...['--tuf-mirror', mirror.url, '--tuf-root', root],
    ...['--registry', registry.url],
  ];
}

/** Without what may differ between two runs. */
function reportOf({ stdout }: Run): string {
  return stdout
    .replace(/"auditedAt": "[^"]*"/, '')
    .replace(/"durations": \{[^}]*\}/, '');
}

const timesIn = (text: string, part: string): number =>
  text.split(part).length - 1;

const ALWAYS_404 = { status: 404, repeat: true } as const;
const ASK_PUBLIC = 'evidence: { registry: public }';
const without =
  (...keys: readonly (keyof RegistryPackage)[]) =>
  (item: RegistryPackage): RegistryPackage =>
    Object.fromEntries(
      Object.entries(item).filter(([key]) => !keys.some((one) => one === key)),
    ) as unknown as RegistryPackage;

interface Expected {
  readonly exitCode: number;
  readonly rule: string;
  readonly says: string;
  readonly packages: number;
  /** Rules of what else is found, once each. */
  readonly also?: readonly string[];
}

describe('a mirror that hands out less', () => {
  it.each<[string, Mirror, Expected]>([
    [
      'no attestations: 404',
      {
        spoil: (registry) => {
          registry.script('attestations', ALWAYS_404);
        },
      },
      {
        exitCode: 3,
        rule: 'attestations-withheld',
        says: 'MIRROR says of 3 versions that they have attestations, and hands out none: it passes metadata on, but does not serve attestations',
        packages: 3,
      },
    ],
    ...[405, 501].map((status): [string, Mirror, Expected] => [
      `no attestations: ${status}`,
      {
        spoil: (registry) => {
          registry.script('attestations', { status, repeat: true });
        },
      },
      {
        exitCode: 3,
        rule: 'attestations-withheld',
        says: 'MIRROR says of 3 versions that they have attestations, and hands out none',
        packages: 3,
      },
    ]),
    [
      'neither versions nor attestations',
      {
        spoil: (registry) => {
          registry.script('manifest', ALWAYS_404);
          registry.script('attestations', ALWAYS_404);
        },
      },
      {
        exitCode: 3,
        rule: 'attestations-withheld',
        says: 'MIRROR says of 3 versions that they have attestations, and hands out none',
        packages: 3,
        also: ['registry-unusual'],
      },
    ],
    [
      'no signatures',
      { serves: without('signatures') },
      {
        exitCode: 0,
        rule: 'registry-signature-missing',
        says: 'MIRROR hands out no registry signature, of any version asked: it passes attestations on, but not signatures',
        packages: 4,
      },
    ],
    [
      'stripped metadata, and 404 for the rest',
      {
        serves: without('signatures', 'attestations'),
        spoil: (registry) => {
          registry.script('attestations', ALWAYS_404);
        },
      },
      {
        exitCode: 3,
        rule: 'evidence-unavailable',
        says: 'MIRROR serves neither signatures nor attestations, for any version asked',
        packages: 4,
      },
    ],
  ])('%s', async (_what, mirror, expected) => {
    const { exitCode, rule, says, packages, also = [] } = expected;
    const ended = await auditAt(mirror);
    expect(ended.exitCode).toBe(exitCode);
    expect(timesIn(ended.text, says)).toBe(1);
    expect(timesIn(ended.text, ASK_PUBLIC)).toBe(1 + also.length);
    expect(ended.report.findings.map((finding) => finding.rule)).toEqual([
      ...Array<string>(packages).fill(rule),
      ...also,
    ]);
  });

  it('no keys that the trust root has', async () => {
    const repository = createTufRepository({
      targets: new Map([['trusted_root.json', toBytes(sigstore.trustedRoot)]]),
      registryKeys: new Map([
        [new URL(PUBLIC_REGISTRY).host, toBytes(sigstore.npmKeys)],
      ]),
    });
    const ended = await auditAt({ isInLockfile: true, tuf: repository });
    expect(ended.exitCode).toBe(3);
    const says = 'the trust root has no keys for MIRROR';
    expect(timesIn(ended.text, says)).toBe(1);
    expect(timesIn(ended.text, 'with mirrorOf: public for it')).toBe(1);
  });

  it('packages of another registry, whose keys it is taken to have', async () => {
    const ended = await auditAt({ isInLockfile: true });
    expect(ended.exitCode).toBe(4);
    expect(new Set(ended.report.findings.map(({ remedy }) => remedy))).toEqual(
      new Set([
        expect.stringMatching(
          /unless .* is a mirror .* with mirrorOf/,
        ) as string,
      ]),
    );
  });

  it('nothing that was asked for', async () => {
    const ended = await auditAt({
      spoil: (registry) => {
        registry.script('manifest', ALWAYS_404);
        registry.script('packument', ALWAYS_404);
      },
    });
    expect(ended.exitCode).toBe(3);
    const says =
      'MIRROR has none of the 4 versions asked: it may not be the base address of a registry';
    expect(timesIn(ended.text, says)).toBe(1);
  });
});

/** Forms that are about packages alone. */
const SILENT: ReadonlySet<string> = new Set([
  ...['tree', 'ndjson', 'csv', 'vsa', 'cyclonedx'],
]);
const FILES = 'https://files.mirror.example/';

const WITHOUT_VERSIONS: Mirror = {
  spoil: (registry) => {
    registry.script('manifest', ALWAYS_404);
  },
};
const REWRITING: Mirror = {
  serves: (item) => ({
    ...item,
    dist: {
      tarball: `${FILES}it.tgz`,
      ...(item.attestations !== undefined && {
        attestations: {
          url: `${FILES}attestations`,
          provenance: { predicateType: 'https://slsa.dev/provenance/v1' },
        },
      }),
    },
  }),
};
const NO_VERSIONS =
  'MIRROR has no endpoint for single versions: the whole documents of its packages were read, which takes longer (packages: 4)';
const OTHER_HOSTS =
  'MIRROR names other hosts for tarballs or attestations (files.mirror.example), where nobody was asked (packages: 4)';

describe('a mirror that hands out all, in another way', () => {
  it.each([
    ['no endpoint for versions', WITHOUT_VERSIONS, NO_VERSIONS],
    ['rewritten hosts', REWRITING, OTHER_HOSTS],
  ])('%s: said once, as a warning', async (_what, mirror, says) => {
    const ended = await auditAt(mirror);
    expect(ended.exitCode).toBe(0);
    expect(ended.report.findings).toMatchObject([
      { rule: 'registry-unusual', level: 'warning', package: null },
    ]);
    expect(ended.report.summary.verification.verified).toBe(3);
    expect(timesIn(ended.text, says)).toBe(1);
    expect(timesIn(ended.text, ASK_PUBLIC)).toBe(1);
    expect(ended.stderr).toBe('');
  });

  it('below a path: there is nothing to say', async () => {
    const ended = await auditAt({ basePath: '/artifactory/api/npm/all/' });
    expect(ended.exitCode).toBe(0);
    expect(ended.report.findings).toEqual([]);
    expect(ended.report.summary.verification.verified).toBe(3);
    const { url, requests } = ended.opened.registry;
    const { pathname } = new URL(url);
    expect(pathname).toBe('/artifactory/api/npm/all/');
    for (const { path } of requests) {
      expect(path.startsWith(pathname)).toBe(true);
    }
  });

  it('not said of a fault of one version', async () => {
    const ended = await auditAt({
      spoil: (registry) => {
        registry.script('/gear/1.2.3', ALWAYS_404);
      },
    });
    expect(ended.exitCode).toBe(0);
    expect(ended.report.findings).toEqual([]);
  });

  it('not said of addresses of the registry that packages belong to', async () => {
    const tarball = `${PUBLIC_REGISTRY}it.tgz`;
    const ended = await auditAt({
      serves: (item) => ({ ...item, dist: { ...item.dist, tarball } }),
    });
    expect(ended.report.findings).toEqual([]);
  });

  it.each(FORMATS.map(({ name }) => name).filter((name) => !SILENT.has(name)))(
    'is said in every form of the report: %s',
    async (format) => {
      const opened = await openAt({ ...WITHOUT_VERSIONS, ...REWRITING });
      const argv = [...opened.options, '--no-cache', '--format', format];
      const { stdout } = await runMain(opened, argv);
      // As read: lines may be broken, and marks be written as entities.
      const text = stdout.replaceAll('&#46;', '.').replace(/\s+/g, ' ');
      expect(text).toMatch(/names other hosts for tarballs/);
      expect(text).toMatch(/has no endpoint for single versions/);
    },
  );
});

describe('what is known of a mirror', () => {
  const strip = without('attestations');

  it.each<[string, Mirror, string]>([
    ['no endpoint for versions', WITHOUT_VERSIONS, NO_VERSIONS],
    ['rewritten hosts', REWRITING, OTHER_HOSTS],
    ['attestations gone', {}, 'names no attestations of it, of which'],
  ])('a warm cache and a file say it too: %s', async (what, mirror, says) => {
    const opened = await openAt(mirror);
    const { registry, folder, options } = opened;
    const file = join(folder, 'evidence.ndjson');
    const json = [...options, '--json'];
    if (what === 'attestations gone') {
      await runMain(opened, json);
      for (const item of attested) registry.add(strip(item));
    }
    const runs = [];
    for (const more of ['--fresh', '--quiet', '--offline']) {
      const argv = [...json, more];
      runs.push(await runMain(opened, argv));
    }
    await runMain(opened, ['evidence', 'save', file, ...options]);
    runs.push(await runMain(opened, [...json, '--evidence', file]));
    const [first, ...others] = runs.map(reportOf);
    expect(first?.replaceAll(registry.url, 'MIRROR')).toContain(says);
    expect(others).toEqual([first, first, first]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
  });

  it('attestations gone: not where nothing was kept, nor after clear', async () => {
    const opened = await openAt({});
    const rulesOf = async (...argv: readonly string[]) => {
      const run = await runMain(opened, [...opened.options, '--json', ...argv]);
      const { findings } = JSON.parse(run.stdout) as Report;
      return findings.map(({ rule }) => rule);
    };
    await rulesOf();
    for (const item of attested) opened.registry.add(strip(item));
    const gone = Array<string>(3).fill('attestations-gone');
    expect(await rulesOf('--no-cache')).toEqual([]);
    expect(await rulesOf('--fresh')).toEqual(gone);
    expect(await rulesOf()).toEqual(gone);
    await runMain(opened, ['cache', 'clear']);
    expect(await rulesOf()).toEqual([]);
  });
});

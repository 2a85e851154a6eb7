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
  /** Where the trust root is from, if not from files. */
  readonly tuf?: TufRepository;
}

interface Ended extends Run {
  readonly opened: Scene;
  /** The same run's text, with the mirror's address as `MIRROR`. */
  readonly text: string;
  readonly report: Report;
}

async function auditAt({
  serves = (item) => item,
  spoil = () => undefined,
  isInLockfile = false,
  tuf,
}: Mirror): Promise<Ended> {
  const packages = project.packages.map(serves);
  const opened = await createScene(sigstore, { ...project, packages });
  open.push(opened);
  const { registry, folder } = opened;
  spoil(registry);
  await writeFile(join(folder, 'home', '.npmrc'), 'fetch-retry-mintimeout=0\n');
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

describe('a mirror that hands out less', () => {
  it.each<[string, Mirror, Record<string, unknown>]>([
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
    ...[405, 501].map((status): [string, Mirror, Record<string, unknown>] => [
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
  ])('%s', async (_what, mirror, { exitCode, rule, says, packages }) => {
    const ended = await auditAt(mirror);
    expect(ended.exitCode).toBe(exitCode);
    expect(timesIn(ended.text, String(says))).toBe(1);
    expect(timesIn(ended.text, ASK_PUBLIC)).toBe(1);
    expect(ended.report.findings.map((finding) => finding.rule)).toEqual(
      Array(packages).fill(rule),
    );
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

describe('a mirror that hands out all, in another way', () => {
  it('no endpoint for versions: said beside the report, once', async () => {
    const ended = await auditAt({
      spoil: (registry) => {
        registry.script('manifest', ALWAYS_404);
      },
    });
    expect(ended.exitCode).toBe(0);
    expect(ended.report.findings).toEqual([]);
    expect(ended.report.summary.verification.verified).toBe(3);
    const { url } = ended.opened.registry;
    expect(ended.stderr).toBe(
      `provenance-audit: ${url} has no endpoint for single versions: the whole documents of its packages are read, which takes longer\n`,
    );
  });

  it('rewritten hosts: nobody there is asked', async () => {
    const ended = await auditAt({
      serves: (item) => ({
        ...item,
        dist: {
          tarball: 'https://files.mirror.example/it.tgz',
          ...(item.attestations !== undefined && {
            attestations: {
              url: 'https://files.mirror.example/attestations',
              provenance: { predicateType: 'https://slsa.dev/provenance/v1' },
            },
          }),
        },
      }),
    });
    expect(ended.exitCode).toBe(0);
    expect(ended.report.findings).toEqual([]);
    expect(ended.report.summary.verification.verified).toBe(3);
    expect(ended.stdout + ended.stderr).not.toContain('mirror.example');
  });
});

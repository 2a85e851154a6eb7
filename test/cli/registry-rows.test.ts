import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  startRegistry,
  type LoopbackRegistry,
  type RegistryPackage,
  type RegistryStep,
} from '../../fixtures/loopback-registry.js';
import { sha512Hex } from '../../fixtures/packages.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf, publishPackage } from '../../fixtures/projects.js';
import { attestPackage } from '../../fixtures/statements.js';
import { startTlsFront } from '../../fixtures/tuf-proxy.js';
import type { Report, ReportDependency } from '../../src/report/report.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';

const MIB = 1024 * 1024;
const ID = { name: '@acme/widget', version: '1.2.3' };
const sigstore = await createSigstore();
const widget = publishPackage(sigstore, ID);
const plain = publishPackage(sigstore, ID, { attest: null });
const document = JSON.stringify(widget.attestations);
const list = JSON.stringify(
  (widget.attestations as { attestations: unknown }).attestations,
);
const forever = (step: object): RegistryStep => ({ ...step, repeat: true });

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

interface Ended extends Run {
  readonly scene: Scene;
  readonly dependency: ReportDependency | undefined;
}

interface Row {
  /** What the registry has, where that is not the honest package. */
  readonly serves?: RegistryPackage;
  /** What happens to requests for attestations. */
  readonly steps?: readonly RegistryStep[];
  readonly npmrc?: string;
  readonly argv?: readonly string[];
}

async function audit({
  serves,
  steps = [],
  npmrc = '',
  argv = [],
}: Row): Promise<Ended> {
  const item = serves ?? widget;
  // The lockfile pins the honest bytes, whatever is served.
  const project = { ...projectOf([widget]), packages: [item] };
  const scene = await createScene(sigstore, project);
  open.push(scene);
  scene.registry.script('attestations', ...steps);
  const patience = 'fetch-retry-mintimeout=0';
  await writeFile(
    join(scene.folder, 'home', '.npmrc'),
    `${patience}\n${npmrc.replaceAll('REGISTRY', scene.registry.url.slice('http:'.length))}\n`,
  );
  const run = await runMain(scene, [...scene.options, '--json', ...argv]);
  const [dependency] =
    run.stdout === '' ? [] : (JSON.parse(run.stdout) as Report).dependencies;
  return { ...run, scene, dependency };
}

/** Its state in one word, and why. */
function outcomeOf({ dependency }: Ended): string {
  if (dependency === undefined) return 'no report';
  const { unavailable, rejections, unverifiable, verification, evidence } =
    dependency;
  if (unavailable !== null) return `unavailable ${unavailable.code}`;
  if (rejections[0] !== undefined) return `rejected ${rejections[0].code}`;
  if (unverifiable !== null) return `unverifiable ${unverifiable.code}`;
  return verification === 'none' ? evidence : verification;
}

async function another(): Promise<LoopbackRegistry> {
  const server = await startRegistry();
  open.push(server);
  return server;
}

describe('rows of the hostile cases, area N', () => {
  it.each<[string, string, Row, string, number]>([
    ['N01', 'nothing announced', { serves: plain }, 'unattested', 0],
    [
      'N02',
      '404 for what is announced',
      { steps: [forever({ status: 404 })] },
      'unavailable attestations-withheld',
      3,
    ],
    [
      'N04',
      '404 with the page of a portal',
      { serves: plain, steps: [forever({ status: 404, body: '<html>' })] },
      'unattested',
      0,
    ],
    [
      'N04',
      '200 with the page of a portal',
      { steps: [forever({ body: '<html>' })] },
      'unavailable not-json',
      3,
    ],
    [
      'N05',
      '401',
      { steps: [forever({ status: 401 })] },
      'unavailable auth',
      3,
    ],
    [
      'N05',
      '403',
      { steps: [forever({ status: 403 })] },
      'unavailable auth',
      3,
    ],
    [
      'N06',
      '429, then the answer',
      { steps: [{ status: 429, headers: { 'retry-after': '0' } }] },
      'verified',
      0,
    ],
    [
      'N08',
      '500 and 503, then the answer',
      { steps: [{ status: 500 }, { status: 503 }] },
      'verified',
      0,
    ],
    [
      'N09',
      '500 for ever',
      { steps: [forever({ status: 500 })] },
      'unavailable server-error',
      3,
    ],
    ...[410, 451, 418, 204, 206, 304].map(
      (status): [string, string, Row, string, number] => [
        'N10',
        `${status}`,
        { steps: [forever({ status })] },
        'unavailable unexpected-status',
        3,
      ],
    ),
    [
      'N12',
      'one redirect within the origin',
      {
        steps: [
          { redirect: '/-/npm/v1/attestations/@acme%2fwidget@1.2.3?again' },
        ],
      },
      'verified',
      0,
    ],
    [
      'N14',
      'a redirect to a file',
      { steps: [forever({ redirect: 'file:///etc/passwd' })] },
      'unavailable redirect-refused',
      3,
    ],
    [
      'N14',
      'a redirect to the metadata of a cloud',
      { steps: [forever({ redirect: 'http://169.254.169.254/' })] },
      'unavailable redirect-refused',
      3,
    ],
    [
      'N14',
      'a redirect to this machine',
      { steps: [forever({ redirect: 'http://localhost/' })] },
      'unavailable redirect-refused',
      3,
    ],
    [
      'N16',
      'more than 4 MiB, announced',
      { steps: [forever({ bodyBytes: 1024 * MIB })] },
      'unavailable too-large',
      3,
    ],
    [
      'N16',
      'more than 4 MiB, not announced',
      { steps: [forever({ bodyBytes: 1024 * MIB, withoutLength: true })] },
      'unavailable too-large',
      3,
    ],
    [
      'N17',
      'a gzip bomb',
      { steps: [forever({ gzipBombBytes: 1024 * MIB })] },
      'unavailable too-large',
      3,
    ],
    [
      'N18',
      'a body that breaks off',
      { steps: [forever({ truncate: 100 })] },
      'unavailable truncated',
      3,
    ],
    [
      'N18',
      'JSON that breaks off',
      { steps: [forever({ body: document.slice(0, 100) })] },
      'unavailable truncated',
      3,
    ],
    [
      'N20',
      'two documents',
      { steps: [forever({ body: `${document}${document}` })] },
      'unavailable not-json',
      3,
    ],
    [
      'N20',
      'junk behind it',
      { steps: [forever({ body: `${document}junk` })] },
      'unavailable not-json',
      3,
    ],
    [
      'N21',
      'an empty list, then the true one',
      {
        steps: [
          forever({ body: `{"attestations":[],"attestations":${list}}` }),
        ],
      },
      'rejected duplicate-key',
      4,
    ],
    [
      'N21',
      'the true list, then an empty one',
      {
        steps: [
          forever({ body: `{"attestations":${list},"attestations":[]}` }),
        ],
      },
      'rejected duplicate-key',
      4,
    ],
    [
      'N22',
      'a list in the prototype',
      { steps: [forever({ body: `{"__proto__":{"attestations":${list}}}` })] },
      'rejected document-malformed',
      4,
    ],
    [
      'N24',
      'invalid UTF-8',
      {
        steps: [
          forever({
            body: Buffer.concat([Buffer.from(document), Buffer.of(0xff)]),
          }),
        ],
      },
      'unavailable not-json',
      3,
    ],
    [
      'N24',
      'UTF-16',
      {
        steps: [
          forever({
            body: Buffer.from(document, 'utf16le'),
            headers: { 'content-type': 'application/json; charset=utf-16' },
          }),
        ],
      },
      'unavailable not-json',
      3,
    ],
    [
      'N25',
      'a type that is none of JSON',
      { steps: [{ body: document, headers: { 'content-type': 'text/html' } }] },
      'verified',
      0,
    ],
    [
      'N26',
      'the document of another version',
      {
        serves: {
          ...widget,
          attestations: attestPackage(
            sigstore,
            { ...ID, version: '1.2.2' },
            sha512Hex(widget.tarball ?? Buffer.alloc(0)),
          ),
        },
      },
      'rejected subject-name',
      4,
    ],
    [
      'N28',
      'another integrity than the lockfile’s',
      {
        serves: {
          ...widget,
          integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')}`,
        },
      },
      'rejected integrity-mismatch',
      4,
    ],
    [
      'N32',
      'a registry signature by an unknown key',
      {
        serves: {
          ...widget,
          signatures: [{ keyid: 'SHA256:unknown', sig: 'MAA=' }],
        },
      },
      'rejected registry-signature',
      4,
    ],
    [
      'N33',
      'first 404, then the document',
      { steps: [{ status: 404 }] },
      'verified',
      0,
    ],
    [
      'N34',
      'a registry that strips everything',
      { serves: { id: ID, tarball: widget.tarball ?? Buffer.alloc(0) } },
      'unavailable registry-without-evidence',
      3,
    ],
    [
      'N38',
      'an answer that does not come',
      {
        steps: [forever({ hang: true })],
        npmrc: 'fetch-retries=0',
        argv: ['--timeout', '300ms'],
      },
      'unavailable timeout',
      3,
    ],
  ])('%s: %s', async (_id, _what, row, outcome, exitCode) => {
    const ended = await audit(row);
    expect(outcomeOf(ended)).toBe(outcome);
    expect(ended.exitCode).toBe(exitCode);
  });

  it('N01: is a violation where a policy requires provenance', async () => {
    const scene = await createScene(sigstore, projectOf([plain]));
    open.push(scene);
    const file = join(scene.folder, 'policy.yaml');
    const text =
      "version: 1\npackages: { '@acme/*': { require: provenance } }\n";
    await writeFile(file, text);
    const argv = [...scene.options, '--policy', file, '--json'];
    const run = await runMain(scene, argv);
    const { dependencies, findings } = JSON.parse(run.stdout) as Report;
    expect(run.exitCode).toBe(1);
    expect(dependencies.map(({ evidence }) => evidence)).toEqual([
      'unattested',
    ]);
    expect(findings).toMatchObject([
      { package: '@acme/widget@1.2.3', expected: 'provenance' },
    ]);
  });

  it('N08: takes three requests', async () => {
    const { scene } = await audit({
      steps: [{ status: 500 }, { status: 503 }],
    });
    const asked = scene.registry.requests.filter(
      ({ kind }) => kind === 'attestations',
    );
    expect(asked).toHaveLength(3);
  });

  it('N13: a token does not follow a redirect', async () => {
    const other = await another();
    const ended = await audit({
      steps: [forever({ redirect: `${other.url}-/x` })],
      npmrc: 'REGISTRY:_authToken=secret',
    });
    expect(outcomeOf(ended)).toBe('unavailable redirect-refused');
    expect(ended.exitCode).toBe(3);
    expect(ended.scene.registry.requests[0]?.headers.authorization).toBe(
      'Bearer secret',
    );
    expect(other.requests).toEqual([]);
    expect(ended.stdout + ended.stderr).not.toContain('secret');
  });

  it('N29: a host that only the metadata names is not contacted', async () => {
    const other = await another();
    const url = `${other.url}-/npm/v1/attestations/@acme%2fwidget@1.2.3`;
    const dist = { tarball: `${other.url}x.tgz`, attestations: { url } };
    const ended = await audit({ serves: { ...widget, manifest: { dist } } });
    expect(ended.exitCode).toBe(0);
    expect(outcomeOf(ended)).toBe('verified');
    expect(other.requests).toEqual([]);
  });

  it('N36: a project does not turn TLS off', async () => {
    const scene = await createScene(sigstore, {
      ...projectOf([widget]),
      npmrc: 'strict-ssl=false\n',
    });
    open.push(scene);
    const run = await runMain(scene, scene.options);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(scene.registry.requests).toEqual([]);
  });

  it('N37: a certificate that nobody vouches for', async () => {
    const scene = await createScene(sigstore, projectOf([widget]));
    open.push(scene);
    const front = await startTlsFront(scene.registry.url);
    open.push(front);
    const argv = [...scene.options, '--registry', `${front.url}/`, '--json'];
    const run = await runMain(scene, argv);
    const report = JSON.parse(run.stdout) as Report;
    expect(report.dependencies[0]?.unavailable?.code).toBe('tls');
    expect(run.exitCode).toBe(3);
    expect(scene.registry.requests).toEqual([]);
  });
});

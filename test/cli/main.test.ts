import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  withTampered,
  type Project,
} from '../../fixtures/projects.js';
import { withoutProvenance } from '../../fixtures/mutations.js';
import {
  githubIdentity,
  type AttestationDocumentJson,
} from '../../fixtures/statements.js';
import type { Report } from '../../src/report/report.js';
import { createScene, runMain, type Run, type Scene } from './scene.js';

const sigstore = await createSigstore();
const widget = publishPackage(sigstore, {
  name: '@acme/widget',
  version: '1.2.3',
});
const plain = publishPackage(
  sigstore,
  { name: 'left-pad', version: '1.3.0' },
  { attest: null },
);
const honest = projectOf([widget, plain]);

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function open(
  project: Project = honest,
  options: Parameters<typeof createScene>[2] = {},
): Promise<Scene> {
  const scene = await createScene(sigstore, project, options);
  scenes.push(scene);
  return scene;
}

function parseReport({ stdout }: Run): Report {
  return JSON.parse(stdout) as Report;
}

/** The honest project with something else in one lockfile entry. */
function withEntry(change: Record<string, unknown>): Project {
  const location = 'node_modules/left-pad';
  const entry = { ...honest.entries[location], ...change };
  return { ...honest, entries: { ...honest.entries, [location]: entry } };
}

describe('an audit', () => {
  it('passes an honest project and says how much is proven', async () => {
    const scene = await open();
    const { exitCode, stdout, stderr } = await runMain(scene, scene.options);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('✔ policy met');
    expect(stdout).toMatch(/all .* 50\.0 % +1 of 2/);
    expect(stdout).toContain('not that it is harmless');
  });

  it('asks for attestations only where they are advertised', async () => {
    const scene = await open();
    await runMain(scene, scene.options);
    expect(scene.registry.requests.map(({ path }) => path).sort()).toEqual([
      '/-/npm/v1/attestations/@acme%2fwidget@1.2.3',
      '/@acme%2fwidget/1.2.3',
      '/left-pad/1.3.0',
    ]);
  });

  it.each([1, 2, 3] as const)(
    'reads lockfileVersion %i',
    async (lockfileVersion) => {
      const scene = await open(honest, { lockfileVersion });
      const run = await runMain(scene, [...scene.options, '--json']);
      expect(run.exitCode).toBe(0);
      const { lockfile, summary } = parseReport(run);
      expect(lockfile.formatVersion).toBe(String(lockfileVersion));
      expect(summary.coverage.all).toMatchObject({ verified: 1, eligible: 2 });
    },
  );

  it('prefers npm-shrinkwrap.json and says so', async () => {
    const scene = await open();
    const text = await readFile(join(scene.project, 'package-lock.json'));
    await writeFile(join(scene.project, 'npm-shrinkwrap.json'), text);
    const { exitCode, stdout, stderr } = await runMain(scene, scene.options);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('npm-shrinkwrap.json, 2 packages');
    expect(stderr).toContain('npm-shrinkwrap.json');
  });

  it('writes a report that its schema describes, and nothing else', async () => {
    const scene = await open();
    const run = await runMain(scene, [...scene.options, '--json']);
    const schema = JSON.parse(
      await readFile(
        new URL('../../schema/report.schema.json', import.meta.url),
        'utf8',
      ),
    ) as object;
    const report = parseReport(run);
    const validate = new Ajv2020({ strict: false, validateFormats: false });
    expect(validate.validate(schema, report)).toBe(true);
    expect(run.stderr).toBe('');
    expect(report.tool.verifier).toBe('@sigstore/verify 4.1.3');
    expect(report.trustRoot.origin).toBe('file');
    expect(report.dependencies[0]).toMatchObject({
      name: '@acme/widget',
      level: 'provenance',
      registrySignature: 'verified',
      provenance: { sourceRepository: 'https://github.com/acme/widget' },
      publish: { keyId: sigstore.keyIds.current },
    });
    expect(report.dependencies[1]).toMatchObject({
      name: 'left-pad',
      evidence: 'unattested',
      verification: 'none',
      level: 'registry-signature',
    });
  });

  it('gives the same report whatever the concurrency', async () => {
    const scene = await open();
    const reports = [];
    for (const concurrency of ['1', '16']) {
      const argv = [...scene.options, '--json', '--concurrency', concurrency];
      const report = parseReport(await runMain(scene, argv));
      reports.push({ ...report, auditedAt: null, durations: null });
    }
    expect(reports[0]).toEqual(reports[1]);
  });

  it('writes a file as JSON and leaves stdout to people', async () => {
    const scene = await open();
    const argv = [...scene.options, '--output', 'report.json'];
    const { stdout } = await runMain(scene, argv);
    const text = await readFile(join(scene.project, 'report.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ schemaVersion: 1, exitCode: 0 });
    expect(stdout).toContain('✔ policy met');
  });

  it('writes to a device as it is', async () => {
    const scene = await open();
    const argv = [...scene.options, '--output', '/dev/null'];
    expect((await runMain(scene, argv)).exitCode).toBe(0);
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });

  it('shows no control character of a hostile workflow', async () => {
    const name = '.github/workflows/\u001b]0;pwn\u0007<b>\u202e.yml';
    const hostile = publishPackage(
      sigstore,
      { name: 'gadget', version: '2.0.0' },
      { attest: { identity: githubIdentity({ workflow: name }) } },
    );
    const scene = await open(projectOf([hostile]));
    const argv = [...scene.options, '--verbose'];
    const { exitCode, stdout } = await runMain(scene, argv);
    expect(exitCode).toBe(0);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('exit codes', () => {
  it('1: an insecure source', async () => {
    const scene = await open(
      withEntry({
        resolved: 'http://registry.example/left-pad/-/left-pad-1.3.0.tgz',
      }),
    );
    const { exitCode, stdout } = await runMain(scene, scene.options);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('insecure-source');
    expect(stdout).toContain(
      'http://registry.example/left-pad/-/left-pad-1.3.0.tgz',
    );
  });

  it('1: a registry nobody configured', async () => {
    const scene = await open(
      withEntry({
        resolved: 'https://registry.example/left-pad/-/left-pad-1.3.0.tgz',
      }),
    );
    const run = await runMain(scene, [...scene.options, '--json']);
    expect(run.exitCode).toBe(1);
    expect(parseReport(run).findings).toMatchObject([
      { rule: 'resolved-host-not-allowed', level: 'error' },
    ]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'only SHA-1',
      { integrity: 'sha1-W9aDGHd9C1CIfYPfUWnjwJ+WgFM=' },
      'weak-integrity',
    ],
    ['no integrity', { integrity: undefined }, 'weak-integrity'],
    [
      'a version that is not there',
      { version: '9.9.9' },
      'evidence-unavailable',
    ],
  ])('3: %s', async (_what, change, rule) => {
    const scene = await open(withEntry(change));
    const run = await runMain(scene, [...scene.options, '--json']);
    expect(run.exitCode).toBe(3);
    const report = parseReport(run);
    expect(report.result).toBe('incomplete');
    expect(report.findings).toMatchObject([{ rule, level: 'error' }]);
  });

  it('3: the registry wants a token, which is not asked twice', async () => {
    const scene = await open(honest, { token: 'secret' });
    const { exitCode, stdout } = await runMain(scene, scene.options);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('evidence-unavailable');
    expect(scene.registry.requests).toHaveLength(2);
  });

  it('3: advertised attestations are withheld', async () => {
    const scene = await open(
      projectOf([{ ...widget, attestations: { attestations: [] } }, plain]),
    );
    const run = await runMain(scene, [...scene.options, '--json']);
    expect(run.exitCode).toBe(3);
    expect(parseReport(run).findings[0]?.rule).toBe('attestations-withheld');
  });

  it('3: the provenance that is advertised is left out of the document', async () => {
    const { attestations } = widget as {
      readonly attestations: AttestationDocumentJson;
    };
    const scene = await open(
      projectOf([
        { ...widget, attestations: withoutProvenance(attestations) },
        plain,
      ]),
    );
    const run = await runMain(scene, [...scene.options, '--json']);
    expect(run.exitCode).toBe(3);
    expect(parseReport(run).findings[0]?.rule).toBe('attestations-withheld');
  });

  it('3: the registry signs and attests nothing at all', async () => {
    const bare = publishPackage(
      sigstore,
      { name: 'bare', version: '1.0.0' },
      { attest: null, sign: false },
    );
    const scene = await open(projectOf([bare]));
    const run = await runMain(scene, [...scene.options, '--json']);
    expect(run.exitCode).toBe(3);
    expect(parseReport(run).dependencies[0]?.unavailable?.code).toBe(
      'registry-without-evidence',
    );
  });

  it('0 with a warning: one version is not signed, others are', async () => {
    const unsigned = publishPackage(
      sigstore,
      { name: 'unsigned', version: '1.0.0' },
      { attest: null, sign: false },
    );
    const scene = await open(projectOf([widget, unsigned]));
    const run = await runMain(scene, [...scene.options, '--json']);
    expect(run.exitCode).toBe(0);
    expect(parseReport(run).findings).toMatchObject([
      {
        rule: 'registry-signature-missing',
        level: 'warning',
        package: 'unsigned@1.0.0',
      },
    ]);
  });

  it.each<[string, Project, string]>([
    [
      'other bytes than were attested',
      withTampered(sigstore, honest, '@acme/widget'),
      'subject-digest',
    ],
    [
      'other bytes than the registry has',
      withEntry({ integrity: widget.integrity }),
      'integrity-mismatch',
    ],
    [
      'a tarball of another package',
      withEntry({
        name: 'left-pad',
        resolved: `https://registry.yarnpkg.com/evil/-/evil-1.0.0.tgz`,
      }),
      'resolved-mismatch',
    ],
    [
      'two SHA-512',
      withEntry({ integrity: `${plain.integrity} ${widget.integrity}` }),
      'integrity-ambiguous',
    ],
    [
      'the same version twice with different bytes',
      {
        ...honest,
        entries: {
          ...honest.entries,
          'node_modules/@acme/widget/node_modules/left-pad': {
            version: '1.3.0',
            integrity: widget.integrity,
          },
        },
      },
      'integrity-conflict',
    ],
  ])('4: %s', async (_what, project, code) => {
    const scene = await open(project);
    const run = await runMain(scene, [...scene.options, '--json']);
    expect(run.exitCode).toBe(4);
    const report = parseReport(run);
    const rejected = report.dependencies.flatMap(
      ({ rejections }) => rejections,
    );
    expect(rejected[0]?.code).toBe(code);
    expect(report.findings[0]).toMatchObject({ rule: 'evidence-rejected' });
  });

  it('4: a registry package that another one asks for by its address', async () => {
    const url = 'https://registry.yarnpkg.com/evil/-/evil-6.6.6.tgz';
    const scene = await open({
      ...honest,
      manifest: {
        ...honest.manifest,
        dependencies: { '@acme/widget': '1.2.3' },
      },
      entries: {
        'node_modules/@acme/widget': {
          ...honest.entries['node_modules/@acme/widget'],
          dependencies: { 'left-pad': url },
        },
        'node_modules/left-pad': {
          version: '6.6.6',
          resolved: url,
          integrity: plain.integrity,
        },
      },
    });
    const run = await runMain(scene, [...scene.options, '--json']);
    expect(run.exitCode).toBe(4);
    const [, hidden] = parseReport(run).dependencies;
    expect(hidden).toMatchObject({ name: 'left-pad', scope: 'in-scope' });
    expect(hidden?.rejections[0]?.code).toBe('resolved-mismatch');
  });

  it('70: nobody gets the report', async () => {
    const scene = await open();
    const stdout = {
      write: (_text: string, done?: (error?: Error | null) => void) => {
        done?.(new Error('no space left on device'));
        return false;
      },
    };
    const { exitCode, stderr } = await runMain(scene, scene.options, {
      stdout,
    });
    expect(exitCode).toBe(70);
    expect(stderr).toContain('no space left');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s ends with %i and without a report', async (name, code) => {
    const scene = await open();
    const controller = new AbortController();
    scene.registry.script('manifest', { hang: true, repeat: true });
    const ended = runMain(scene, scene.options, { signal: controller.signal });
    controller.abort(name);
    const { exitCode, stdout, stderr } = await ended;
    expect(exitCode).toBe(code);
    expect(stdout).toBe('');
    expect(stderr).toContain('stopped');
  });
});

describe('bad input gets one line and exit code 2', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['unknown option', ['--nope'], /unknown option --nope/],
    [
      'unknown format',
      ['--format', 'xml'],
      /--format: expected text.*json.* found xml/,
    ],
    ['two folders', ['a', 'b'], /expected one folder, found a, b/],
    ['no such folder', ['missing'], /missing: no such file or folder/],
    [
      'a limit without unit',
      ['--timeout', '30'],
      /--timeout: expected a duration.*found 30/,
    ],
    ['no concurrency', ['--concurrency', '0'], /--concurrency: expected/],
    [
      'concurrency that is no number',
      ['--concurrency', 'many'],
      /--concurrency: expected/,
    ],
    ['no value', ['--format'], /--format: expected a value/],
    ['a value denied', ['--no-lockfile'], /--lockfile: expected a value/],
    ['a part of an option', ['--lockfile.x=1'], /unknown option --lockfile\.x/],
    [
      'a flag with a value',
      ['--verbose=maybe'],
      /--verbose: expected no value/,
    ],
    ['both ways at once', ['--quiet', '--verbose'], /exclude each other/],
    ['an empty folder', [''], /\[dir\]: expected a folder/],
    [
      'a registry that is no URL',
      ['--registry', 'x'],
      /--registry: expected an http\(s\) URL/,
    ],
    [
      'a mirror that is no URL',
      ['--tuf-mirror', 'ftp://x'],
      /--tuf-mirror: expected an http\(s\) URL/,
    ],
    [
      'two trust roots',
      ['--trusted-root', 'a', '--npm-keys', 'b', '--tuf-root', 'c'],
      /exclude each other/,
    ],
    [
      'an output without its folder',
      ['--output', 'missing/report.json'],
      /--output .*missing\/report\.json: no such file or folder/,
    ],
    ['an output that is a folder', ['--output', '.'], /a folder, not a file/],
    ['an empty value', ['--lockfile', ''], /--lockfile: expected a value/],
    [
      'half a trust root',
      ['--trusted-root', 'x'],
      /--trusted-root and --npm-keys/,
    ],
    [
      'a mirror without its root',
      ['--tuf-mirror', 'https://tuf.example'],
      /--tuf-root/,
    ],
    [
      'contradicting formats',
      ['--json', '--format', 'text'],
      /exclude each other/,
    ],
    [
      'no such lockfile',
      ['--lockfile', 'other.json'],
      /other\.json: no such file/,
    ],
    ['a lockfile that is a folder', ['--lockfile', '.'], /not a regular file/],
  ])('%s', async (_what, argv, message) => {
    const scene = await open();
    const { exitCode, stdout, stderr } = await runMain(scene, argv);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each<[string, string | null, RegExp]>([
    ['no lockfile', null, /no lockfile|package-lock\.json/],
    ['an empty lockfile', '', /package-lock\.json/],
    ['no JSON', '{"lockfileVersion": 3,', /package-lock\.json/],
    [
      'a merge conflict',
      '{\n<<<<<<< ours\n',
      /package-lock\.json:2: merge conflict/,
    ],
    [
      'unknown version',
      '{"lockfileVersion": 99, "packages": {}}',
      /expected lockfileVersion 1 to 4, found 99/,
    ],
    [
      'a key twice',
      '{"lockfileVersion": 3, "lockfileVersion": 3, "packages": {}}',
      /package-lock\.json/,
    ],
  ])('%s', async (_what, text, message) => {
    const scene = await open();
    const path = join(scene.project, 'package-lock.json');
    if (text === null) await rm(path);
    else await writeFile(path, text);
    const { exitCode, stdout, stderr } = await runMain(scene, scene.options);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each<[string, string | null, RegExp]>([
    ['missing', null, /--trusted-root .*no such file/],
    ['no JSON', 'root', /trusted root: /],
    ['another media type', '{"mediaType":"text/plain"}', /media type/],
  ])('a trusted root that is %s', async (_what, text, message) => {
    const scene = await open();
    const path = join(scene.folder, 'trusted_root.json');
    if (text === null) await rm(path);
    else await writeFile(path, text);
    const { exitCode, stderr } = await runMain(scene, scene.options);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('the current folder was deleted', async () => {
    const scene = await open();
    const { exitCode, stderr } = await runMain(scene, [], { cwd: null });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/current folder/);
  });

  it.each([[['--', 'missing']], [['--', 'a', 'b']]])(
    'folders behind %j are folders too',
    async (argv) => {
      const scene = await open();
      expect((await runMain(scene, argv)).exitCode).toBe(2);
    },
  );

  it('the project turns certificate checks off', async () => {
    const scene = await open();
    await writeFile(join(scene.project, '.npmrc'), 'strict-ssl=false\n');
    const { exitCode, stderr } = await runMain(scene, scene.options);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/strict-ssl/);
  });

  it.each(['tuf-mirror', 'tuf-root', 'trusted-root', 'npm-keys'])(
    'U21: the project sets %s',
    async (key) => {
      const scene = await open();
      await writeFile(join(scene.project, '.npmrc'), `${key}=./mine\n`);
      const { exitCode, stdout, stderr } = await runMain(scene, scene.options);
      expect(exitCode).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toContain(`${key} must not be set by the audited project`);
    },
  );
});

describe('notes on stderr', () => {
  it('warns once on a Node.js that the libraries do not support', async () => {
    const scene = await open();
    const old = { nodeVersion: '20.19.0' };
    const { exitCode, stderr } = await runMain(scene, scene.options, old);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^provenance-audit: Node\.js 20\.19\.0 .*\n$/);
    const quiet = await runMain(scene, [...scene.options, '--quiet'], old);
    expect(quiet.stderr).toBe('');
  });

  it('draws progress on a terminal only, and clears it', async () => {
    const scene = await open();
    let written = '';
    const stderr = {
      isTTY: true,
      columns: 80,
      write: (text: string, done?: () => void) => {
        written += text;
        done?.();
        return true;
      },
    };
    await runMain(scene, scene.options, { stderr });
    expect(written).toContain('asking registries');
    expect(written.endsWith('\r\u001b[K')).toBe(true);
  });

  it('escapes what an unknown option contains', async () => {
    const scene = await open();
    const { stderr } = await runMain(scene, ['--\u001b[2Jx']);
    expect(stderr).not.toContain('\u001b');
  });
});

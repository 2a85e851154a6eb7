import { parse as parseCsv } from 'csv-parse/sync';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import {
  buildRecursiveReport,
  type RecursiveInput,
} from '../../src/report/build-recursive-report.js';
import { toLeftOut } from '../../src/policy/left-out.js';
import { buildReport } from '../../src/report/build-report.js';
import {
  FORMATS,
  loadFormat,
  loadRenderSeveral,
} from '../../src/report/formats/index.js';
import { renderAnnotationsOfSeveral } from '../../src/report/github.js';
import { renderRecursiveText } from '../../src/report/render-recursive-text.js';
import type { RecursiveReport } from '../../src/report/recursive-report.js';
import type { Report } from '../../src/report/report.js';
import { hostileReport } from './hostile-report.js';
import { compileSarif } from './sarif-schema.js';
import {
  greenReport,
  HOSTILE_NAME,
  sampleReport,
  outOfScope,
  rejected,
  sampleDependency,
  sampleInput,
  signed,
  tamperedFinding,
  unavailable,
  verified,
} from './sample-report.js';
import { closed, compile, readSchema, undescribed } from './schemas.js';

type Project = RecursiveInput['projects'][number];

function build(...projects: readonly Project[]): RecursiveReport {
  return buildRecursiveReport({
    tool: { name: 'provenance-audit', version: '0.1.0', verifier: 'x 1' },
    auditedAt: new Date('2026-11-22T10:00:00Z'),
    projects,
    ignored: ['old/yarn.lock'],
    durations: { total: 100 },
  });
}

function project(path: string, report: Report): Project {
  return { path, report, error: null };
}

function broken(code = 'LOCKFILE_INVALID', path = 'broken'): Project {
  const message = 'yarn.lock: \u{1b}[31m not supported yet';
  return { path, report: null, error: { code, message } };
}

const shared = sampleDependency('shared', '1.0.0', { production: false });
const bad = rejected(sampleDependency('bad'));
const honest = buildReport(
  sampleInput([verified(shared), signed(sampleDependency('a'))], []),
);
const tampered = buildReport(
  sampleInput(
    [verified({ ...shared, production: true, direct: true }), bad],
    [tamperedFinding(bad)],
  ),
);
const withResult = (exitCode: Report['exitCode']): Report => ({
  ...honest,
  exitCode,
});

describe('the report on several projects', () => {
  it.each<[string, readonly Project[], string, number]>([
    ['all pass', [project('a', honest)], 'pass', 0],
    [
      'one is incomplete',
      [project('a', honest), project('b', withResult(3))],
      'incomplete',
      3,
    ],
    [
      'one violates the policy',
      [project('a', withResult(1)), project('b', withResult(3))],
      'violated',
      1,
    ],
    ['one is unusable', [project('a', withResult(1)), broken()], 'unusable', 2],
    [
      'evidence is rejected',
      [broken(), project('b', tampered), project('c', withResult(1))],
      'tampered',
      4,
    ],
    [
      'there was no trust root',
      [project('a', honest), broken('TRUST_ROOT_UNAVAILABLE')],
      'incomplete',
      3,
    ],
    ['there is none', [], 'unusable', 2],
  ])('has the gravest result: %s', (_what, projects, result, exitCode) => {
    expect(build(...projects)).toMatchObject({ result, exitCode });
    expect(build(...projects.toReversed())).toEqual(build(...projects));
  });

  it('counts each distinct package once', () => {
    const { summary } = build(project('a', honest), project('b', tampered));
    expect(summary.dependencies).toBe(3);
    expect(summary.verification).toEqual({
      ...{ verified: 1, rejected: 1, unverifiable: 0, none: 1 },
    });
    // Production in one project is production.
    expect(summary.coverage.production.eligible).toBe(3);
    expect(summary.findings).toEqual({ error: 1, warning: 0 });
    expect(summary.failing.tampered).toBe(1);
  });

  it.each([
    ['rejected', rejected, 'rejected'],
    ['not to be had', unavailable, 'none'],
  ] as const)(
    'counts it in the worst of its states: %s',
    (_what, toSubject, verification) => {
      const other = buildReport(sampleInput([toSubject(shared)], []));
      for (const order of [
        [honest, other],
        [other, honest],
      ]) {
        const projects = order.map((one, index) => project(`${index}`, one));
        const { summary } = build(...projects);
        expect(summary.dependencies).toBe(2);
        expect(summary.verification[verification]).toBeGreaterThan(0);
        expect(summary.verification.verified).toBe(0);
      }
    },
  );

  it('takes what one has left out from another', () => {
    const partial = buildReport(sampleInput([toLeftOut(shared)], []));
    const { summary } = build(project('a', partial), project('b', honest));
    expect(summary.outOfScope).toEqual({});
    expect(summary.coverage.all).toMatchObject({ verified: 1, eligible: 2 });
  });

  it('keeps the folders of one project apart from those of another', () => {
    const folder = buildReport(
      sampleInput([outOfScope(sampleDependency('web'), 'workspace')], []),
    );
    const { summary } = build(project('a', folder), project('b', folder));
    expect(summary.outOfScope).toEqual({ workspace: 2 });
  });

  it('is as its schema says', async () => {
    const schema = await readSchema('recursive-report.schema.json');
    const report = await readSchema('report.schema.json');
    const validate = compile(closed(schema), [closed(report)]);
    const all = build(project('a', honest), project('b', tampered), broken());
    validate(JSON.parse(JSON.stringify(all)));
    expect(validate.errors).toBeNull();
    expect(validate(JSON.parse(JSON.stringify({ ...all, more: 1 })))).toBe(
      false,
    );
    expect(undescribed(schema)).toEqual([]);
  });
});

const RENDERERS = new Map(
  await Promise.all(
    FORMATS.filter(({ isForSeveral }) => isForSeveral).map(
      async ({ name }) => [name, await loadRenderSeveral(name)] as const,
    ),
  ),
);

describe('its forms', () => {
  const CONTEXT = {
    ...{ width: 80, color: false, verbose: false, quiet: false },
    folder: 'mono repo',
  };
  const everything = sampleReport();
  const all = build(
    project('', honest),
    project('b', everything),
    project('c', everything),
    broken(),
  );
  const render = (name: string, report = all): string => {
    const found = RENDERERS.get(name);
    if (found === undefined) throw new Error(`${name} has one project only`);
    return found(report, CONTEXT);
  };
  const findings = everything.findings.length;
  const packages = everything.dependencies.length;

  it('are those that the list says have room for several', async () => {
    for (const { name, load, isForSeveral = false } of FORMATS) {
      const { renderSeveral } = await load();
      expect(renderSeveral !== undefined, name).toBe(isForSeveral);
    }
    await expect(loadRenderSeveral('html')).rejects.toThrow('room for one');
  });

  it.each([...RENDERERS.keys()])(
    '%s has nothing that a log would obey, and the same of the same',
    (name) => {
      const hostile = build(
        project('a\n::error::x', hostileReport(HOSTILE_NAME)),
        project('', greenReport()),
        broken('LOCKFILE_INVALID', '##[error]\u{1b}[2J'),
      );
      const text = render(name, hostile);
      expect(text).not.toMatch(/[^\P{C}\r\n]|\r(?!\n)|^\s*::|##\[/mu);
      expect(text).toMatch(/[^\n]\r?\n$/);
      expect(render(name, hostile)).toBe(text);
    },
  );

  it('SARIF: one run, each finding at its own lockfile, the gravest first', async () => {
    const text = render('sarif');
    const validate = await compileSarif();
    const log: unknown = JSON.parse(text);
    expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
    const { runs } = log as { readonly runs: readonly SarifRun[] };
    expect(runs).toHaveLength(1);
    const [run] = runs;
    expect(run?.artifacts.map(({ location }) => location.uri)).toEqual([
      'mono%20repo/package-lock.json',
      'mono%20repo/b/package-lock.json',
      'mono%20repo/c/package-lock.json',
    ]);
    const places = run?.results.map(
      ({ locations }) => locations[0].physicalLocation.artifactLocation,
    );
    for (const { uri, index } of places ?? []) {
      expect(run?.artifacts[index]?.location.uri).toBe(uri);
    }
    const levels = (run?.results ?? []).map(({ level }) => level);
    expect(levels).toHaveLength(2 * findings);
    expect(levels.indexOf('warning')).toBe(levels.lastIndexOf('error') + 1);
    const prints = (run?.results ?? []).map(
      (one) => one.partialFingerprints['primaryLocationLineHash'],
    );
    expect(new Set(prints).size).toBe(prints.length);
    expect(run?.automationDetails.id).toBe(
      'provenance-audit/recursive/mono%20repo/',
    );
    expect(run?.invocations).toMatchObject([
      {
        executionSuccessful: false,
        exitCode: 4,
        toolExecutionNotifications: [
          {
            level: 'error',
            message: {
              text: expect.stringMatching(
                /^mono repo\/broken: not audited: yarn\.lock: /,
              ) as string,
            },
          },
        ],
      },
    ]);
  });

  it('SARIF: a finding keeps its fingerprint, whichever projects there are', () => {
    const printsOf = (report: RecursiveReport): readonly unknown[] => {
      const log = JSON.parse(render('sarif', report)) as {
        readonly runs: readonly [SarifRun];
      };
      return log.runs[0].results
        .filter((one) =>
          one.locations[0].physicalLocation.artifactLocation.uri.includes(
            '/b/',
          ),
        )
        .map(({ partialFingerprints }) => partialFingerprints);
    };
    const alone = build(project('b', everything));
    expect(printsOf(alone)).toEqual(printsOf(all));
    expect(printsOf(alone)).toHaveLength(findings);
  });

  it('JUnit: a suite for each project, also for one that was not audited', () => {
    const elements: { name: string; attributes: Record<string, string> }[] = [];
    const parser = new SaxesParser();
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('opentag', ({ name, attributes }) => {
      elements.push({ name, attributes });
    });
    parser.write(render('junit')).close();
    const of = (wanted: string) =>
      elements
        .filter(({ name }) => name === wanted)
        .map(({ attributes }) => attributes);
    expect(of('testsuite').map(({ name }) => name)).toEqual([
      'mono repo/broken',
      'mono repo/package-lock.json',
      'mono repo/b/package-lock.json',
      'mono repo/c/package-lock.json',
    ]);
    for (const count of ['tests', 'failures', 'errors']) {
      const sum = of('testsuite').reduce(
        (total, attributes) => total + Number(attributes[count]),
        0,
      );
      expect(of('testsuites')[0]?.[count]).toBe(`${sum}`);
    }
    expect(of('testsuite')[0]).toMatchObject({ tests: '1', errors: '1' });
    expect(of('error')[0]).toMatchObject({ type: 'LOCKFILE_INVALID' });
  });

  it('code quality: paths from the root, no fingerprint twice', () => {
    const issues = JSON.parse(render('code-quality')) as readonly {
      readonly check_name: string;
      readonly severity: string;
      readonly fingerprint: string;
      readonly location: { readonly path: string };
    }[];
    expect(issues).toHaveLength(2 * findings + 1);
    const prints = issues.map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
    expect(new Set(issues.map(({ location }) => location.path))).toEqual(
      new Set([
        'mono repo/broken',
        'mono repo/b/package-lock.json',
        'mono repo/c/package-lock.json',
      ]),
    );
    expect(issues[0]).toMatchObject({
      ...{ check_name: 'not-audited', severity: 'blocker' },
    });
  });

  it('CSV and NDJSON: a row for each package of each project', async () => {
    const rows = parseCsv(render('csv'), {
      columns: true,
    }) as readonly Record<string, string>[];
    const lines = render('ndjson')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const expected = [
      ...honest.dependencies.map(() => '.'),
      ...everything.dependencies.map(() => 'b'),
      ...everything.dependencies.map(() => 'c'),
    ];
    expect(expected).toHaveLength(2 + 2 * packages);
    expect(rows.map((row) => row['project'])).toEqual(expected);
    expect(lines.map((line) => line['project'])).toEqual(expected);
    // What one audit has stands where it stood.
    const { render: renderOne } = await loadFormat('csv');
    const alone = renderOne(honest, {
      ...CONTEXT,
      lockfilePath: 'package-lock.json',
    });
    const [header = ''] = alone.split('\r\n');
    expect(render('csv').startsWith(`${header},project\r\n`)).toBe(true);
  });

  it('Markdown: a row for each project, then findings with their lockfile', () => {
    const text = render('markdown');
    expect(text).toMatch(/^## ✖ 3 of 4 projects did not pass\n/);
    expect(text).toContain('| ✖ not audited: yarn');
    expect(text.match(/^\| <code>.*\|$/gm)).toHaveLength(4);
    expect(text.match(/^- /gm)).toHaveLength(2 * findings);
    expect(text).toMatch(
      /^- .*<code>mono repo&#47;b&#47;package-lock&#46;json<\/code>, line \d+: /m,
    );
    // The same in both projects stands under one heading.
    const headings = /^### error: evidence-rejected$/gm;
    expect(text.match(headings)).toHaveLength(
      render('markdown', build(project('b', everything))).match(headings)
        ?.length ?? 0,
    );
    const passed = render('markdown', build(project('a', honest)));
    expect(passed).toMatch(/^## ✔ policy met by all projects\n/);
  });

  it('Markdown: is fit for a comment, whatever there is', () => {
    const many = build(
      ...Array.from({ length: 2000 }, (_, index) =>
        project(`packages/${index}`, honest),
      ),
    );
    const text = render('markdown', many);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
    const shown = text.match(/^\| <code>/gm)?.length ?? 0;
    const [, more = ''] = /(\d+) further projects left out/.exec(text) ?? [];
    expect(shown + Number(more)).toBe(2000);
  });

  it('tree: one below the other', () => {
    const text = render('tree');
    expect(text).toContain('4 projects');
    expect(text.match(/^my-app$/gm)).toHaveLength(3);
    expect(text.match(/nothing proven, ✖ rejected/g)).toHaveLength(1);
    expect(text).toMatch(/^✖ broken: not audited: /m);
  });

  it('annotations: what was not audited first, ten of each kind', () => {
    const text = renderAnnotationsOfSeveral(all, 'mono repo');
    const lines = text.trimEnd().split('\n');
    expect(lines[0]).toMatch(
      /^::error title=provenance-audit::mono repo\/broken: not audited: yarn\.lock/,
    );
    expect(text).toContain('::error file=mono repo/b/package-lock.json,line=');
    expect(text).toContain('::error file=mono repo/c/package-lock.json,line=');
    expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(10);
    expect(lines.at(-1)).toMatch(/^::notice .*further findings/);
  });
});

interface SarifRun {
  readonly artifacts: readonly {
    readonly location: { readonly uri: string };
  }[];
  readonly automationDetails: { readonly id: string };
  readonly invocations: readonly object[];
  readonly results: readonly {
    readonly level: string;
    readonly partialFingerprints: Readonly<Record<string, string>>;
    readonly locations: readonly [
      {
        readonly physicalLocation: {
          readonly artifactLocation: {
            readonly uri: string;
            readonly index: number;
          };
        };
      },
    ];
  }[];
}

describe('its text', () => {
  const LOOK = { width: 80, color: false, verbose: false, quiet: false };
  const all = build(project('', honest), project('b', tampered), broken());

  it('looks as in the file', async () => {
    await expect(renderRecursiveText(all, LOOK)).toMatchFileSnapshot(
      '__snapshots__/recursive-80.txt',
    );
  });

  it('tells of each project, those that do not pass in full', () => {
    const text = renderRecursiveText(all, LOOK);
    expect(text).toContain('✔ ., package-lock.json: 2 packages, policy met');
    expect(text).toContain(
      '✖ b, package-lock.json: 2 packages, evidence rejected',
    );
    expect(text).toContain('✖ broken: not audited: yarn.lock: \\u{1b}[31m');
    expect(text).toContain('evidence-rejected');
    expect(text.match(/policy met/g)).toHaveLength(1);
    expect(renderRecursiveText(all, { ...LOOK, verbose: true })).toMatch(
      /policy met[^]*policy met/,
    );
  });

  it('has no total of nothing', () => {
    expect(renderRecursiveText(build(broken()), LOOK)).not.toContain('total');
  });

  it('is short with --quiet, but has every error', () => {
    const text = renderRecursiveText(all, { ...LOOK, quiet: true });
    expect(text.split('\n')[0]).toMatch(/^✔ \., /);
    expect(text).toContain('evidence-rejected');
    expect(text).not.toContain('in total');
  });
});

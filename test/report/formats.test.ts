import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv, type ValidateFunction } from 'ajv';
import formatsPlugin from 'ajv-formats';
import { parse as parseCsv } from 'csv-parse/sync';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../src/policy/rules/index.js';
import { escapeLogLine, escapeTerminal } from '../../src/report/escape.js';
import { renderMarkdown } from '../../src/report/formats/markdown.js';
import type { Report } from '../../src/report/report.js';
import { hostileReport, manyFindings } from './hostile-report.js';
import { HOSTILE_NAME, greenReport, sampleReport } from './sample-report.js';
import { compileSarif } from './sarif-schema.js';
import { LOADED_FORMATS, requireFormat } from './load-formats.js';

const CONTEXT = {
  lockfilePath: 'app/package-lock.json',
  width: 80,
  color: false,
  verbose: false,
  quiet: false,
};

function render(format: string, report: Report): string {
  return requireFormat(format).render(report, CONTEXT);
}

const resolve = createRequire(import.meta.url).resolve;
const validateSarif = await compileSarif();

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly message: { readonly text: string };
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly locations: readonly [
    {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region: {
          readonly startLine: number;
          readonly startColumn?: number;
        };
      };
    },
  ];
  readonly suppressions: readonly unknown[];
}

function readSarif(text: string) {
  const log: unknown = JSON.parse(text);
  expect(validateSarif(log), JSON.stringify(validateSarif.errors)).toBe(true);
  const { runs } = log as {
    readonly runs: readonly [
      {
        readonly results: readonly SarifResult[];
        readonly tool: {
          readonly driver: { readonly rules: readonly { id: string }[] };
        };
        readonly invocations: readonly [
          {
            readonly executionSuccessful: boolean;
            readonly toolExecutionNotifications: readonly {
              readonly message: { readonly text: string };
            }[];
          },
        ];
      },
    ];
  };
  return runs[0];
}

/** Elements and attributes of a document that is well-formed. */
function readXml(text: string) {
  const elements: {
    readonly name: string;
    readonly attributes: Readonly<Record<string, string>>;
  }[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    elements.push({ name, attributes });
  });
  parser.write(text).close();
  return elements;
}

function toHtml(text: string): string {
  return micromark(text, {
    // As a host does before it filters: what passes here is all that there is.
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
}

describe.each([...LOADED_FORMATS])('%s', (name, format) => {
  it.each([
    ['every state', sampleReport()],
    ['a project that passes', greenReport()],
    ['hostile text everywhere', hostileReport(HOSTILE_NAME)],
  ])('has nothing that a log would obey, of %s', (_what, report) => {
    const text = render(name, report);
    expect(text).not.toMatch(/[^\P{C}\r\n]|\r(?!\n)|^\s*::|##\[/mu);
    expect(text).toMatch(/[^\n]\r?\n$/);
  });

  it('is described, and says the same of the same report', () => {
    expect(format.summary).toMatch(/^[a-zA-Z0-9.,;’ -]{10,70}$/);
    expect(format.extension).toMatch(/^(?:\.[a-z]+)+$/);
    expect(format.mediaType).toMatch(/^[a-z]+\/[a-z+.-]+$/);
    expect(render(name, sampleReport())).toBe(render(name, sampleReport()));
  });

  it('is documented with its name', async () => {
    const url = new URL('../../docs/reports.md', import.meta.url);
    expect(await readFile(url, 'utf8')).toContain(`\n## ${name}\n`);
  });
});

it('lists every form that the folder has, by the name of its file', async () => {
  const folder = new URL('../../src/report/formats/', import.meta.url);
  const names: string[] = [];
  for (const file of await readdir(folder)) {
    const text = await readFile(new URL(file, folder), 'utf8');
    if (text.includes(': ReportFormat = {')) names.push(basename(file, '.ts'));
  }
  expect([...LOADED_FORMATS.keys()].toSorted()).toEqual(names.toSorted());
});

describe('sarif', () => {
  it('is valid and names each finding at its line', () => {
    const report = sampleReport();
    const { results, tool, invocations } = readSarif(render('sarif', report));
    expect(results).toHaveLength(report.findings.length);
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(
      RULES.map(({ id }) => id),
    );
    for (const [index, result] of results.entries()) {
      const finding = report.findings[index];
      const { artifactLocation, region } = result.locations[0].physicalLocation;
      expect(artifactLocation.uri).toBe('app/package-lock.json');
      expect(region.startLine).toBe(finding?.location?.line);
      expect(region.startColumn).toBe(finding?.location?.column);
      expect(tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
    }
    expect(invocations[0].toolExecutionNotifications).toEqual([]);
  });

  it('refuses what the schema does not know', () => {
    expect(validateSarif({ version: '2.1.0' })).toBe(false);
    expect(validateSarif({ version: '2.1.0', runs: [{}] })).toBe(false);
  });

  it('has fingerprints that do not depend on line, wording or others', () => {
    const report = sampleReport();
    const moved = {
      ...report,
      findings: report.findings.slice(2).map((finding) => ({
        ...finding,
        message: 'in other words',
        location: { file: 'package-lock.json', line: 7, column: 3 },
      })),
    };
    const printsOf = (one: Report): readonly (string | undefined)[] =>
      readSarif(render('sarif', one)).results.map(
        ({ partialFingerprints }) => partialFingerprints['provenanceAudit/v1'],
      );
    const prints = printsOf(report);
    expect(new Set(prints).size).toBe(prints.length);
    expect(printsOf(moved)).toEqual(prints.slice(2));
  });

  it('keeps what the policy exempts as suppressed', () => {
    const report = sampleReport();
    const findings = report.findings.map((one, index) =>
      index === 0 ? { ...one, exempted: 'reviewed copy' } : one,
    );
    const { results } = readSarif(render('sarif', { ...report, findings }));
    expect(results[0]?.suppressions).toMatchObject([
      { status: 'accepted', justification: 'reviewed copy' },
    ]);
    expect(results[1]?.suppressions).toEqual([]);
  });

  it('puts what is about the policy or the audit at the lockfile', () => {
    const report = sampleReport();
    const findings = report.findings.map((one, index) => ({
      ...one,
      package: null,
      location:
        index === 0
          ? null
          : { file: '/etc/policy.yaml', line: 12, column: null },
    }));
    const { results } = readSarif(render('sarif', { ...report, findings }));
    const [first, second] = results;
    expect(second?.message.text).toContain('(policy, line 12)');
    for (const result of [first, second]) {
      const place = result?.locations[0].physicalLocation;
      expect(place?.artifactLocation.uri).toBe('app/package-lock.json');
      expect(place?.region).toEqual({ startLine: 1 });
    }
  });

  it.each([
    ['O08: 1 MiB', 'x'.repeat(1024 * 1024)],
    ['O08: another file', 'file:///etc/passwd'],
    ['O08: placeholders', '%s {0} {1} [link](https://evil.example) \\[x](y)'],
  ])('%s as every text', (_what, text) => {
    const rendered = render('sarif', hostileReport(text));
    const { results } = readSarif(rendered);
    expect(results.length).toBeGreaterThan(5);
    expect(rendered.length).toBeLessThan(100_000);
    for (const result of results) {
      const { artifactLocation } = result.locations[0].physicalLocation;
      expect(artifactLocation.uri).toBe('app/package-lock.json');
      const message = result.message.text;
      expect(message.replaceAll(/\{\{|\}\}/g, '')).not.toMatch(/[{}]/);
      // Before each bracket stands an odd number of backslashes.
      expect(message.replaceAll(/\\\\|\\[[\]]/g, '')).not.toMatch(/[[\]]/);
      expect(message.length).toBeLessThan(1500);
    }
  });

  it('escapes a lockfile path that tries to be another address', () => {
    const path = 'a b/%2e%2e/https:/x?#/\ud800.json';
    const text = requireFormat('sarif').render(sampleReport(), {
      ...CONTEXT,
      lockfilePath: path,
    });
    const [result] = readSarif(text).results;
    expect(result?.locations[0].physicalLocation.artifactLocation.uri).toBe(
      'a%20b/%252e%252e/https%3A/x%3F%23/%EF%BF%BD.json',
    );
  });

  it('O14: 100,000 findings become what code scanning takes', () => {
    const text = render('sarif', manyFindings(100_000, 5000));
    const { results, invocations } = readSarif(text);
    expect(results).toHaveLength(25_000);
    expect(gzipSync(text).length).toBeLessThan(10_000_000);
    expect(invocations[0].toolExecutionNotifications).toMatchObject([
      {
        message: { text: expect.stringContaining('75000 of 100000') as string },
      },
    ]);
  });
});

describe('markdown', () => {
  it('O06: is shown as text, without an element that we did not write', () => {
    const text =
      '|`![](http://evil/x.png) @everyone <b>x</b> [a](b) www.evil.example https://evil.example acme/x#1 \\| **y** ~z~ $m$ &lt;';
    const html = toHtml(render('markdown', hostileReport(text)));
    expect(html).not.toMatch(/<(?:img|a|b|strong|em|del)[ >/]/);
    // What hosts look for in the text of the page, code left out.
    const prose = html.replaceAll(/<code>.*?<\/code>/gs, '');
    expect(prose).not.toMatch(/@\w|#\d/);
    expect(html).toContain('![](http://evil/x.png)');
    const cells = html.match(/<td/g) ?? [];
    expect(cells).toHaveLength(9);
  });

  it('shows the verdict first, then coverage, then each finding', () => {
    const html = toHtml(render('markdown', sampleReport()));
    expect(html).toMatch(/^<h2>✖ evidence rejected for 2 packages/);
    expect(html).toContain('<td>production</td>');
    expect(html).toMatch(
      /<h3>error: evidence-rejected<\/h3>[^]*<code>left-widget@1.4.2<\/code>, line 1207/,
    );
    expect(html.match(/<li>/g)).toHaveLength(sampleReport().findings.length);
    expect(html).toContain('not that it is harmless');
    expect(html).not.toContain('left out');
  });

  it.each([65_536, 1_048_576])(
    'O14: 100,000 findings become %i bytes, with a count',
    (maxBytes) => {
      const report = manyFindings(100_000, 5000);
      const text = renderMarkdown(report, { ...CONTEXT, maxBytes });
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
      expect(Buffer.byteLength(text)).toBeGreaterThan(maxBytes * 0.9);
      const [, count = ''] = /(\d+) further findings left out/.exec(text) ?? [];
      const shown = text.match(/^- /gm)?.length ?? 0;
      expect(Number(count) + shown).toBe(100_000);
    },
  );

  it('as a format is fit for a comment', () => {
    const text = render('markdown', manyFindings(25_000, 5000));
    expect(text.length).toBeLessThanOrEqual(65_536);
  });
});

describe('junit', () => {
  it('has one case per package and one for the audit', () => {
    const report = sampleReport();
    const elements = readXml(render('junit', report));
    const count = (name: string): number =>
      elements.filter((each) => each.name === name).length;
    expect(count('testcase')).toBe(report.dependencies.length + 1);
    expect(count('skipped')).toBe(8);
    expect(count('failure')).toBe(3);
    expect(count('error')).toBe(5);
    expect(elements[1]).toMatchObject({
      name: 'testsuite',
      attributes: { tests: '24', failures: '3', errors: '5', skipped: '8' },
    });
  });

  it('fails for the audit as a whole too', () => {
    const report = sampleReport();
    const [first] = report.findings;
    if (first === undefined) throw new Error('no finding');
    const findings = [{ ...first, package: null }];
    const elements = readXml(render('junit', { ...report, findings }));
    const at = elements.findIndex(({ name }) => name === 'testcase');
    expect(elements[at]?.attributes['name']).toBe('the audit as a whole');
    expect(elements[at + 1]?.name).toBe('failure');
  });

  it('does not fail for what is exempted', () => {
    const report = sampleReport();
    const findings = report.findings.map((one) => ({ ...one, exempted: 'x' }));
    const elements = readXml(render('junit', { ...report, findings }));
    expect(
      elements.filter(({ name }) => name === 'failure' || name === 'error'),
    ).toEqual([]);
  });

  it('O10: is well-formed whatever the names are', () => {
    const text = `]]> \u0000 \ufffe \uffff \ud800 <x a="b'>&amp; ${HOSTILE_NAME}`;
    const elements = readXml(render('junit', hostileReport(text)));
    const names = new Set(elements.map(({ name }) => name));
    expect([...names].toSorted()).toEqual([
      ...['failure', 'skipped', 'testcase', 'testsuite', 'testsuites'],
    ]);
    const cases = elements.filter(({ name }) => name === 'testcase');
    expect(cases[1]?.attributes['name']).toContain(']]> \\u{0} \ufffd');
  });
});

describe('csv', () => {
  const read = (text: string): Record<string, string>[] =>
    parseCsv(text, { columns: true, relax_quotes: false });

  it('has one row per package', () => {
    const report = sampleReport();
    const rows = read(render('csv', report));
    expect(rows.map(({ purl }) => purl)).toEqual(
      report.dependencies.map(({ purl }) =>
        escapeLogLine(escapeTerminal(purl)),
      ),
    );
    expect(rows.find(({ name }) => name === 'left-widget')).toMatchObject({
      version: '1.4.2',
      verification: 'rejected',
      rejections: 'subject-digest',
      errors: 'evidence-rejected',
      warnings: '',
    });
    expect(rows.find(({ name }) => name === "'@acme/widget")).toMatchObject({
      sourceRepository: 'https://github.com/acme/widget',
      purl: 'pkg:npm/%40acme/widget@2.1.0',
    });
  });

  it.each([
    '=HYPERLINK("http://evil.example","x")',
    '+1',
    '-1+1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '  =1',
    '\uff1d1',
  ])('O09: %j is no formula', (text) => {
    const rendered = render('csv', hostileReport(text));
    const rows = read(rendered);
    expect(rows).toHaveLength(sampleReport().dependencies.length);
    for (const row of rows) {
      for (const cell of Object.values(row)) {
        expect(cell).not.toMatch(/^[\s"]*[=+\-@\uff1d]/);
      }
    }
    expect(rendered).toMatch(/^"/m);
  });

  it('quotes what separates cells and rows', () => {
    const rows = read(render('csv', hostileReport('a","b"\r\nc,d')));
    expect(rows).toHaveLength(sampleReport().dependencies.length);
    expect(rows[0]?.['name']).toBe('a","b"\\u{d}\\u{a}c,d');
  });
});

describe('ndjson', () => {
  it('has the line of each package, with its findings, unchanged', () => {
    const report = sampleReport();
    const lines = render('ndjson', report).trimEnd().split('\n');
    expect(lines).toHaveLength(report.dependencies.length);
    const rows = lines.map((line): unknown => JSON.parse(line));
    expect(rows).toMatchObject(
      JSON.parse(JSON.stringify(report.dependencies)) as object[],
    );
    const found = (rows as Pick<Report, 'findings'>[]).flatMap(
      ({ findings }) => findings,
    );
    expect(found).toHaveLength(report.findings.length);
  });
});

describe('code-quality', () => {
  it('has each finding that counts, at its line', () => {
    const report = sampleReport();
    const findings = report.findings.map((one, index) =>
      index === 1 ? { ...one, exempted: 'reviewed' } : one,
    );
    const issues = JSON.parse(
      render('code-quality', { ...report, findings }),
    ) as Record<string, unknown>[];
    expect(issues).toHaveLength(findings.length - 1);
    expect(issues[0]).toEqual({
      description: expect.stringContaining('left-widget@1.4.2: ') as string,
      check_name: 'evidence-rejected',
      fingerprint: expect.stringMatching(/^[\da-f]{64}$/) as string,
      severity: 'blocker',
      location: { path: 'app/package-lock.json', lines: { begin: 1207 } },
    });
    const prints = new Set(issues.map(({ fingerprint }) => fingerprint));
    expect(prints.size).toBe(issues.length);
  });
});

/** CycloneDX's own schema of version 1.6, as its library ships it. */
async function compileCyclonedx(): Promise<ValidateFunction> {
  const manifest = resolve('@cyclonedx/cyclonedx-library/package.json');
  const load = async (name: string): Promise<object> => {
    const url = new URL(`res/schema/${name}`, `file://${manifest}`);
    return JSON.parse(await readFile(url, 'utf8')) as object;
  };
  const ajv = new Ajv({ strict: false, allErrors: true });
  formatsPlugin.default(ajv);
  // The two that the plugin lacks; nothing here writes an e-mail address.
  ajv.addFormat(
    'iri-reference',
    (text: string) => !/[\s<>"{}|\\^`]/.test(text),
  );
  ajv.addFormat('idn-email', () => false);
  for (const name of ['spdx', 'jsf-0.82']) {
    const file = `${name}.SNAPSHOT.schema.json`;
    ajv.addSchema(await load(file), `http://cyclonedx.org/schema/${file}`);
  }
  return ajv.compile(await load('bom-1.6.SNAPSHOT.schema.json'));
}

describe('cyclonedx', async () => {
  const validate = await compileCyclonedx();
  const read = (report: Report) => {
    const document: unknown = JSON.parse(render('cyclonedx', report));
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    return document as {
      readonly serialNumber: string;
      readonly components: readonly Record<string, unknown>[];
      readonly dependencies: readonly {
        readonly ref: string;
        readonly dependsOn: readonly string[];
      }[];
      readonly declarations: {
        readonly attestations: readonly object[];
        readonly claims: readonly object[];
      };
    };
  };

  it.each([
    ['every state', sampleReport()],
    ['a project that passes', greenReport()],
    ['hostile text everywhere', hostileReport(`${HOSTILE_NAME} <"{}`)],
    ['a script for an address', hostileReport('javascript:alert(1)')],
  ])('is valid, of %s', (_what, report) => {
    const { components } = read(report);
    expect(components).toHaveLength(report.dependencies.length);
    expect(JSON.stringify(components)).not.toContain('"url":"javascript:');
  });

  it('refuses what the schema does not know', () => {
    const document = JSON.parse(render('cyclonedx', sampleReport())) as object;
    expect(validate({ ...document, invented: 1 })).toBe(false);
    expect(validate({ ...document, serialNumber: 'x' })).toBe(false);
  });

  it('has the graph of the lockfile, with an element for each component', () => {
    const report = sampleReport();
    const { components, dependencies } = read(report);
    const names = new Map(
      components.map((one) => [one['bom-ref'], one['name']]),
    );
    const refs = dependencies.map(({ ref }) => ref);
    expect(refs).toEqual(['lockfile', ...names.keys()]);
    const needs = new Map(
      dependencies.map(({ ref, dependsOn }) => [
        names.get(ref) ?? ref,
        dependsOn.map((each) => names.get(each)),
      ]),
    );
    expect(needs.get('lockfile')).toEqual(['widget', 'build-kit', 'plain']);
    expect(needs.get('build-kit')).toHaveLength(report.dependencies.length - 3);
    expect(needs.get('left-widget')).toEqual([]);
  });

  it('claims a level for each verified component and for no other', () => {
    const { components, declarations } = read(sampleReport());
    expect(components[0]).toMatchObject({
      group: '@acme',
      name: 'alpha',
      version: '3.1.0',
      hashes: [{ alg: 'SHA-512' }],
      externalReferences: [{ type: 'distribution' }],
    });
    expect(declarations.claims).toHaveLength(2);
    expect(declarations.attestations).toMatchObject([
      { map: [{ requirement: 'slsa-build-2', claims: { length: 2 } }] },
    ]);
  });
});

describe('vsa', () => {
  const read = (report: Report) =>
    JSON.parse(render('vsa', report)) as {
      readonly predicate: {
        readonly dependencyLevels: Readonly<Record<string, number>>;
      };
    };

  it('sums up the lockfile, and says that nobody signed it', () => {
    const report = greenReport();
    const sha256 = 'ab'.repeat(32);
    const [first, ...others] = report.dependencies;
    if (first === undefined) throw new Error('no dependency');
    const statements = [{ predicateType: 'x', sha256 }];
    const statement = read({
      ...report,
      policy: { origin: 'file', path: 'policy.yaml', ref: null, sha256 },
      dependencies: [{ ...first, statements }, ...others],
    });
    expect(statement).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [
        {
          name: 'app/package-lock.json',
          digest: { sha256: report.lockfile.sha256 },
        },
      ],
      predicateType: 'https://slsa.dev/verification_summary/v1',
      predicate: {
        verifier: { version: { '@sigstore/verify': '4.1.3' } },
        timeVerified: report.auditedAt,
        policy: { uri: 'file:policy.yaml', digest: { sha256 } },
        inputAttestations: [{ uri: first.purl, digest: { sha256 } }],
        verificationResult: 'PASSED',
        verifiedLevels: ['SLSA_BUILD_LEVEL_UNEVALUATED'],
        'pkg:npm/provenance-audit#signed': false,
      },
    });
  });

  it('fails where the policy is not met, and counts each dependency once', () => {
    const report = sampleReport();
    const { predicate } = read(report);
    expect(predicate).toMatchObject({
      verificationResult: 'FAILED',
      verifiedLevels: ['FAILED'],
      dependencyLevels: {
        FAILED: 2,
        SLSA_BUILD_LEVEL_0: 6,
        SLSA_BUILD_LEVEL_2: 2,
        SLSA_BUILD_LEVEL_UNEVALUATED: 13,
      },
    });
    const counts = Object.values(predicate.dependencyLevels);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(
      report.dependencies.length,
    );
  });
});

import { gzipSync } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/report.js';
import { largeReport, SIZE_LIMITS } from './large-report.js';
import { greenReport, sampleReport } from './sample-report.js';
import { closed, compile, readSchema, undescribed } from './schemas.js';
import { LOADED_FORMATS, requireFormat } from './load-formats.js';

const CONTEXT = {
  ...{ lockfilePath: 'app/package-lock.json', width: 80 },
  ...{ color: false, verbose: false, quiet: false },
};

function render(format: string, report: Report): string {
  return requireFormat(format).render(report, CONTEXT);
}

const TEXT = { type: 'string', minLength: 1 };
const SHA256 = { type: 'string', pattern: '^[0-9a-f]{64}$' };

/** Source: GitLab, "Code Quality report format". */
const CODE_QUALITY = {
  type: 'array',
  items: {
    type: 'object',
    required: [
      ...['description', 'check_name', 'fingerprint', 'severity', 'location'],
    ],
    properties: {
      ...{ description: TEXT, check_name: TEXT, fingerprint: TEXT },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          path: { type: 'string', pattern: '^(?!\\./|/)' },
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
    additionalProperties: false,
  },
};

const DESCRIPTOR = {
  type: 'object',
  properties: {
    uri: { type: 'string', pattern: '^[a-z][a-z0-9+.-]*:' },
    digest: {
      type: 'object',
      minProperties: 1,
      additionalProperties: { type: 'string', pattern: '^[0-9a-f]+$' },
    },
    annotations: { type: 'object' },
  },
  additionalProperties: false,
};
const SLSA_RESULT = {
  type: 'string',
  pattern: '^(SLSA_BUILD_LEVEL_([0-4]|UNEVALUATED)|FAILED)$',
};

/** Sources: in-toto Statement v1; SLSA v1.1, "Verification Summary". */
const VSA = {
  type: 'object',
  required: ['_type', 'subject', 'predicateType', 'predicate'],
  properties: {
    _type: { const: 'https://in-toto.io/Statement/v1' },
    subject: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['digest'],
        properties: {
          name: TEXT,
          digest: {
            type: 'object',
            required: ['sha256'],
            properties: { sha256: SHA256 },
          },
        },
      },
    },
    predicateType: { const: 'https://slsa.dev/verification_summary/v1' },
    predicate: {
      type: 'object',
      required: [
        ...['verifier', 'timeVerified', 'resourceUri', 'policy'],
        ...['verificationResult', 'verifiedLevels'],
      ],
      properties: {
        verifier: {
          type: 'object',
          required: ['id'],
          properties: {
            id: { type: 'string', pattern: '^pkg:npm/' },
            version: { type: 'object', additionalProperties: TEXT },
          },
          additionalProperties: false,
        },
        timeVerified: { type: 'string', format: 'date-time' },
        resourceUri: { type: 'string', pattern: '^file:' },
        policy: DESCRIPTOR,
        inputAttestations: { type: 'array', items: DESCRIPTOR },
        verificationResult: { enum: ['PASSED', 'FAILED'] },
        verifiedLevels: { type: 'array', items: SLSA_RESULT },
        dependencyLevels: {
          type: 'object',
          propertyNames: SLSA_RESULT,
          additionalProperties: { type: 'integer', minimum: 1 },
        },
        slsaVersion: { const: '1.1' },
      },
      patternProperties: { '^pkg:npm/provenance-audit#': {} },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
};

/**
 * Elements by name, with the attributes and the children that they may have.
 * Source: Jenkins, "junit-10.xsd".
 */
const JUNIT: Readonly<Record<string, JunitElement>> = {
  testsuites: {
    required: [],
    optional: ['name', 'tests', 'failures', 'errors', 'disabled', 'time'],
    children: ['testsuite'],
  },
  testsuite: {
    required: ['name'],
    optional: [
      ...['tests', 'failures', 'errors', 'disabled', 'skipped', 'time', 'id'],
      ...['timestamp', 'hostname', 'package', 'file', 'url', 'version'],
    ],
    children: ['properties', 'testcase', 'system-out', 'system-err'],
  },
  testcase: {
    required: ['name', 'classname'],
    optional: ['assertions', 'time', 'status', 'class', 'file', 'line'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  failure: { required: [], optional: ['type', 'message'], children: [] },
  error: { required: [], optional: ['type', 'message'], children: [] },
  skipped: { required: [], optional: ['type', 'message'], children: [] },
  'system-out': { required: [], optional: [], children: [] },
};

interface JunitElement {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly children: readonly string[];
}

const COUNTED = ['tests', 'failures', 'errors', 'skipped'];

/** What of `text` is not as `JUNIT` has it; throws if it is not well-formed. */
function junitFaults(text: string): readonly string[] {
  const faults: string[] = [];
  const open: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const parent = open.at(-1);
    open.push(name);
    const allowed =
      parent === undefined ? ['testsuites'] : (JUNIT[parent]?.children ?? []);
    if (!allowed.includes(name)) faults.push(`${name} in ${parent ?? ''}`);
    const { required = [], optional = [] } = JUNIT[name] ?? {};
    for (const each of required) {
      if (!(each in attributes)) faults.push(`${name} without ${each}`);
    }
    for (const [each, value] of Object.entries(attributes)) {
      if (![...required, ...optional].includes(each)) {
        faults.push(`${each} of ${name}`);
      }
      if (COUNTED.includes(each) && !/^\d+$/.test(value)) faults.push(value);
      if (
        each === 'timestamp' &&
        !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(value)
      ) {
        faults.push(value);
      }
    }
  });
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  return faults;
}

const REPORTS: readonly (readonly [string, Report])[] = [
  ['every state', sampleReport()],
  ['a project that passes', greenReport()],
  ['a large project', largeReport(500, 2000)],
];

describe('each form is valid by its own rules', async () => {
  const LINE = await readSchema('report-line.schema.json');
  const isLine = compile(closed(LINE), [
    await readSchema('report.schema.json'),
  ]);
  const isCodeQuality = compile(CODE_QUALITY);
  const isVsa = compile(VSA);

  it.each(REPORTS)('ndjson, line by line, of %s', (_what, report) => {
    const lines = render('ndjson', report).trimEnd().split('\n');
    expect(lines).toHaveLength(report.dependencies.length);
    for (const line of lines) {
      expect(isLine(JSON.parse(line)), JSON.stringify(isLine.errors)).toBe(
        true,
      );
    }
  });

  it.each(REPORTS)('code-quality, of %s', (_what, report) => {
    const issues: unknown = JSON.parse(render('code-quality', report));
    expect(isCodeQuality(issues), JSON.stringify(isCodeQuality.errors)).toBe(
      true,
    );
  });

  it.each(REPORTS)('vsa, of %s', (_what, report) => {
    const statement: unknown = JSON.parse(render('vsa', report));
    expect(isVsa(statement), JSON.stringify(isVsa.errors)).toBe(true);
  });

  it.each(REPORTS)('junit, of %s', (_what, report) => {
    expect(junitFaults(render('junit', report))).toEqual([]);
  });

  it('the schema of a line describes and requires all that is in one', () => {
    expect(undescribed(LINE)).toEqual([]);
  });

  it('and these rules refuse what is not', () => {
    const [line = ''] = render('ndjson', sampleReport()).split('\n');
    const parsed = JSON.parse(line) as object;
    expect(isLine({ ...parsed, invented: 1 })).toBe(false);
    expect(isLine({ ...parsed, findings: [{}] })).toBe(false);
    expect(isCodeQuality([{ description: 'x' }])).toBe(false);
    const statement = JSON.parse(render('vsa', sampleReport())) as object;
    expect(isVsa({ ...statement, predicate: {} })).toBe(false);
    expect(isVsa({ ...statement, subject: [] })).toBe(false);
    expect(
      junitFaults(
        '<testsuites><testsuite name="x" tests="1.5"><testcase name="x"><b/></testcase></testsuite></testsuites>',
      ),
    ).toEqual(['1.5', 'testcase without classname', 'b in testcase']);
  });
});

describe('5,000 packages with 25,000 findings', () => {
  const report = largeReport(5000, 25_000);
  const MB = 1_000_000;

  it.each([...LOADED_FORMATS.keys()])('%s is within its size', (name) => {
    const text = render(name, report);
    expect(Buffer.byteLength(text)).toBeGreaterThan(200);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(SIZE_LIMITS[name] ?? 0);
  });

  it('sarif is within all limits of code scanning', () => {
    const text = render('sarif', report);
    expect(gzipSync(text).length).toBeLessThanOrEqual(10 * MB);
    const { runs } = JSON.parse(text) as {
      readonly runs: readonly {
        readonly results: readonly {
          readonly locations: readonly unknown[];
          readonly partialFingerprints: Readonly<Record<string, string>>;
        }[];
        readonly tool: {
          readonly driver: {
            readonly rules: readonly {
              readonly properties: { readonly tags: readonly string[] };
            }[];
          };
        };
      }[];
    };
    const [run] = runs;
    expect(runs).toHaveLength(1);
    expect(run?.results).toHaveLength(25_000);
    expect(run?.tool.driver.rules.length).toBeLessThan(25_000);
    for (const { properties } of run?.tool.driver.rules ?? []) {
      expect(properties.tags.length).toBeLessThanOrEqual(20);
    }
    const prints = (run?.results ?? []).map(
      ({ partialFingerprints }) =>
        partialFingerprints['primaryLocationLineHash'],
    );
    // Alerts are told apart by them: two alike would become one.
    expect(new Set(prints).size).toBe(25_000);
  });
});

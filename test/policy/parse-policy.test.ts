import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { EVERYTHING } from '../../src/policy/policy.js';
import {
  EXAMPLE,
  INTEGRITY,
  parse,
  parseValid,
  VOCABULARY,
} from './policy-vocabulary.js';

const DAY_MS = 86_400_000;
const V = 'version: 1\n';

/** Rows: what is wrong, the text after `version: 1`, the one line about it. */
type Row = readonly [what: string, text: string, message: string];

function exemption(parts: string): string {
  return `exemptions:\n  - { reason: r, expires: 2027-03-01, rules: provenance-missing, ${parts} }`;
}

function acknowledgement(parts: string): string {
  return `acknowledged:\n  - { reason: r, expires: 2027-03-01, ${parts} }`;
}

describe('parsePolicy', () => {
  it('reads the example of the design', () => {
    const selector = { ...EVERYTHING, scope: 'production', direct: true };
    expect(parseValid(EXAMPLE)).toEqual({
      extends: [],
      rules: new Map([
        ['provenance-missing', [{ level: 'error', for: selector }]],
        ['level-downgrade', [{ level: 'error', for: EVERYTHING }]],
      ]),
      coverage: {
        all: null,
        production: { text: '60%', hundredths: 6000 },
        direct: { text: '80%', hundredths: 8000 },
      },
      packages: [
        {
          pattern: '@sigstore/*',
          require: 'provenance',
          source: ['https://github.com/sigstore/sigstore-js'],
          workflow: ['.github/workflows/release.yml'],
          signer: [],
          ref: ['refs/heads/main', 'refs/tags/v*'],
          runner: ['hosted'],
          builder: [],
          issuer: [],
          events: [],
          line: 10,
        },
      ],
      deniedEvents: ['pull_request_target', 'issue_comment'],
      minimumReleaseAge: 3 * DAY_MS,
      history: { compareWithin: null, byHandAfter: null, atOnceWithin: null },
      exemptions: [
        {
          name: 'left-pad',
          range: '1.3.0',
          rules: ['provenance-missing'],
          reason: 'unmaintained, vendored copy reviewed',
          owner: null,
          expires: '2027-03-01',
          line: 19,
        },
      ],
      acknowledged: [
        {
          name: 'left-widget',
          version: '1.4.2',
          integrity: INTEGRITY,
          codes: ['publish-missing'],
          reason:
            "published during the registry's outage of 2026-09-14, compared with the tag",
          owner: null,
          expires: '2027-01-01',
          line: 24,
        },
      ],
      registries: [
        {
          url: 'https://npm.acme.example/',
          mirrorOf: 'https://registry.example/',
          hasNoEvidence: false,
          evidenceFrom: null,
        },
        {
          url: 'https://internal.acme.example/',
          mirrorOf: null,
          hasNoEvidence: true,
          evidenceFrom: null,
        },
      ],
      issuers: [],
    });
  });

  it('reads the same from JSON and from package.json', () => {
    const text = `{"version": 1, "rules": {"level-downgrade": "off"},
      "packages": {"@a/b": {"events": "push", "builder": "https://b.example/x"}}}`;
    const manifest = `{"name": "x",\n"provenanceAudit": ${text}}`;
    const ofYaml = parseValid(text);
    expect(parseValid(text, 'json')).toEqual(ofYaml);
    const ofManifest = parseValid(manifest, 'package.json');
    expect(ofManifest.packages.map(({ line }) => line)).toEqual([3]);
    expect(ofManifest.rules).toEqual(ofYaml.rules);
  });

  it.each([
    ['a level', 'error', [['error', EVERYTHING]]],
    [
      'a level and a selection',
      '{ level: off, for: { workspace: app, registry: public } }',
      [
        [
          'off',
          {
            ...EVERYTHING,
            workspaces: ['app'],
            registries: ['https://registry.example/'],
          },
        ],
      ],
    ],
    [
      'a list of settings',
      "[{ level: warning, for: { packages: ['@a/*', b] } }, { level: error }]",
      [
        ['warning', { ...EVERYTHING, packages: ['@a/*', 'b'] }],
        ['error', EVERYTHING],
      ],
    ],
  ])('reads a rule with %s', (_what, text, settings) => {
    const { rules } = parseValid(`${V}rules: { level-downgrade: ${text} }`);
    expect(rules.get('level-downgrade')).toEqual(
      settings.map(([level, selected]) => ({ level, for: selected })),
    );
  });

  it.each([
    ['0%', 0],
    ['60%', 6000],
    ['89.9%', 8990],
    ['89.95%', 8995],
    ['100.00%', 10_000],
  ])('P16: keeps the share %s as it is written', (text, hundredths) => {
    const { coverage } = parseValid(`${V}coverage: { all: ${text} }`);
    expect(coverage.all).toEqual({ text, hundredths });
  });

  it.each([
    ['12h', DAY_MS / 2],
    ['3d', 3 * DAY_MS],
    ['3650d', 3650 * DAY_MS],
  ])('reads the time %s', (text, milliseconds) => {
    const parts = parseValid(`${V}minimumReleaseAge: ${text}`);
    expect(parts.minimumReleaseAge).toBe(milliseconds);
  });

  it.each([
    ['10m', 600_000],
    ['48h', 2 * DAY_MS],
    ['3650d', 3650 * DAY_MS],
  ])('reads the span %s', (text, milliseconds) => {
    const names = ['compareWithin', 'byHandAfter', 'atOnceWithin'] as const;
    for (const name of names) {
      const none = {
        compareWithin: null,
        byHandAfter: null,
        atOnceWithin: null,
      };
      const parts = parseValid(`${V}history: { ${name}: ${text} }`);
      expect(parts.history).toEqual({ ...none, [name]: milliseconds });
    }
  });

  it('reads an issuer, and gives its server the slash that people forget', () => {
    const text = `${V}issuers: { 'https://gl.example': { platform: gitlab, server: https://gl.example } }`;
    expect(parseValid(text).issuers).toEqual([
      {
        issuer: 'https://gl.example',
        platform: 'gitlab',
        server: 'https://gl.example/',
      },
    ]);
  });

  it('reads an exemption for every version, with its owner', () => {
    const text = exemption("package: '@a/b', anyVersion: true, owner: team");
    expect(parseValid(V + text).exemptions).toMatchObject([
      { name: '@a/b', range: null, owner: 'team', line: 3 },
    ]);
  });

  it('lets an alias stand for what is above it', () => {
    const text = `${V}packages: { a: { ref: &r [refs/heads/main] }, b: { ref: *r } }`;
    const refs = parseValid(text).packages.map(({ ref }) => ref);
    expect(refs).toEqual([['refs/heads/main'], ['refs/heads/main']]);
  });

  it('names everything that is wrong, in the order of the file', () => {
    const text = `version: 1
packages:
  '@acme/*':
    requrie: provenance
    runner: Hosted
coverage: { all: 101% }
rules: { provenance-mising: error }
exemptions:
  - { package: a, rules: [level-downgrade] }
`;
    expect(parse(text)).toEqual([
      "p.yaml:4:5: packages.'@acme/*'.requrie: unknown key; did you mean require?",
      "p.yaml:5:13: packages.'@acme/*'.runner: expected one of hosted, self-hosted, found 'Hosted'; did you mean hosted?",
      "p.yaml:6:18: coverage.all: expected a share from 0% to 100% such as 60% or 89.95%, found '101%'",
      'p.yaml:7:10: rules.provenance-mising: unknown rule; did you mean provenance-missing?',
      'p.yaml:9:5: exemptions[0].reason: missing, expected a text of 1 to 1000 characters',
      'p.yaml:9:5: exemptions[0].expires: missing, expected a date such as 2027-03-01',
      "p.yaml:9:16: exemptions[0].package: expected a version range behind the name, or anyVersion: true, found 'a'",
    ]);
  });

  it('has every part of a problem as a value of its own', () => {
    const bytes = Buffer.from(`${V}packages: { a: { require: provenence } }`);
    const file = { path: 'p.yaml', bytes, kind: 'yaml' } as const;
    expect(parsePolicy(file, VOCABULARY)).toMatchObject({
      problems: [
        {
          path: 'p.yaml',
          line: 2,
          column: 27,
          key: 'packages.a.require',
          expected:
            'one of none, registry-signature, provenance, trusted-publisher, staged',
          found: "'provenence'",
          suggestion: 'provenance',
        },
      ],
    });
  });

  it.each<Row>([
    ['nothing', '', 'p.yaml:1:1: expected an object, found nothing'],
    ['a list', '[]', 'p.yaml:1:1: expected an object, found a list'],
    ['a text', 'a b', "p.yaml:1:1: expected an object, found 'a b'"],
    ['a key twice', 'a: 1\na: 2', 'p.yaml:2:1: duplicate key a'],
    [
      'an open quote',
      'version: "1\n',
      'p.yaml:2:1: not YAML as expected: Missing closing "quote',
    ],
    [
      'a second document',
      'version: 1\n---\n{}',
      'p.yaml:2:1: expected one document, found another',
    ],
    [
      'a directive',
      '%YAML 1.1\n---\nversion: 1',
      'p.yaml:1:1: directives are not accepted',
    ],
    ['a known tag', 'version: !!int 1', 'p.yaml:1:16: tags are not accepted'],
    [
      'an unknown tag',
      'version: !x 1',
      'p.yaml:1:10: not YAML as expected: Unresolved tag: !x',
    ],
    [
      'an alias of nothing',
      'version: *a',
      'p.yaml:1:10: no &a above that *a stands for',
    ],
    [
      'a value that holds itself',
      'version: &a [*a]',
      'p.yaml:1:14: no &a above that *a stands for',
    ],
    [
      'a key that is a prototype',
      '__proto__: 1',
      'p.yaml:1:1: key __proto__ is not accepted',
    ],
    [
      'a key that is a list',
      '? [a]\n: 1',
      'p.yaml:1:3: not YAML as expected: With stringKeys, all keys must be strings',
    ],
  ])('P01: refuses YAML that is %s', (_what, text, message) => {
    expect(parse(text)).toContain(message);
  });

  it.each(['yaml', 'json', 'package.json'] as const)(
    'P01: refuses bytes that are not UTF-8 in a %s',
    (kind) => {
      const text = '{"provenanceAudit": "\xff"}';
      expect(parse(Buffer.from(text, 'latin1'), kind)).toEqual([
        'p.yaml: not UTF-8',
      ]);
    },
  );

  it.each<Row>([
    ['nothing', '', 'p.yaml:1:1: not JSON: it ends too early'],
    ['cut off', '{"version": 1,', 'p.yaml:1:15: not JSON: it ends too early'],
    ['YAML', 'version: 1', 'p.yaml:1:1: not JSON: syntax error'],
    ['a key twice', '{"a":1,\n"\\u0061":1}', 'p.yaml:2:1: duplicate key "a"'],
    [
      'a key that nobody knows',
      '{"version": 1,\n "excemptions": []}',
      'p.yaml:2:2: excemptions: unknown key; did you mean exemptions?',
    ],
  ])('P01: refuses JSON that is %s', (_what, text, message) => {
    expect(parse(text, 'json')).toEqual([message]);
  });

  it.each<Row>([
    ['without the member', '{"name": "x"}', 'p.yaml: no provenanceAudit in it'],
    [
      'with the member twice',
      '{"provenanceAudit": {},\n"provenanceAudit": {}}',
      'p.yaml:2:1: provenanceAudit stands there twice',
    ],
    ['that is cut off', '{"é":\n', 'p.yaml:2:1: not JSON'],
    [
      'with another version',
      '{"é": 1,\n"provenanceAudit": {"version": 2}}',
      'p.yaml:2:32: version: expected the number 1, found 2',
    ],
  ])('P01: refuses a package.json %s', (_what, text, message) => {
    expect(parse(text, 'package.json')).toEqual([message]);
  });

  it.each<Row>([
    [
      'requrie',
      'packages: { a: { requrie: none } }',
      'p.yaml:2:18: packages.a.requrie: unknown key; did you mean require?',
    ],
    [
      'another case',
      'minimum-release-age: 3d',
      'p.yaml:2:1: minimum-release-age: unknown key; did you mean minimumReleaseAge?',
    ],
    [
      'unlike any',
      'events: { allow: [push] }',
      'p.yaml:2:11: events.allow: unknown key, expected one of deny',
    ],
    [
      'a merge key',
      'coverage: { <<: { all: 1% } }',
      "p.yaml:2:13: coverage.'<<': unknown key, expected one of all, production, direct",
    ],
  ])('P01: refuses an unknown key: %s', (_what, text, message) => {
    expect(parse(V + text)).toContain(message);
  });

  it.each<Row>([
    [
      'require: "false"',
      'packages: { a: { require: "false" } }',
      "p.yaml:2:27: packages.a.require: expected one of none, registry-signature, provenance, trusted-publisher, staged, found 'false'",
    ],
    [
      'direct: "true"',
      'rules: { level-downgrade: { level: off, for: { direct: "true" } } }',
      "p.yaml:2:56: rules.level-downgrade.for.direct: expected true or false, found 'true'",
    ],
    [
      'a rule with a number',
      'rules: { level-downgrade: 2 }',
      'p.yaml:2:27: rules.level-downgrade: expected a level, { level, for } or a list of these, found 2',
    ],
    [
      'a rule with no settings',
      'rules: { level-downgrade: [] }',
      'p.yaml:2:27: rules.level-downgrade: expected a list of one or more settings, found a list',
    ],
    [
      'a section with nothing in it',
      'exemptions:',
      'p.yaml:2:12: exemptions: expected a list of exemptions, found nothing',
    ],
    [
      'an entry that demands nothing',
      'packages: { a: {} }',
      'p.yaml:2:16: packages.a: expected a demand, or require: none, found an object',
    ],
    [
      'a demand with nothing to choose from',
      'packages: { a: { source: [] } }',
      'p.yaml:2:26: packages.a.source: expected at least one, found a list',
    ],
    [
      'a lower level for rejected evidence',
      'rules: { evidence-rejected: warning }',
      "p.yaml:2:29: rules.evidence-rejected: expected error, found 'warning'",
    ],
  ])('P02: refuses %s', (_what, text, message) => {
    expect(parse(V + text)).toEqual([message]);
  });

  it.each([
    ['a number', '90', '90'],
    ['a share over all', '101%', "'101%'"],
    ['a little over all', '100.01%', "'100.01%'"],
    ['a negative share', '-1%', "'-1%'"],
    ['a negative number', '-1', '-1'],
    ['no number', '.nan', 'NaN'],
    ['the text NaN', 'NaN%', "'NaN%'"],
    ['a number too large', '1e400', 'Infinity'],
    ['three decimals', '89.955%', "'89.955%'"],
    ['a comma', "'89,95%'", "'89,95%'"],
    ['a space', '90 %', "'90 %'"],
    ['quotes without a percent sign', '"90"', "'90'"],
  ])('P02: refuses as a threshold %s', (_what, text, found) => {
    expect(parse(`${V}coverage: { all: ${text} }`)).toEqual([
      `p.yaml:2:18: coverage.all: expected a share from 0% to 100% such as 60% or 89.95%, found ${found}`,
    ]);
  });

  it('P02: accepts the threshold "90%", a text with its percent sign', () => {
    const { coverage } = parseValid(`${V}coverage: { all: "90%" }`);
    expect(coverage.all).toEqual({ text: '90%', hundredths: 9000 });
  });

  it.each(['3', '0m', '-3d', '3 d', '3w', '1e3d', '3651d', '5256001m'])(
    'P02: refuses the span %s',
    (text) => {
      expect(parse(`${V}history: { atOnceWithin: ${text} }`)).toMatchObject([
        expect.stringContaining('atOnceWithin: expected a time such as 730d'),
      ]);
    },
  );

  it.each(['3', '0d', '-3d', '3 d', '3w', '1e3d', '3651d', '999999d'])(
    'P02: refuses the time %s',
    (text) => {
      expect(parse(`${V}minimumReleaseAge: ${text}`)).toMatchObject([
        expect.stringContaining('minimumReleaseAge: expected a time such as'),
      ]);
    },
  );

  it.each([
    ['two stars', '**'],
    ['two stars in a name', '@acme/**'],
    ['nothing', ''],
    ['a regular expression', '.*'],
    ['a bracket', '['],
    ['braces', '@acme/{a,b}'],
    ['a path', '../a'],
    ['a space', 'a b'],
  ])('P05: refuses as a package pattern %s', (_what, pattern) => {
    for (const text of [
      `packages: { '${pattern}': { require: none } }`,
      `rules: { level-downgrade: { level: off, for: { packages: '${pattern}' } } }`,
    ]) {
      expect(parse(V + text)).toMatchObject([
        expect.stringMatching(/expected (?:a package name|no two stars)/),
      ]);
    }
  });

  it.each(['*', '@acme/*', '@*/*', 'eslint-*', '@acme/widget', 'Legacy'])(
    'P05: accepts the package pattern %s',
    (pattern) => {
      const text = `${V}packages: { '${pattern}': { require: none } }`;
      expect(parseValid(text).packages).toMatchObject([{ pattern }]);
    },
  );

  it.each([
    ['source', '**'],
    ['source', ''],
    ['source', '.*'],
    ['source', 'https://github.com/*/x'],
    ['source', 'https://github.com/acme/**'],
    ['source', 'http://github.com/acme/widget'],
    ['ref', 'main'],
    ['ref', 'refs/**'],
    ['ref', ''],
    ['workflow', '/release.yml'],
    ['workflow', '.github/workflows/*.yml'],
    ['workflow', ''],
    ['signer', 'https://github.com/acme/*'],
    ['builder', 'github-hosted'],
    ['issuer', 'http://issuer.example'],
    ['events', 'Pull Request'],
    ['runner', 'any'],
  ])('P05: refuses %s: %s', (key, text) => {
    const problems = parse(`${V}packages: { a: { ${key}: '${text}' } }`);
    expect(problems).toMatchObject([
      expect.stringContaining(`packages.a.${key}: expected `),
    ]);
  });

  it.each([
    [
      'a pattern',
      (stars: string) => `packages: { '${stars}': { require: none } }`,
    ],
    [
      'a source',
      (stars: string) =>
        `packages: { a: { source: 'https://github.com/a/${stars}' } }`,
    ],
    [
      'a ref',
      (stars: string) => `packages: { a: { ref: 'refs/heads/${stars}' } }`,
    ],
  ])('P06: refuses %s of 10,000 stars by its length', (_what, write) => {
    expect(parse(V + write('a*'.repeat(5000)))).toMatchObject([
      expect.stringContaining('expected at most 256 characters'),
    ]);
  });

  it.each<Row>([
    [
      'any name',
      exemption("package: '*', anyVersion: true"),
      "exemptions[0].package: expected one package by its name, no pattern, found '*'",
    ],
    [
      'any name of a scope',
      exemption("package: '@acme/*', anyVersion: true"),
      "exemptions[0].package: expected one package by its name, no pattern, found '@acme/*'",
    ],
    [
      'a bare name',
      exemption('package: left-pad'),
      "exemptions[0].package: expected a version range behind the name, or anyVersion: true, found 'left-pad'",
    ],
    [
      'every version, without saying so',
      exemption("package: 'left-pad@*'"),
      "exemptions[0].package: expected a range that leaves some versions out, or the bare name with anyVersion: true, found 'left-pad@*'",
    ],
    [
      'every version from 0 on',
      exemption("package: 'left-pad@>=0.0.0-0'"),
      "exemptions[0].package: expected a range that leaves some versions out, or the bare name with anyVersion: true, found 'left-pad@>=0.0.0-0'",
    ],
    [
      'a version, and any',
      exemption('package: left-pad@1.3.0, anyVersion: true'),
      "exemptions[0].package: expected the bare name, for anyVersion is true, found 'left-pad@1.3.0'",
    ],
    [
      'a tag',
      exemption('package: left-pad@latest'),
      "exemptions[0].package: expected a version or a range behind the name, such as left-pad@^1.3.0, found 'left-pad@latest'",
    ],
    [
      'rejected evidence',
      `exemptions: [{ package: a@1.0.0, rules: evidence-rejected, reason: r, expires: 2027-03-01 }]`,
      "exemptions[0].rules: expected the id of a rule about packages, other than evidence-rejected, which only acknowledged is about, found 'evidence-rejected'",
    ],
    [
      'a rule about the policy',
      `exemptions: [{ package: a@1.0.0, rules: [coverage-below], reason: r, expires: 2027-03-01 }]`,
      "exemptions[0].rules[0]: expected the id of a rule about packages, other than evidence-rejected, which only acknowledged is about, found 'coverage-below'",
    ],
    [
      'the same as another',
      `${exemption('package: a@^1')}\n  - { package: a@^1, rules: [level-downgrade, provenance-missing], reason: s, expires: 2027-03-02 }`,
      'exemptions[1]: the same as exemptions[0]',
    ],
    [
      'no reason',
      exemption("package: a@^1, owner: ' '"),
      "exemptions[0].owner: expected a text of 1 to 1000 characters, found ' '",
    ],
  ])('P08: refuses an exemption for %s', (_what, text, message) => {
    expect(parse(V + text)).toEqual([expect.stringContaining(` ${message}`)]);
  });

  it.each<Row>([
    [
      'the public registry',
      'registries: { public: { evidence: none } }',
      'registries.public: the public registry is no mirror and has evidence',
    ],
    [
      'the public registry by its address',
      'registries: { HTTPS://Registry.example: { evidence: none } }',
      "registries.'HTTPS://Registry.example': the public registry is no mirror and has evidence",
    ],
    [
      'a registry twice',
      'registries: { https://a.example: { evidence: none }, https://a.example/: { mirrorOf: public } }',
      "registries.'https://a.example/': the same as https://a.example",
    ],
    [
      'a mirror without evidence',
      'registries: { https://a.example: { evidence: none, mirrorOf: public } }',
      "registries.'https://a.example': expected mirrorOf or evidence: none, found both",
    ],
    [
      'nothing about it',
      'registries: { https://a.example: {} }',
      "registries.'https://a.example': expected mirrorOf or evidence, found neither",
    ],
    [
      'a mirror of itself',
      'registries: { https://a.example: { mirrorOf: https://a.example/ } }',
      "registries.'https://a.example': a mirror of itself",
    ],
    [
      'evidence of itself',
      'registries: { https://a.example: { evidence: { registry: https://a.example/ } } }',
      "registries.'https://a.example': its evidence from itself",
    ],
    [
      'evidence of a kind that is none',
      'registries: { https://a.example: { evidence: maybe } }',
      "registries.'https://a.example'.evidence: expected none, found 'maybe'",
    ],
    [
      'evidence of no registry',
      'registries: { https://a.example: { evidence: { registry: somewhere } } }',
      "registries.'https://a.example'.evidence.registry: expected the address of a registry such as https://npm.example/, or public, found 'somewhere'",
    ],
    [
      'an unknown key of evidence',
      'registries: { https://a.example: { evidence: { registry: public, for: x } } }',
      "registries.'https://a.example'.evidence.for: unknown key, expected one of registry",
    ],
    [
      'a password',
      'registries: { https://u:p@a.example: { evidence: none } }',
      "registries.'https://u:p@a.example': expected the address of a registry such as https://npm.example/, or public",
    ],
    [
      'a public issuer on another server',
      'issuers: { https://gitlab.com: { platform: gitlab, server: https://gl.example/ } }',
      "issuers.'https://gitlab.com': expected an issuer other than the public ones, with a server of its own",
    ],
    [
      'an issuer with a public server',
      'issuers: { https://gl.example: { platform: gitlab, server: https://gitlab.com/ } }',
      "issuers.'https://gl.example': expected an issuer other than the public ones, with a server of its own",
    ],
    [
      'an issuer of an unknown platform',
      'issuers: { https://gl.example: { platform: gitlap, server: https://gl.example/ } }',
      "issuers.'https://gl.example'.platform: expected one of github, gitlab, found 'gitlap'; did you mean gitlab?",
    ],
  ])('P08: refuses in registries and issuers %s', (_what, text, message) => {
    expect(parse(V + text)).toEqual([expect.stringContaining(` ${message}`)]);
  });

  it.each([
    ['never', false],
    ['2027-02-29', false],
    ['2027-02-30', false],
    ['2027-13-01', false],
    ['2027-3-1', false],
    ["'2027-03-01T00:00:00Z'", false],
    ['20270301', false],
    ['2028-02-29', true],
    // Over or far off: valid, and a rule of its own has a word on it.
    ['2020-01-01', true],
    ['9999-12-31', true],
  ])('P09: expires: %s is a date: %s', (expires, isDate) => {
    const text = `${V}exemptions: [{ package: a@1.0.0, rules: level-downgrade, reason: r, expires: ${expires} }]`;
    if (isDate) {
      expect(parseValid(text).exemptions).toMatchObject([{ expires }]);
    } else {
      expect(parse(text)).toMatchObject([
        expect.stringContaining('expires: expected a date such as 2027-03-01'),
      ]);
    }
  });

  it.each<Row>([
    [
      'of a range',
      acknowledgement(
        `package: a@^1, integrity: ${INTEGRITY}, codes: signature`,
      ),
      "acknowledged[0].package: expected a package with its exact version, such as left-pad@1.3.0, found 'a@^1'",
    ],
    [
      'of a weak integrity',
      acknowledgement(
        'package: a@1.0.0, integrity: sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=, codes: signature',
      ),
      "acknowledged[0].integrity: expected the lockfile’s integrity with one SHA-512, such as sha512-…, found 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk='",
    ],
    [
      'of a code that nobody knows',
      acknowledgement(
        `package: a@1.0.0, integrity: ${INTEGRITY}, codes: [publish-mising]`,
      ),
      "acknowledged[0].codes[0]: expected the code of a rejection, found 'publish-mising'; did you mean publish-missing?",
    ],
    [
      'of no code',
      acknowledgement(`package: a@1.0.0, integrity: ${INTEGRITY}, codes: []`),
      'acknowledged[0].codes: expected at least one, found a list',
    ],
    [
      'of the same bytes again',
      `${acknowledgement(`package: a@1.0.0, integrity: ${INTEGRITY}, codes: signature`)}\n  - { package: a@1.0.0, integrity: ${INTEGRITY}, codes: timestamp, reason: s, expires: 2027-03-02 }`,
      'acknowledged[1]: the same as acknowledged[0]',
    ],
  ])('refuses an acknowledgement %s', (_what, text, message) => {
    expect(parse(V + text)).toEqual([expect.stringContaining(` ${message}`)]);
  });

  it.each([
    [
      'more than 1 MiB',
      'yaml',
      `#${'x'.repeat(1024 * 1024)}`,
      'larger than 1048576 bytes',
    ],
    [
      'more than 1 MiB of JSON',
      'json',
      `"${'x'.repeat(1024 * 1024)}"`,
      'larger than 1048576 bytes',
    ],
    [
      'block lists 65 deep',
      'yaml',
      nestedLists(65),
      'nested deeper than 64 levels',
    ],
    ['lists 65 deep', 'yaml', '['.repeat(65), 'nested deeper than 64 levels'],
    [
      'a million lists',
      'yaml',
      '['.repeat(1024 * 1024),
      'nested deeper than 64 levels',
    ],
    [
      'half a million list items in a line',
      'yaml',
      '- '.repeat(512 * 1024),
      'nested deeper than 64 levels',
    ],
    [
      'a million lists of JSON',
      'json',
      '['.repeat(1024 * 1024),
      'nested deeper than 64 levels',
    ],
    [
      'a million brackets',
      'yaml',
      ']'.repeat(1024 * 1024),
      'more than 200000 tokens',
    ],
    [
      'a billion values by aliases',
      'yaml',
      aliasesOfAliases(9),
      'more than 100000 values',
    ],
    ['NUL bytes', 'yaml', 'version: 1\0', 'not UTF-8: NUL bytes'],
  ] as const)('P13: refuses %s', (_what, kind, text, message) => {
    expect(Object.values(parse(text, kind))[0]).toContain(message);
  });

  it('P13: reads what is 64 deep', () => {
    const text = `${'['.repeat(64)}${']'.repeat(64)}`;
    for (const kind of ['yaml', 'json'] as const) {
      expect(parse(text, kind)).toEqual([
        'p.yaml:1:1: expected an object, found a list',
      ]);
    }
  });

  it.each([
    'https://policy.example/p.yaml',
    'file:///etc/p.yaml',
    'HTTPS:p.yaml',
    'C:p.yaml',
    '//policy.example/p.yaml',
    '/etc/p.yaml',
    'a\\p.yaml',
    'node_modules/x/p.yaml',
    '../node_modules/x/p.yaml',
    'package.json',
    'p.js',
    '',
  ])("P14: refuses to extend '%s'", (path) => {
    for (const written of [`'${path}'`, `[p.yaml, '${path}']`]) {
      expect(parse(`${V}extends: ${written}`)).toMatchObject([
        expect.stringMatching(/^p\.yaml:2:\d+: extends(?:\[1\])?: expected /),
      ]);
    }
  });

  it('P14: says which files are extended, and where', () => {
    const text = `${V}extends: [../common.yaml,\n  ./more.json]`;
    expect(parseValid(text).extends).toEqual([
      { path: '../common.yaml', line: 2, column: 11 },
      { path: './more.json', line: 3, column: 3 },
    ]);
  });

  it('keeps a problem on one line, whatever it quotes', () => {
    const text = `${V}"a\\nb": 1\nminimumReleaseAge: "x\\r\\ny${'z'.repeat(100)}"`;
    const problems = parse(text);
    expect(problems).toHaveLength(2);
    for (const problem of Object.values(problems)) {
      expect(problem).not.toMatch(/[\r\n]/);
      expect(String(problem).length).toBeLessThan(250);
    }
  });

  it('names a hundred problems and counts the rest', () => {
    const text = `${V}exemptions: [${'1, '.repeat(150)}]`;
    const problems = parse(text) as readonly string[];
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toBe('p.yaml: 50 more problems');
  });
});

function nestedLists(levels: number): string {
  return Array.from(
    { length: levels },
    (_, level) => `${' '.repeat(level)}-\n`,
  ).join('');
}

function aliasesOfAliases(levels: number): string {
  return Array.from({ length: levels }, (_, level) =>
    level === 0
      ? 'a0: &a0 [1,1,1,1,1,1,1,1,1,1]'
      : `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(',')}]`,
  ).join('\n');
}

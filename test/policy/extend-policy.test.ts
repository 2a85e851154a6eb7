import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  extendPolicy,
  toPolicy,
  type ExtendedPolicy,
} from '../../src/policy/extend-policy.js';
import { DEFAULT_WINDOWS } from '../../src/policy/policy.js';
import { formatProblem } from '../../src/policy/policy-problem.js';
import { INTEGRITY, VOCABULARY } from './policy-vocabulary.js';

/** Files of a repository by path; the first is the policy. */
type Files = Readonly<Record<string, string>>;

async function extend(files: Files): Promise<ExtendedPolicy> {
  const [first] = Object.entries(files);
  if (first === undefined) throw new Error('no policy');
  const [path, text] = first;
  return extendPolicy(
    { path, bytes: Buffer.from(text), kind: 'yaml' },
    (wanted) => {
      const found = files[wanted];
      return Promise.resolve(
        found === undefined
          ? { status: 'error', reason: 'no such file or folder' }
          : { status: 'ok', bytes: Buffer.from(found) },
      );
    },
    VOCABULARY,
  );
}

async function extendValid(
  files: Files,
): Promise<Extract<ExtendedPolicy, { status: 'ok' }>> {
  const extended = await extend(files);
  if (extended.status === 'ok') return extended;
  throw new Error(extended.problems.map(formatProblem).join('\n'));
}

function policy(text: string): string {
  return `version: 1\n${text}\n`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function chainOf(length: number): Files {
  const entries = Array.from({ length }, (_, index) => [
    `p${index}.yaml`,
    policy(index + 1 < length ? `extends: p${index + 1}.yaml` : ''),
  ]);
  return Object.fromEntries(entries) as Files;
}

describe('extendPolicy', () => {
  it('lets its own settings win, and appends lists with its own first', async () => {
    const { parts, files } = await extendValid({
      'apps/a/p.yaml': policy(`extends: [../../common/p.yaml, q.json]
rules: { level-downgrade: off }
coverage: { all: 10% }
packages: { a: { require: none } }
exemptions:
  - { package: a@^1, rules: level-downgrade, reason: own, expires: 2027-01-01 }
registries: { https://r.example: { evidence: none } }
issuers: { https://i.example: { platform: gitlab, server: https://own.example/ } }`),
      'common/p.yaml':
        policy(`rules: { level-downgrade: error, provenance-missing: error }
coverage: { all: 20%, direct: 30% }
packages: { a: { require: staged }, b: { require: staged } }
events: { deny: [push] }
minimumReleaseAge: 1d
history: { compareWithin: 100d, atOnceWithin: 1h }
exemptions:
  - { package: a@^1, rules: [level-downgrade], reason: other, expires: 2028-01-01 }
  - { package: a@^2, rules: level-downgrade, reason: more, expires: 2028-01-01 }
acknowledged:
  - { package: a@1.0.0, integrity: ${INTEGRITY}, codes: timestamp, reason: r, expires: 2027-01-01 }
registries: { https://r.example: { mirrorOf: public }, https://s.example: { mirrorOf: public } }
issuers: { https://i.example: { platform: gitlab, server: https://other.example/ } }`),
      'apps/a/q.json':
        '{"version": 1, "coverage": {"production": "40%"}, "minimumReleaseAge": "2d", "history": {"byHandAfter": "7d", "atOnceWithin": "2h"}, "events": {"deny": []}}',
    });
    expect(files).toEqual(['apps/a/p.yaml', 'common/p.yaml', 'apps/a/q.json']);
    expect(
      [...parts.rules].map(([id, [setting]]) => [id, setting?.level]),
    ).toEqual(
      expect.arrayContaining([
        ['level-downgrade', 'off'],
        ['provenance-missing', 'error'],
      ]),
    );
    expect(parts).toMatchObject({
      coverage: {
        all: { text: '10%' },
        production: { text: '40%' },
        direct: { text: '30%' },
      },
      // Lines of another file than the one the policy is called by say nothing.
      packages: [
        { pattern: 'a', require: 'none', line: 5 },
        { pattern: 'b', require: 'staged', line: null },
      ],
      deniedEvents: ['push'],
      minimumReleaseAge: 86_400_000,
      history: {
        compareWithin: 100 * 86_400_000,
        byHandAfter: 7 * 86_400_000,
        atOnceWithin: 3_600_000,
      },
      exemptions: [
        { range: '^1', reason: 'own', line: 7 },
        { range: '^2', reason: 'more', line: null },
      ],
      acknowledged: [{ name: 'a', line: null }],
      registries: [
        { url: 'https://r.example/', hasNoEvidence: true },
        { url: 'https://s.example/', hasNoEvidence: false },
      ],
      issuers: [
        { issuer: 'https://i.example', server: 'https://own.example/' },
      ],
    });
  });

  it('merges a file once, however many extend it', async () => {
    const { parts, files } = await extendValid({
      'p.yaml': policy('extends: [a.yaml, b.yaml]'),
      'a.yaml': policy('extends: ./c.yaml'),
      'b.yaml': policy('extends: sub/../c.yaml'),
      'c.yaml': policy('packages: { a: { require: staged } }'),
    });
    expect(files).toEqual(['p.yaml', 'a.yaml', 'c.yaml', 'b.yaml']);
    expect(parts.packages).toHaveLength(1);
  });

  it('has the digest of its one file, or one over those of all', async () => {
    const alone = policy('');
    const extended = policy('coverage: { all: 1% }');
    const first = policy('extends: q.yaml');
    expect(await extendValid({ 'p.yaml': alone })).toMatchObject({
      sha256: sha256(alone),
    });
    const { sha256: of } = await extendValid({
      'p.yaml': first,
      'q.yaml': extended,
    });
    expect(of).toBe(
      sha256(`${sha256(first)}  p.yaml\n${sha256(extended)}  q.yaml\n`),
    );
    const changed = await extendValid({
      'p.yaml': first,
      'q.yaml': policy('coverage: { all: 2% }'),
    });
    expect(changed.sha256).not.toBe(of);
  });

  it('becomes a policy, with where it comes from', async () => {
    const extended = await extendValid({ 'p.yaml': policy('') });
    const source = { origin: 'git', path: 'p.yaml', ref: 'main' } as const;
    expect(toPolicy(extended, source)).toEqual({
      ...source,
      sha256: sha256(policy('')),
      rules: new Map(),
      coverage: { all: null, production: null, direct: null },
      packages: [],
      deniedEvents: [],
      minimumReleaseAge: null,
      history: DEFAULT_WINDOWS,
      exemptions: [],
      acknowledged: [],
      registries: [],
      issuers: [],
    });
  });

  it('has the windows that it says itself, and the usual ones beside', async () => {
    const extended = await extendValid({
      'p.yaml': policy('history: { byHandAfter: 1d }'),
    });
    const source = { origin: 'file', path: 'p.yaml', ref: null } as const;
    expect(toPolicy(extended, source).history).toEqual({
      ...DEFAULT_WINDOWS,
      byHandAfter: 86_400_000,
    });
  });

  it('follows eight files deep', async () => {
    expect((await extendValid(chainOf(9))).files).toHaveLength(9);
  });

  it.each<readonly [what: string, files: Files, message: string]>([
    [
      'itself',
      { 'p.yaml': policy('extends: ./p.yaml') },
      'p.yaml:2:10: extends: a cycle: p.yaml extends p.yaml',
    ],
    [
      'what extends it',
      {
        'p.yaml': policy('extends: a/q.yaml'),
        'a/q.yaml': policy('extends: ../p.yaml'),
      },
      'a/q.yaml:2:10: extends: a cycle: p.yaml extends a/q.yaml extends p.yaml',
    ],
    [
      'a file above the repository',
      { 'a/p.yaml': policy('extends: ../../q.yaml') },
      'a/p.yaml:2:10: extends: leads out of the repository',
    ],
    [
      'a file above the repository on a way through it',
      { 'p.yaml': policy('extends: a/../b/../../q.yaml') },
      'p.yaml:2:10: extends: leads out of the repository',
    ],
    [
      'an address',
      { 'p.yaml': policy('extends: https://policy.example/q.yaml') },
      "p.yaml:2:10: extends: expected a relative path with slashes, no URL, found 'https://policy.example/q.yaml'",
    ],
    [
      'a dependency',
      { 'p.yaml': policy('extends: node_modules/q/q.yaml') },
      "p.yaml:2:10: extends: expected a file of this repository, nothing in node_modules, found 'node_modules/q/q.yaml'",
    ],
    [
      'a file beside it in node_modules',
      {
        'node_modules/q/p.yaml': policy('extends: q.yaml'),
        'node_modules/q/q.yaml': policy(''),
      },
      'node_modules/q/p.yaml:2:10: extends: leads into node_modules',
    ],
    [
      'a file that is not there',
      { 'p.yaml': policy('extends: [q.yaml]') },
      'p.yaml:2:11: extends: q.yaml: no such file or folder',
    ],
    [
      'more than eight deep',
      chainOf(10),
      'p8.yaml:2:10: extends: more than 8 files deep',
    ],
  ])('P14: refuses a policy that extends %s', async (_what, files, message) => {
    const extended = await extend(files);
    expect(extended).toMatchObject({ status: 'error' });
    if (extended.status === 'error') {
      expect(extended.problems.map(formatProblem)).toEqual([message]);
    }
  });

  it('P14: refuses more than 64 files', async () => {
    const names = Array.from({ length: 64 }, (_, index) => `q${index}.yaml`);
    const half = names.length / 2;
    const extended = await extend({
      'p.yaml': policy(`extends: [${names.slice(0, half).join(', ')}]`),
      ...Object.fromEntries(names.map((name) => [name, policy('')])),
      'q0.yaml': policy(`extends: [${names.slice(half).join(', ')}]`),
    });
    expect(extended).toMatchObject({
      status: 'error',
      problems: [{ message: 'more than 64 files' }],
    });
  });

  it('names the problems of every file together', async () => {
    const extended = await extend({
      'p.yaml': policy('extends: [q.yaml, r.yaml]'),
      'q.yaml': policy('coverage: { all: 90 }'),
      'r.yaml': 'version: 2',
    });
    expect(extended).toMatchObject({
      problems: [
        { path: 'q.yaml', key: 'coverage.all' },
        { path: 'r.yaml', key: 'version' },
      ],
    });
  });
});

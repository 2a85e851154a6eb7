import { describe, expect, it } from 'vitest';
import {
  githubIdentity,
  gitlabIdentity,
  withExtensions,
  type AttestOptions,
} from '../../fixtures/statements.js';
import { evaluatePolicy } from '../../src/policy/evaluate-policy.js';
import type { PackagePolicy, Policy } from '../../src/policy/policy.js';
import { RULES } from '../../src/policy/rules/index.js';
import { resultOf } from '../../src/report/result.js';
import { attest, expectVerified, judgeOurs } from '../facts/hostile-scene.js';
import { packageEntry } from './entries.js';
import { contextOf, inScope } from './subjects.js';

/**
 * Rows of the hostile inputs that are honestly signed, so that nothing but the
 * policy stands against them. Each document is verified against the private
 * Sigstore that signed it.
 */
interface Judged {
  readonly rules: readonly string[];
  readonly exitCode: number;
}

function judgePolicy(options: AttestOptions, policy: Partial<Policy>): Judged {
  const facts = judgeOurs(attest(options));
  expectVerified(facts);
  const { findings } = evaluatePolicy(
    [inScope({ facts })],
    contextOf(policy),
    // What they find wrong with the policy itself is not the question.
    RULES.filter(({ about }) => about === 'packages'),
  );
  const { exitCode } = resultOf(findings);
  return { rules: findings.map(({ rule }) => rule), exitCode };
}

function demanding(demands: Partial<PackagePolicy>): Partial<Policy> {
  return { packages: [packageEntry('@acme/*', demands)] };
}

function built(by: Parameters<typeof githubIdentity>[0]): AttestOptions {
  return { identity: githubIdentity(by) };
}

const BARE = 'https://github.com/actions/runner';
const SELF_HOSTED = built({ runner: 'self-hosted' });
const ACME = demanding({ source: ['https://github.com/acme/*'] });
const NO_STRANGERS: Partial<Policy> = {
  deniedEvents: ['pull_request_target', 'issue_comment'],
};
const FROM_A_FORK = built({ event: 'pull_request_target' });

describe('a policy against what is honestly signed', () => {
  it.each<[string, AttestOptions, Partial<Policy>, readonly string[]]>([
    ['control: the default policy', SELF_HOSTED, {}, []],
    ['P04 control: a repository of acme', {}, ACME, []],
    [
      'P04 control: one in other case',
      built({ repository: 'Acme/Widget' }),
      ACME,
      [],
    ],
    [
      'P04 acme/* and a repository of acme-evil',
      built({ repository: 'acme-evil/x' }),
      ACME,
      ['source-not-allowed'],
    ],
    [
      'P04 acme/* and a repository acme of evil',
      built({ repository: 'evil/acme' }),
      ACME,
      ['source-not-allowed'],
    ],
    [
      'P04 a group’s * and a project of a group below it',
      { identity: gitlabIdentity({ project: 'acme/evil/x' }) },
      demanding({ source: ['https://gitlab.com/acme/*'] }),
      ['source-not-allowed'],
    ],
    [
      'P04 the same name on another platform',
      { identity: gitlabIdentity() },
      demanding({ source: ['https://github.com/acme/widget'] }),
      ['source-not-allowed'],
    ],
    ['P22 control: another event', {}, NO_STRANGERS, []],
    ['P22 control: no event denied', FROM_A_FORK, {}, []],
    ['P22 a denied event', FROM_A_FORK, NO_STRANGERS, ['event-denied']],
    [
      'P24 control: the builder in full',
      SELF_HOSTED,
      demanding({ builder: [`${BARE}/self-hosted`] }),
      [],
    ],
    [
      'P24 the bare builder allowed, found /self-hosted',
      SELF_HOSTED,
      demanding({ builder: [BARE] }),
      ['builder-not-allowed'],
    ],
    [
      'P24 the bare builder allowed, found /github-hosted',
      {},
      demanding({ builder: [BARE] }),
      ['builder-not-allowed'],
    ],
    ['H009 control: hosted', {}, demanding({ runner: ['hosted'] }), []],
    [
      'H009 control: hosted by GitLab',
      { identity: gitlabIdentity() },
      demanding({ runner: ['hosted'] }),
      [],
    ],
    [
      'H009 self-hosted where hosted is wanted',
      SELF_HOSTED,
      demanding({ runner: ['hosted'] }),
      ['runner-not-allowed'],
    ],
    [
      'H009 self-hosted where the hosted builder is wanted',
      SELF_HOSTED,
      demanding({ builder: [`${BARE}/github-hosted`] }),
      ['builder-not-allowed'],
    ],
    [
      'a reusable workflow where the caller should sign',
      built({
        signer: {
          repository: 'shared/ci',
          path: '.github/workflows/publish.yml',
          ref: 'refs/tags/v3',
          commit: 'b'.repeat(40),
        },
      }),
      demanding({
        workflow: ['.github/workflows/release.yml'],
        signer: [
          'https://github.com/acme/widget/.github/workflows/release.yml',
        ],
      }),
      ['signer-not-allowed'],
    ],
    [
      'another workflow, branch, issuer and event: each is said',
      built({
        workflow: '.github/workflows/ci.yml',
        ref: 'refs/heads/x',
        event: 'issue_comment',
      }),
      {
        ...NO_STRANGERS,
        ...demanding({
          workflow: ['.github/workflows/release.yml'],
          ref: ['refs/tags/*'],
          issuer: ['https://gitlab.com'],
        }),
      },
      [
        'workflow-not-allowed',
        'ref-not-allowed',
        'issuer-not-allowed',
        'event-denied',
      ],
    ],
  ])('%s', (_title, options, policy, rules) => {
    expect(judgePolicy(options, policy)).toEqual({
      rules,
      exitCode: rules.length === 0 ? 0 : 1,
    });
  });

  it('P06 a source pattern with 10,000 stars matches nothing, at once', () => {
    const stars = `https://github.com/acme/${'*a'.repeat(10_000)}`;
    expect(judgePolicy({}, demanding({ source: [stars] })).rules).toEqual([
      'source-not-allowed',
    ]);
  });

  it('P06 a package pattern with 10,000 stars is matched in linear time', () => {
    const entry = packageEntry('@'.padEnd(20_001, '*a'), { require: 'staged' });
    expect(judgePolicy({}, { packages: [entry] }).rules).toEqual([]);
    const stars = packageEntry('@acme/'.padEnd(10_006, '*'), {
      require: 'staged',
    });
    expect(judgePolicy({}, { packages: [stars] })).toEqual({
      rules: ['required-level-missing'],
      exitCode: 1,
    });
  });

  it('takes what the certificate does not say for no match', () => {
    const old = {
      identity: withExtensions(
        githubIdentity(),
        Object.fromEntries(
          [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22].map(
            (number) => [number, null],
          ),
        ),
      ),
      provenance: 'gha/v2',
    } as const;
    const policy = demanding({
      source: ['https://github.com/acme/widget'],
      workflow: ['.github/workflows/release.yml'],
      ref: ['refs/tags/*'],
      runner: ['hosted', 'self-hosted'],
      builder: [BARE, `${BARE}/github-hosted`],
      events: ['push'],
    });
    // Repository, ref and event were in certificates from the beginning.
    expect(judgePolicy(old, policy)).toEqual({
      rules: [
        'workflow-not-allowed',
        'runner-not-allowed',
        'builder-not-allowed',
      ],
      exitCode: 1,
    });
  });
});

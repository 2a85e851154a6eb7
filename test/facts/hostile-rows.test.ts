import { describe, expect, it } from 'vitest';
import { withAttestation } from '../../fixtures/mutations.js';
import { withClaimedWorkflow } from '../../fixtures/predicate-mutations.js';
import {
  attestPackage,
  githubIdentity,
  githubProvenanceV1,
  gitlabIdentity,
  type AttestOptions,
} from '../../fixtures/statements.js';
import { buildReport } from '../../src/report/build-report.js';
import { isPrintable } from '../../src/report/escape.js';
import { renderText } from '../../src/report/render-text.js';
import {
  sampleDependency,
  sampleInput,
  tamperedFinding,
  verified,
} from '../report/sample-report.js';
import {
  CERTIFICATE_ROWS,
  ENVELOPE_ROWS,
  LOG_ROWS,
} from './hostile-rows/bundle-rows.js';
import { DOCUMENT_ROWS, PUBLISH_ROWS } from './hostile-rows/document-rows.js';
import { IDENTITY_ROWS } from './hostile-rows/identity-rows.js';
import { STATEMENT_ROWS } from './hostile-rows/statement-rows.js';
import {
  attest,
  document,
  expectRejected,
  expectVerified,
  github,
  honest,
  ID,
  judgeOurs,
  PINNED,
  SHA512,
  sigstore,
  trustRoot,
  type HostileRow,
} from './hostile-scene.js';
import { judge, toBytes } from './judge.js';

/**
 * Section H of the hostile inputs, row by row, each document made here. Titles
 * begin with the row's id. H101 is about two answers of a registry, which the
 * evidence stage compares: `test/evidence/withheld-attestations.test.ts`.
 */
const REUSABLE = githubIdentity({
  signer: {
    repository: 'shared/ci',
    path: '.github/workflows/publish.yml',
    ref: 'refs/tags/v3',
    commit: 'b'.repeat(40),
  },
});

describe('controls, which must pass', () => {
  it('H000 control: GitHub, SLSA v1', () => {
    const id = { ...ID, name: 'widget' };
    const body = attestPackage(sigstore, id, SHA512, {
      signing: { version: 'v0.2' },
    });
    const circumstances = { trustRoot, now: sigstore.now };
    expectVerified(judge({ ...PINNED, ...id }, toBytes(body), circumstances));
  });

  it.each<[string, AttestOptions]>([
    ['H001 control: scoped name', {}],
    ['H003 control: v0.3 bundle', { signing: { version: 'v0.3' } }],
    ['H004 control: SLSA v0.2 from GitHub', { provenance: 'gha/v2' }],
    ['H005 control: GitLab v0.2', { identity: gitlabIdentity() }],
    [
      'H007 control: reusable workflow signs, build config is the caller',
      { identity: REUSABLE },
    ],
  ])('%s', (_title, options) => {
    expectVerified(judgeOurs(attest(options)));
  });

  it('H007 names the caller as workflow, and the reusable one as signer', () => {
    expect(judgeOurs(attest({ identity: REUSABLE })).provenance).toMatchObject({
      workflow: github.workflow,
      workflowRef: github.ref,
      signer:
        'https://github.com/shared/ci/.github/workflows/publish.yml@refs/tags/v3',
    });
  });

  it('H008 control: extra attestation of an unknown predicate type', () => {
    const predicateType = 'https://example.com/other/v1';
    const bundle = sigstore.signWithCertificate(
      { ...honest, predicateType, predicate: {} },
      { identity: github },
    );
    const facts = judgeOurs(
      withAttestation(document, { predicateType, bundle }),
    );
    expectVerified(facts);
    expect(facts.otherPredicateTypes).toEqual([predicateType]);
  });

  it('H009 consistent self-hosted runner: verified, for the policy to decide', () => {
    const facts = judgeOurs(
      attest({ identity: githubIdentity({ runner: 'self-hosted' }) }),
    );
    expectVerified(facts);
    expect(facts.provenance).toMatchObject({
      runner: 'self-hosted',
      builder: 'https://github.com/actions/runner/self-hosted',
    });
  });
});

function expectRow({ kind, code, build, pinned }: HostileRow): void {
  const circumstances = { trustRoot, now: sigstore.now };
  const facts = judge(pinned ?? PINNED, toBytes(build()), circumstances);
  expectRejected(facts, kind, code);
}

function titled(rows: readonly HostileRow[]): [string, HostileRow][] {
  return rows.map((each) => [each.title, each]);
}

describe.each([
  ['identity: predicate and certificate', IDENTITY_ROWS],
  ['subject and statement', STATEMENT_ROWS],
  ['envelope and bundle', ENVELOPE_ROWS],
  ['certificate', CERTIFICATE_ROWS],
  ['log entry', LOG_ROWS],
  ['publish attestation', PUBLISH_ROWS],
  ['document', DOCUMENT_ROWS],
])('%s', (_theme, rows) => {
  it.each(titled(rows))('%s', (_title, each) => {
    expectRow(each);
  });
});

describe('hostile text in a sound document', () => {
  const workflow =
    '.github/workflows/\u{1b}]0;pwn\u{7}<img src=x onerror=alert(1)>\u{202e}.yml';
  const hostile = githubIdentity({ workflow });
  const sound = attest({
    identity: hostile,
    statement: githubProvenanceV1(ID, SHA512, hostile),
  });
  const options = { width: 160, color: false, verbose: true, quiet: false };

  it('H108 terminal escapes, HTML and bidi in the workflow identity: verified', () => {
    const facts = judgeOurs(sound);
    expectVerified(facts);
    expect(facts.provenance?.workflow).toBe(workflow);
  });

  it('H108 is shown escaped at a terminal', () => {
    const facts = judgeOurs(sound);
    const subject = { ...verified(sampleDependency(ID.name)), facts };
    const text = renderText(buildReport(sampleInput([subject], [])), options);
    expect(text.split('\n').every(isPrintable)).toBe(true);
  });

  it('H108 is shown escaped where it contradicts the predicate', () => {
    const statement = withClaimedWorkflow(honest, {
      path: '.github/workflows/release.yml',
    });
    const facts = judgeOurs(attest({ identity: hostile, statement }));
    expectRejected(facts, 'mismatch', 'identity-workflow');
    const subject = { ...verified(sampleDependency(ID.name)), facts };
    const input = sampleInput([subject], [tamperedFinding(subject)]);
    const text = renderText(buildReport(input), options);
    expect(text.split('\n').every(isPrintable)).toBe(true);
    expect(text).toContain(String.raw`\u{1b}]0;pwn\u{7}<img`);
    expect(text).toContain(String.raw`\u{202e}`);
  });
});

import { describe, expect, it } from 'vitest';
import {
  githubIdentity,
  gitlabIdentity,
  withOldCertificate,
} from '../../fixtures/identities.js';
import { githubProvenanceV1 } from '../../fixtures/provenance.js';
import { deriveProvenance } from '../../src/facts/provenance.js';
import type { JsonValue } from '../../src/json/strict-json.js';
import { ID, SHA512 } from '../verification/samples.js';
import { codesOfChecks, signedBy, verified, withValue } from './verified.js';

const GITHUB = githubIdentity();
const HONEST = githubProvenanceV1(ID, SHA512, GITHUB);
const WORKFLOW = 'buildDefinition.externalParameters.workflow';
const RUN = 'buildDefinition.internalParameters.github';
const SOURCES = 'buildDefinition.resolvedDependencies';
const URI = 'git+https://github.com/acme/widget';

function codesOf(
  statement: Parameters<typeof verified>[0],
  identity: Parameters<typeof signedBy>[0] = GITHUB,
): readonly string[] {
  const result = deriveProvenance(verified(statement, signedBy(identity)));
  const codes = codesOfChecks(result.checks);
  expect(result.provenance === null).toBe(codes.length > 0);
  return codes;
}

type Row = readonly [
  what: string,
  path: string,
  value: JsonValue | undefined,
  codes: readonly string[],
];

/** What documents made and signed in full do not show already. */
describe('SLSA provenance v1', () => {
  it.each<Row>([
    [
      'a builder that names no runner means a hosted one',
      'runDetails.builder.id',
      'https://github.com/actions/runner',
      [],
    ],
    ['parameters that nobody knows', `${RUN}.future`, 'x', []],
    [
      'metadata that nobody signs for',
      'runDetails.metadata.startedOn',
      '2026-06-01T12:00:00Z',
      [],
    ],
  ])('agrees: %s', (_what, path, value, codes) => {
    expect(codesOf(withValue(HONEST, path, value))).toEqual(codes);
  });

  it.each<Row>([
    [
      'another source',
      `${SOURCES}.0.uri`,
      'git+https://github.com/evil/widget@refs/tags/v1.2.3',
      ['identity-repository'],
    ],
    [
      'a repository in another case',
      `${WORKFLOW}.repository`,
      'https://github.com/Acme/widget',
      ['identity-repository'],
    ],
    [
      'a repository with .git behind it',
      `${WORKFLOW}.repository`,
      'https://github.com/acme/widget.git',
      ['identity-repository'],
    ],
    [
      'a self-hosted runner',
      'runDetails.builder.id',
      'https://github.com/actions/runner/self-hosted',
      ['identity-runner'],
    ],
    [
      'a builder with a slash behind it',
      'runDetails.builder.id',
      'https://github.com/actions/runner/',
      ['builder-id'],
    ],
    [
      'the build type of v0.2',
      'buildDefinition.buildType',
      'https://github.com/npm/cli/gha/v2',
      ['build-type'],
    ],
    [
      'a source without a ref',
      `${SOURCES}.0.uri`,
      URI,
      ['predicate-malformed'],
    ],
    ['an empty ref', `${SOURCES}.0.uri`, `${URI}@`, ['identity-ref']],
    [
      'a commit under another name',
      `${SOURCES}.0.digest`,
      { sha1: 'a'.repeat(40) },
      ['predicate-malformed'],
    ],
    ['no source', SOURCES, [], ['predicate-malformed']],
    [
      'an event that is a list',
      `${RUN}.event_name`,
      ['push'],
      ['predicate-malformed'],
    ],
    [
      'an id that is a number',
      `${RUN}.repository_id`,
      1001,
      ['predicate-malformed'],
    ],
    [
      'no invocation',
      'runDetails.metadata.invocationId',
      undefined,
      ['predicate-malformed'],
    ],
    ['no workflow ref', `${WORKFLOW}.ref`, '', ['predicate-malformed']],
    ['no builder', 'runDetails', {}, ['predicate-malformed']],
    ['nothing of a build', 'buildDefinition', null, ['predicate-malformed']],
  ])('does not: %s', (_defect, path, value, codes) => {
    expect(codesOf(withValue(HONEST, path, value))).toEqual(codes);
  });

  it('of a certificate of another platform is believed in nothing', () => {
    expect(codesOf(HONEST, gitlabIdentity())).toEqual(['identity-issuer']);
  });

  it('may come with an old certificate, and then proves less', () => {
    const old = signedBy(withOldCertificate(GITHUB));
    expect(deriveProvenance(verified(HONEST, old))).toMatchObject({
      provenance: { limitedIdentity: true, runner: null, runUrl: null },
    });
  });

  it('names the certificate’s own contradictions first', () => {
    const extensions = { ...GITHUB.extensions, 2: 'schedule' };
    const run = withValue(HONEST, `${RUN}.repository_id`, '666');
    expect(codesOf(run, { ...GITHUB, extensions })).toEqual([
      'identity-event',
      'identity-repository-id',
    ]);
  });

  it('signed by a key is believed by nobody', () => {
    const signed = verified(HONEST, { kind: 'key', keyId: 'SHA256:one' });
    expect(deriveProvenance(signed)).toMatchObject({
      provenance: null,
      checks: [
        {
          check: 'signed-by-certificate',
          code: 'identity-issuer',
          found: 'SHA256:one',
        },
      ],
    });
  });
});

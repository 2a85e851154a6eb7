import { describe, expect, it } from 'vitest';
import type { ProvenanceFacts } from '../../../src/facts/facts.js';
import { NOTHING_PROVEN, toPin } from '../../../src/policy/pins/pin.js';
import { PROVEN, PROVENANCE, UNPROVEN } from '../subjects.js';

function pinOf(change: Partial<ProvenanceFacts>) {
  return toPin({ ...PROVEN, provenance: { ...PROVENANCE, ...change } });
}

describe('toPin', () => {
  it('takes what stays the same from one version to the next', () => {
    expect(toPin(PROVEN)).toEqual({
      level: 'provenance',
      source: 'https://github.com/acme/widget',
      sourceId: '1001',
      ownerId: '2001',
      workflow: '.github/workflows/release.yml',
      builder: 'https://github.com/actions/runner/github-hosted',
      issuer: 'https://token.actions.githubusercontent.com',
      refKind: 'tag',
    });
    const next = pinOf({
      sourceRef: 'refs/tags/v1.2.4',
      workflowRef: 'refs/tags/v1.2.4',
      sourceRevision: 'b'.repeat(40),
      event: 'workflow_dispatch',
    });
    expect(next).toEqual(toPin(PROVEN));
  });

  it('has nothing but the level where nothing else is proven', () => {
    expect(toPin(UNPROVEN)).toEqual({
      ...NOTHING_PROVEN,
      level: 'registry-signature',
    });
  });

  it.each([
    ['refs/heads/main', 'branch'],
    ['refs/tags/v1', 'tag'],
    ['refs/pull/1/merge', 'other'],
    [null, null],
  ])('knows the kind of %s', (sourceRef, refKind) => {
    expect(pinOf({ sourceRef }).refKind).toBe(refKind);
  });

  it.each<[string, Partial<ProvenanceFacts>, string | null]>([
    [
      'a bare GitHub runner by its machine',
      { builder: 'https://github.com/actions/runner', runner: null },
      'https://github.com/actions/runner/github-hosted',
    ],
    [
      'a self-hosted GitHub runner',
      { builder: 'https://github.com/actions/runner/self-hosted' },
      'https://github.com/actions/runner/self-hosted',
    ],
    [
      'a GitLab runner without its number and project',
      {
        builder: 'https://gitlab.com/acme/widget/-/runners/12270840',
        sourceRepository: 'https://gitlab.com/acme/widget',
        runner: 'gitlab-hosted',
      },
      'https://gitlab.com/-/runners/gitlab-hosted',
    ],
    [
      'a builder with a version without it',
      { builder: 'https://github.com/acme/builder/x.yml@refs/tags/v2' },
      'https://github.com/acme/builder/x.yml',
    ],
    ['of an old certificate none', { limitedIdentity: true }, null],
  ])('names %s', (_what, change, builder) => {
    expect(pinOf(change).builder).toBe(builder);
  });
});

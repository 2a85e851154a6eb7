import { describe, expect, it } from 'vitest';
import type { RegistryConfig } from '../../src/evidence/registry-config.js';
import type { RegistryPolicy } from '../../src/policy/policy.js';
import { withPolicyRegistries } from '../../src/policy/registry-roles.js';

const PUBLIC = 'https://registry.example/';
const OWN = 'https://mirror.example/';
const SCOPED = 'https://npm.acme.example/';
const PROJECTS = 'https://chosen.example/';
const STRANGER = 'https://stranger.example/';

const CONFIG: RegistryConfig = {
  publicRegistry: PUBLIC,
  defaultRegistry: OWN,
  scopes: new Map([
    ['@acme', SCOPED],
    ['@other', PROJECTS],
  ]),
  namedByProject: new Set([PROJECTS]),
};

function entry(change: Partial<RegistryPolicy>): RegistryPolicy {
  return {
    url: STRANGER,
    mirrorOf: null,
    hasNoEvidence: false,
    evidenceFrom: null,
    ...change,
  };
}

function ofProject(...registries: readonly RegistryPolicy[]) {
  return { registries, ofProject: true, path: 'p.yaml' } as const;
}

function byUser(...registries: readonly RegistryPolicy[]) {
  return { registries, path: '/etc/p.yaml' } as const;
}

describe('a policy of the audited project', () => {
  it.each([PUBLIC, OWN, SCOPED])('may have %s asked', (evidenceFrom) => {
    const policy = ofProject(entry({ evidenceFrom }));
    const { roles } = withPolicyRegistries(CONFIG, policy);
    expect(roles?.get(STRANGER)).toMatchObject({ evidenceFrom });
  });

  it.each([STRANGER, PROJECTS])(
    'T6: does not choose who is asked: %s',
    (evidenceFrom) => {
      const listed = entry({ url: 'https://x.example/', evidenceFrom });
      expect(() => withPolicyRegistries(CONFIG, ofProject(listed))).toThrow(
        expect.objectContaining({
          code: 'POLICY_INVALID',
          message: expect.stringContaining(
            `p.yaml: registries, https://x.example/: the audited project does not choose who is asked for evidence; name ${evidenceFrom} `,
          ) as unknown,
        }),
      );
      const { roles } = withPolicyRegistries(CONFIG, byUser(listed));
      expect(roles?.get('https://x.example/')).toMatchObject({ evidenceFrom });
    },
  );

  it.each([
    ['a registry that the user has for a scope', SCOPED, false],
    ['the one that the user has for everything', OWN, true],
    ['one that only the project names', PROJECTS, true],
    ['one that nobody names', STRANGER, true],
  ])('T5: is told apart where it takes out %s', (_what, url, expected) => {
    const listed = entry({ url, hasNoEvidence: true });
    const of = (policy: Parameters<typeof withPolicyRegistries>[1]) =>
      withPolicyRegistries(CONFIG, policy).roles?.get(url)?.isProjectsWord;
    expect(of(ofProject(listed))).toBe(expected);
    expect(of(byUser(listed))).toBe(false);
  });

  it('may say of any registry whose packages it serves', () => {
    const policy = ofProject(entry({ mirrorOf: PUBLIC }));
    const { roles } = withPolicyRegistries(CONFIG, policy);
    expect(roles?.get(STRANGER)?.mirrorOf).toBe(PUBLIC);
  });
});

it('a policy that says nothing of registries changes nothing', () => {
  expect(withPolicyRegistries(CONFIG, ofProject())).toBe(CONFIG);
});

import { AuditError } from '../errors.js';
import type {
  RegistryConfig,
  RegistryRole,
} from '../evidence/registry-config.js';
import type { Policy, RegistryPolicy } from './policy.js';

/**
 * `config` with what the policy says about registries.
 *
 * A policy of the audited project may say which registry another one mirrors:
 * that decides what is demanded of the evidence, and weakens nothing. It may not
 * choose who is asked for evidence, beyond the public registry and those of the
 * user's own npm configuration; for another one this throws an `AuditError`
 * `POLICY_INVALID`. Where it takes a registry out of scope that the user's
 * configuration does not name for a scope, the role says so
 * (`isProjectsWord`), and a finding will (SECURITY.md T5 and T6).
 */
export function withPolicyRegistries(
  config: RegistryConfig,
  policy: Pick<Policy, 'registries' | 'ofProject' | 'path'>,
): RegistryConfig {
  const { registries, path } = policy;
  if (registries.length === 0) return config;
  const isOfProject = policy.ofProject === true;
  const known = knownToUser(config);
  const roles = registries.map((entry): [string, RegistryRole] => {
    const { url, evidenceFrom } = entry;
    if (isOfProject && evidenceFrom !== null && !known.all.has(evidenceFrom)) {
      throw refused(entry, path);
    }
    return [
      url,
      {
        mirrorOf: entry.mirrorOf,
        hasNoEvidence: entry.hasNoEvidence,
        evidenceFrom,
        isProjectsWord: isOfProject && !known.ofScopes.has(url),
      },
    ];
  });
  return { ...config, roles: new Map(roles) };
}

/** The registries that somebody else than the audited project names. */
function knownToUser(config: RegistryConfig): {
  readonly all: ReadonlySet<string>;
  readonly ofScopes: ReadonlySet<string>;
} {
  const { publicRegistry, defaultRegistry, scopes, namedByProject } = config;
  const isUsers = (url: string): boolean => !namedByProject.has(url);
  const ofScopes = [...scopes.values()].filter(isUsers);
  const all = [defaultRegistry].filter(isUsers);
  return {
    all: new Set([publicRegistry, ...all, ...ofScopes]),
    ofScopes: new Set(ofScopes),
  };
}

function refused(
  { url, evidenceFrom }: RegistryPolicy,
  path: string | null,
): AuditError {
  return new AuditError(
    'POLICY_INVALID',
    `${path ?? 'policy'}: registries, ${url}: the audited project does not choose who is asked for evidence; ` +
      `name ${evidenceFrom ?? ''} in your own npm configuration, or the policy with --policy-from or from elsewhere with --policy`,
  );
}

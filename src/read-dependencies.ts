import type { AuditOptions, AuditPorts } from './audit-ports.js';
import type { RegistryConfig } from './evidence/registry-config.js';
import { recognizeRegistryTarball } from './evidence/registry-identity.js';
import type { Dependency, Lockfile } from './lockfile/dependency.js';
import type { LockfileInput } from './lockfile/lockfile-format.js';
import { parseLockfile } from './lockfile/parse-lockfile.js';
import { withPolicyRegistries } from './policy/registry-roles.js';

/** A lockfile, and what it pins as an audit takes it. */
export interface ReadLockfile {
  readonly lockfile: Lockfile;
  readonly dependencies: readonly Dependency[];
}

/**
 * The dependencies of a lockfile as an audit with these settings takes them.
 * Throws `AuditError` where it cannot be read.
 */
export async function readDependencies(
  source: LockfileInput,
  ports: Pick<AuditPorts, 'loadTree'>,
  { registries, policy }: Pick<AuditOptions, 'registries' | 'policy'>,
): Promise<readonly Dependency[]> {
  const known = withPolicyRegistries(registries, policy);
  return (await readLockfile(source, ports, known)).dependencies;
}

/**
 * The same with the lockfile. `registries` must know what the policy says of
 * them: a tarball asked for by its address is a registry's where that address
 * lies inside one.
 */
export async function readLockfile(
  source: LockfileInput,
  { loadTree }: Pick<AuditPorts, 'loadTree'>,
  registries: RegistryConfig,
): Promise<ReadLockfile> {
  const lockfile = await parseLockfile(source, loadTree);
  const dependencies = lockfile.dependencies.map((each) =>
    recognizeRegistryTarball(each, registries),
  );
  return { lockfile, dependencies };
}

import type { Dependency, OriginKind } from '../../src/lockfile/dependency.js';
import type { VersionMetadata } from '../../src/evidence/version-metadata.js';

/** A dependency of which only id and origin matter. */
export function dependencyOf(
  name: string,
  resolved: string | null = null,
  kind: OriginKind = 'registry',
): Dependency {
  return {
    id: { name, version: '1.2.3' },
    aliases: [],
    integrity: null,
    origin: { kind, resolved },
    locations: [`node_modules/${name}`],
    production: true,
    direct: true,
    optional: false,
    omittedBy: [],
    paths: [],
    requiredBy: [],
    workspaces: [],
    patched: false,
    line: null,
    column: null,
  };
}

/** A manifest as a registry serves it, as bytes. */
export function manifestOf(
  name: string,
  dist: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  return jsonBytes({ name, version: '1.2.3', dist });
}

export function jsonBytes(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

export const SIGNED = { signatures: [{ keyid: 'k', sig: 's' }] };

export const METADATA: VersionMetadata = {
  integrity: null,
  signatures: [],
  advertisesAttestations: false,
  advertisesProvenance: false,
  publishedAt: null,
  declaredRepository: null,
};

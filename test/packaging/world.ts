import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startRegistry } from '../../fixtures/loopback-registry.js';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  serveProject,
  writeProject,
} from '../../fixtures/projects.js';

/** A project to audit and all that it takes, on this machine alone. */
export interface World {
  /** A scratch folder, removed in the end. */
  readonly folder: string;
  readonly project: string;
  readonly registry: string;
  /** Options that name registry and trust files. */
  readonly options: readonly string[];
  /** Trusted root and keys of the registry. */
  readonly trustFiles: readonly [string, string];
  close(): Promise<void>;
}

/** An honest project of two packages, one of them with provenance. */
export async function createWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-package-'));
  const sigstore = await createSigstore();
  const registry = await startRegistry({ keys: sigstore.registryKeys });
  const widget = { name: '@acme/widget', version: '1.2.3' };
  const pad = { name: 'left-pad', version: '1.3.0' };
  const project = projectOf([
    publishPackage(sigstore, widget),
    publishPackage(sigstore, pad, { attest: null }),
  ]);
  serveProject(project, registry);
  await mkdir(join(folder, 'project'));
  await writeProject(join(folder, 'project'), project);
  const trustedRoot = join(folder, 'trusted_root.json');
  const npmKeys = join(folder, 'keys.json');
  await writeFile(trustedRoot, JSON.stringify(sigstore.trustedRoot));
  await writeFile(npmKeys, JSON.stringify(sigstore.npmKeys));
  return {
    folder,
    project: join(folder, 'project'),
    registry: registry.url,
    trustFiles: [trustedRoot, npmKeys],
    options: [
      ...['--trusted-root', trustedRoot, '--npm-keys', npmKeys],
      ...['--registry', registry.url, '--cache', join(folder, 'cache')],
    ],
    close: async () => {
      await registry.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

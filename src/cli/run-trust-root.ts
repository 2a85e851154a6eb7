import { loadNpmConfig } from '../io/npm-config.js';
import { readVerifierVersion } from '../io/verifier-version.js';
import { buildTrustRootReport } from '../report/build-trust-root-report.js';
import { renderJson } from '../report/render-json.js';
import { renderTrustRootText } from '../report/render-trust-root-text.js';
import type { TrustRootDocuments } from '../verification/trust-root-documents.js';
import { cacheFolder } from './cache-folder.js';
import { createClockWatch } from './clock-watch.js';
import { checkDelivery, deliver, toDelivery, type Render } from './deliver.js';
import type { PlacedEnvironment } from './environment.js';
import { readLibraryVersions } from './library-versions.js';
import { noteOldNode } from './node-support.js';
import { createNotes, type Notes } from './notes.js';
import type { TrustRootCommandOptions } from './options.js';
import type { Self } from './self.js';
import {
  createTrustRootSource,
  type TrustRootWorld,
} from './trust-root-source.js';

/**
 * Describes the trust root that `options` lead to, refreshed where they ask for
 * it. Throws `AuditError` where there is none: a refresh that is not possible
 * never passes for one.
 */
export async function runTrustRoot(
  options: TrustRootCommandOptions,
  environment: PlacedEnvironment,
  self: Self,
): Promise<void> {
  const notes = createNotes(environment.stderr, options.quiet);
  noteOldNode(environment, self, notes);
  const delivery = await toDelivery(environment, '.');
  await checkDelivery(options, delivery);
  const { world, registryHosts } = await prepare(options, environment, notes);
  createClockWatch(world.now).check().messages.forEach(notes.warn);
  const documents = await load(options, world, {
    registryHosts,
    signal: environment.signal,
  });
  const report = buildTrustRootReport({
    tool: { version: self.version, verifier: readVerifierVersion() },
    libraries: readLibraryVersions(),
    checkedAt: world.now(),
    documents,
    registryHosts,
    cacheFolder: options.trustedRoot === null ? world.cacheDir : null,
  });
  const render: Render = (format, look) =>
    format === 'json' ? renderJson(report) : renderTrustRootText(report, look);
  await deliver(render, options, delivery);
}

async function prepare(
  { registry, cache }: TrustRootCommandOptions,
  { cwd, env }: PlacedEnvironment,
  notes: Notes,
): Promise<{
  readonly world: TrustRootWorld;
  readonly registryHosts: readonly string[];
}> {
  const cacheDir = await cacheFolder(cache, { cwd, env });
  const { registries, network, warnings } = await loadNpmConfig({
    // No project is audited: the current folder's settings must not count.
    projectDir: cacheDir,
    env,
    ...(registry !== null && { cliRegistry: registry }),
  });
  warnings.forEach(notes.warn);
  const bases = [
    registries.publicRegistry,
    ...(registry === null ? [] : [registries.defaultRegistry]),
  ];
  return {
    world: {
      cwd,
      cacheDir,
      network,
      now: () => new Date(),
      warn: notes.warn,
    },
    registryHosts: [...new Set(bases.map((base) => new URL(base).host))],
  };
}

async function load(
  options: TrustRootCommandOptions,
  world: TrustRootWorld,
  wanted: {
    readonly registryHosts: readonly string[];
    readonly signal: AbortSignal;
  },
): Promise<TrustRootDocuments> {
  const { registryHosts, signal } = wanted;
  const source = await createTrustRootSource(options, world);
  if (options.action === 'show') return source.load(registryHosts, signal);
  // Options that name files and a refresh are refused before.
  if (source.refresh === null) throw new Error('files cannot be refreshed');
  return source.refresh(registryHosts, signal);
}

import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTufMirror, type TufMirror } from '../../fixtures/tuf-mirror.js';
import {
  createTufRepository,
  type TufRepository,
  type TufRepositoryOptions,
} from '../../fixtures/tuf-repository.js';
import { AuditError } from '../../src/errors.js';
import { DEFAULT_NETWORK, type NetworkOptions } from '../../src/io/http.js';
import {
  createTufTrustRootSource,
  type TufTrustRootSource,
} from '../../src/io/tuf-trust-root.js';
import type { TrustRootDocuments } from '../../src/verification/trust-root-documents.js';

export const HOST = 'registry.example';
/** What the repository lists as that registry's keys: a file without any. */
export const KEYS = '{"keys":[]}';
export const NOW = new Date('2026-11-22T10:00:00Z');

/** `NOW` plus some days. */
export function daysLater(days: number): Date {
  return new Date(NOW.getTime() + days * 86_400_000);
}

/** A loopback mirror, a cache directory and a clock that a test can set. */
export interface TufScene {
  readonly repository: TufRepository;
  readonly mirror: TufMirror;
  readonly cacheDir: string;
  readonly warnings: string[];
  now: Date;
  load(options?: SceneLoad): Promise<TrustRootDocuments>;
  /** As `trust-root refresh` asks for it. */
  refresh(options?: SceneLoad): Promise<TrustRootDocuments>;
  /** The only cache file, parsed. */
  readCache(): Promise<CacheFile>;
  writeCache(content: CacheFile | string): Promise<void>;
  close(): Promise<void>;
}

export interface SceneLoad {
  readonly hosts?: readonly string[];
  readonly signal?: AbortSignal;
  /** Changes to the options; null for the public repository. */
  readonly rootFile?: Buffer | null;
  readonly mirrorUrl?: string | null;
  readonly cacheDir?: string;
  readonly timeoutMs?: number;
  readonly maxRootAge?: number;
  readonly network?: NetworkOptions;
}

export interface CacheFile {
  readonly refreshedAt: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The timestamp lives 7 days from `NOW`, as the public repository's does. */
export async function openScene(
  options: TufRepositoryOptions = {},
): Promise<TufScene> {
  const repository = createTufRepository({
    targets: new Map([['trusted_root.json', Buffer.from('root one')]]),
    registryKeys: new Map([[HOST, Buffer.from(KEYS)]]),
    expires: { timestamp: daysLater(7), root: daysLater(180) },
    ...options,
  });
  const mirror = await startTufMirror(repository);
  const folder = await mkdtemp(join(tmpdir(), 'tuf-scene-'));
  const cacheDir = join(folder, 'cache');
  const cachePath = async (): Promise<string> => {
    const names = await readdir(cacheDir);
    if (names.length !== 1) throw new Error(`cache holds ${names.join()}`);
    return join(cacheDir, names.join());
  };
  const warnings: string[] = [];
  const open = (load: SceneLoad): TufTrustRootSource => {
    const { mirrorUrl, rootFile = repository.rootJson } = load;
    return createTufTrustRootSource({
      cacheDir,
      network: { ...DEFAULT_NETWORK, noProxy: '127.0.0.1' },
      now: () => scene.now,
      warn: (message) => warnings.push(message),
      ...changesIn(load),
      ...(mirrorUrl === null ? {} : { mirrorUrl: mirrorUrl ?? mirror.url }),
      ...(rootFile === null ? {} : { rootFile }),
    });
  };
  const scene: TufScene = {
    repository,
    mirror,
    cacheDir,
    warnings,
    now: NOW,
    load: (load = {}) => open(load).load(...asking(load)),
    refresh: (load = {}) => open(load).refresh(...asking(load)),
    async readCache() {
      return JSON.parse(await readFile(await cachePath(), 'utf8')) as CacheFile;
    },
    async writeCache(content) {
      const text =
        typeof content === 'string' ? content : JSON.stringify(content);
      await writeFile(await cachePath(), text);
    },
    async close() {
      await mirror.close();
      await rm(folder, { recursive: true });
    },
  };
  return scene;
}

function asking({
  hosts,
  signal,
}: SceneLoad): [readonly string[], AbortSignal] {
  return [hosts ?? [HOST], signal ?? new AbortController().signal];
}

function changesIn(
  load: SceneLoad,
): Pick<SceneLoad, 'cacheDir' | 'timeoutMs' | 'maxRootAge' | 'network'> {
  const { cacheDir, timeoutMs, maxRootAge, network } = load;
  return {
    ...(cacheDir !== undefined && { cacheDir }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(maxRootAge !== undefined && { maxRootAge }),
    ...(network !== undefined && { network }),
  };
}

/** The error that a load ends with; throws where there is none of ours. */
export async function failureOf(load: Promise<unknown>): Promise<AuditError> {
  const error = await load.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof AuditError) return error;
  throw new Error('expected an AuditError', { cause: error });
}

/** Trusted root and keys of `HOST` as text. */
export function textsOf(documents: TrustRootDocuments): {
  readonly trustedRoot: string;
  readonly keys: string | null;
} {
  const { trustedRoot, registryKeys } = documents;
  const keys =
    registryKeys.scope === 'by-host' ? registryKeys.keys.get(HOST) : null;
  return {
    trustedRoot: Buffer.from(trustedRoot).toString(),
    keys: keys ? Buffer.from(keys).toString() : null,
  };
}

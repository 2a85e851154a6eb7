import { join } from 'node:path';
import { AuditError } from '../errors.js';
import {
  clearEvidence,
  describeEvidence,
  type EvidenceUse,
} from '../io/evidence-folder.js';
import { MAX_STORE_BYTES } from '../io/evidence-store.js';
import { reasonOf } from '../io/files.js';
import { escapeTerminal } from '../report/escape.js';
import { cacheFolder } from './cache-folder.js';
import type { PlacedEnvironment } from './environment.js';
import { EVIDENCE_FOLDER } from './evidence-source.js';
import type { CacheCommandOptions } from './options.js';
import { write } from './write.js';

const MIB = 1024 * 1024;
const MAX_PATH = 1024;

/**
 * Says what is kept of registries' answers, after removing it where `options`
 * ask for that. Throws `AuditError` `USAGE` where the folder cannot be used.
 */
export async function runCache(
  { action, cache, isJson }: CacheCommandOptions,
  environment: PlacedEnvironment,
): Promise<void> {
  const cacheDir = await cacheFolder(cache, environment);
  const folder = join(cacheDir, EVIDENCE_FOLDER);
  try {
    const removed = action === 'clear' ? await clearEvidence(folder) : null;
    const use = await describeEvidence(folder);
    await write(
      environment.stdout,
      isJson
        ? toJson({ folder, removedFiles: removed, ...use })
        : toText(folder, use, removed),
    );
  } catch (cause) {
    throw new AuditError('USAGE', `cache ${folder}: ${reasonOf(cause)}`, cause);
  }
}

function toJson({
  oldest,
  newest,
  ...use
}: EvidenceUse & {
  readonly folder: string;
  readonly removedFiles: number | null;
}): string {
  const value = {
    schemaVersion: 1,
    ...use,
    maxBytes: MAX_STORE_BYTES,
    oldest: oldest?.toISOString() ?? null,
    newest: newest?.toISOString() ?? null,
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function toText(
  folder: string,
  { answers, files, bytes, oldest, newest }: EvidenceUse,
  removed: number | null,
): string {
  const size = (bytes / MIB).toFixed(1);
  const lines = [
    `folder   ${escapeTerminal(folder, MAX_PATH)}`,
    ...(removed === null ? [] : [`removed  ${removed} files`]),
    `answers  ${answers} in ${files} files, ${size} of ${MAX_STORE_BYTES / MIB} MiB`,
  ];
  if (oldest !== null && newest !== null) {
    lines.push(`kept     ${oldest.toISOString()} to ${newest.toISOString()}`);
  }
  return `${lines.join('\n')}\n`;
}

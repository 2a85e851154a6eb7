import { resolve } from 'node:path';
import { AuditError } from '../errors.js';
import {
  MAX_ARCHIVE_BYTES,
  parseArchive,
  type EvidenceArchive,
} from '../io/evidence-archive.js';
import { sha256Hex } from '../io/evidence-pack.js';
import { reasonOf } from '../io/files.js';
import { readRegularFile } from '../io/regular-file.js';
import type { Notes } from './notes.js';

/**
 * Reads the archive that `--evidence` names, untrusted; null for none. Throws
 * an `AuditError` `USAGE` for one that cannot be used.
 */
export async function readArchive(
  path: string | null,
  cwd: string,
): Promise<EvidenceArchive | null> {
  if (path === null) return null;
  try {
    const limits = { maxBytes: MAX_ARCHIVE_BYTES, followLink: true };
    return parseArchive(await readRegularFile(resolve(cwd, path), limits));
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new AuditError('USAGE', `--evidence ${path}: ${reason}`, cause);
  }
}

/** Says so if `archive` was saved for another lockfile than `lockfile`. */
export function noteOtherLockfile(
  { lockfile: saved }: EvidenceArchive,
  lockfile: Uint8Array,
  notes: Notes,
): void {
  if (saved.sha256 === sha256Hex(lockfile)) return;
  notes.warn(
    `--evidence: saved for another lockfile than this one (${saved.path}, ` +
      `SHA-256 ${saved.sha256}); what it does not know stays open`,
  );
}

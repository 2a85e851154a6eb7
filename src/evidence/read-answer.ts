import { parseAnswer, type ParsedAnswer } from './answer-json.js';
import { parseAttestationDocument } from './attestation-document.js';
import { parseHistory, type HistoryAnswer } from './history-answer.js';
import type { RegistryRequest } from './registry.js';
import {
  parseVersionMetadata,
  type VersionMetadataResult,
} from './version-metadata.js';

/** The body of an answer as it was read, by the kind of the question. Claimed. */
export interface Reading {
  readonly version?: VersionMetadataResult;
  readonly attestations?: ReturnType<typeof parseAttestationDocument>;
  readonly times?: ParsedAnswer;
  readonly history?: HistoryAnswer;
}

/**
 * Largest list of publish times of a package in bytes: 4 MiB, enough for more
 * than 80,000 versions.
 */
export const MAX_TIMES_BYTES = 4 * 1024 * 1024;

/** Reads the body of a 200 answer to the question, untrusted. Never throws. */
export function readAnswer(
  { kind, id }: Pick<RegistryRequest, 'kind' | 'id'>,
  body: Uint8Array,
): Reading {
  switch (kind) {
    case 'version':
      return { version: parseVersionMetadata(body, id) };
    case 'attestations':
      return { attestations: parseAttestationDocument(body) };
    case 'publish-time':
      return { times: parseAnswer(body, MAX_TIMES_BYTES) };
    case 'history':
      return { history: parseHistory(body, id.name) };
  }
}

/** Whether it is an answer to the question, and says something. */
export function isUsable(reading: Reading): boolean {
  const { version, attestations, times, history } = reading;
  return (
    version?.status === 'parsed' ||
    attestations?.status === 'parsed' ||
    times?.status === 'ok' ||
    history?.status === 'known'
  );
}

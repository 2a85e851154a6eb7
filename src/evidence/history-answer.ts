import { parseAnswer } from './answer-json.js';
import type { Unavailable } from './evidence.js';
import { MAX_HISTORY_BYTES } from './history-extract.js';
import { readHistory, type ReleaseHistory } from './release-history.js';

/** What a registry answered about all versions of a package. Claimed. */
export type HistoryAnswer =
  { readonly status: 'known'; readonly history: ReleaseHistory } | Unavailable;

/** Reads an extract of a packument, untrusted. Never throws. */
export function parseHistory(body: Uint8Array, name: string): HistoryAnswer {
  const parsed = parseAnswer(body, MAX_HISTORY_BYTES);
  if (parsed.status === 'unavailable') return parsed;
  const history =
    parsed.status === 'ok' ? readHistory(parsed.value, name) : null;
  if (history !== null) return { status: 'known', history };
  const reason =
    parsed.status === 'ok'
      ? 'it is no list of its versions'
      : parsed.problem.message;
  const message = `what the registry says of all versions of ${name} is unusable: ${reason}`;
  return { status: 'unavailable', code: 'metadata-malformed', message };
}

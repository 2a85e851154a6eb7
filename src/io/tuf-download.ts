import { fetchBounded, type HttpAnswer, type NetworkOptions } from './http.js';
import type { HttpFailureCode } from './http-failure.js';

/**
 * What asking for one file of a TUF repository gave. Nothing is verified yet.
 *
 * - `absent`: the repository has no such file (404, or 403 as some stores say).
 * - `unreachable`: no complete answer; another time it may be there.
 * - `refused`: an answer that a working repository does not give.
 */
export type Download =
  | { readonly status: 'found'; readonly bytes: Uint8Array }
  | { readonly status: 'absent'; readonly statusCode: 403 | 404 }
  | { readonly status: 'unreachable' | 'refused'; readonly message: string };

/** Asks for one file; never throws for what the other side does. */
export type Downloader = (url: string, maxBytes: number) => Promise<Download>;

/** At once, without a pause: enough for a connection that broke off. */
const MAX_TRIES = 3;

/** Statuses that say "not now" rather than "no". */
const PASSING: ReadonlySet<number> = new Set([407, 408, 425, 429]);

/** Failures that are no decision of the repository's. */
const TRANSPORT: ReadonlySet<HttpFailureCode> = new Set([
  'network',
  'timeout',
  'tls',
  'truncated',
  'aborted',
]);

/**
 * Limits of all downloads of one walk. `timeoutMs` is milliseconds for each
 * try.
 */
export interface NetworkDownloadOptions {
  readonly network: NetworkOptions;
  /** Ends everything; the limit on time for all tries together. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** Downloads through npm's network settings, with up to three tries a file. */
export function createNetworkDownloader(
  options: NetworkDownloadOptions,
): Downloader {
  return async (url, maxBytes) => {
    for (let tries = 1; ; tries += 1) {
      const answer = await fetchBounded(url, { ...options, maxBytes });
      const download = classify(answer, url);
      const isFinal = tries === MAX_TRIES || options.signal.aborted;
      if (download.status !== 'unreachable' || isFinal) return download;
    }
  };
}

/**
 * Answers from files kept of an earlier refresh, without a request. Only the
 * last part of the URL counts; the version in front of it is dropped where the
 * file is kept under its plain name, and compared by whoever verifies it.
 */
export function createRecordedDownloader(
  files: ReadonlyMap<string, Uint8Array>,
): Downloader {
  return (url) => {
    const name = fileNameOf(url);
    const bytes = files.get(name) ?? files.get(name.replace(/^\d+\./, ''));
    if (bytes !== undefined) return Promise.resolve({ status: 'found', bytes });
    return Promise.resolve(
      isRootFile(name)
        ? { status: 'absent', statusCode: 404 }
        : { status: 'unreachable', message: `${name} is not in the cache` },
    );
  };
}

/** Whether `name` is that of a numbered root: `15.root.json`. */
export function isRootFile(name: string): boolean {
  return /^\d+\.root\.json$/.test(name);
}

/** The last part of the URL's path, percent-encoded as it is there. */
export function fileNameOf(url: string): string {
  const { pathname } = new URL(url);
  return pathname.slice(pathname.lastIndexOf('/') + 1);
}

function classify(answer: HttpAnswer, url: string): Download {
  if (answer.status === 'failed') {
    const status = TRANSPORT.has(answer.code) ? 'unreachable' : 'refused';
    return { status, message: answer.message };
  }
  const { statusCode, body } = answer;
  if (body !== null) return { status: 'found', bytes: body };
  if (statusCode === 403 || statusCode === 404) {
    return { status: 'absent', statusCode };
  }
  const message = `${new URL(url).host} answers ${fileNameOf(url)} with status ${statusCode}`;
  const isPassing = statusCode >= 500 || PASSING.has(statusCode);
  return { status: isPassing ? 'unreachable' : 'refused', message };
}

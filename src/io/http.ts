import fetch, { type FetchResponse } from 'make-fetch-happen';

import {
  ACCEPTED_CODINGS,
  BodyTooLarge,
  decodersFor,
  readBody,
} from './http-body.js';
import {
  classifyBodyError,
  classifyRequestError,
  failure,
  type HttpFailure,
} from './http-failure.js';
import { parseServerDate } from './clock-check.js';
import { startTimeLimit } from './time-limit.js';

/**
 * How connections are made. From the user, never from the audited project:
 * each of these can let somebody else answer.
 */
export interface NetworkOptions {
  /** Proxy URL; null for the `*_proxy` variables of the environment. */
  readonly proxy: string | null;
  /** Hosts that bypass a proxy, comma separated; null as above. */
  readonly noProxy: string | null;
  /** Whether server certificates are verified. */
  readonly strictSsl: boolean;
  /** PEM certificates that replace the built-in authorities. */
  readonly ca: readonly string[] | null;
  /** PEM of a client certificate and its key, sent to every host. */
  readonly cert: string | null;
  readonly key: string | null;
  readonly localAddress: string | null;
  /** Connections per origin. */
  readonly maxSockets: number;
}

/** What npm does when nothing is configured. */
export const DEFAULT_NETWORK: NetworkOptions = {
  proxy: null,
  noProxy: null,
  strictSsl: true,
  ca: null,
  cert: null,
  key: null,
  localAddress: null,
  // Above every sensible concurrency: time spent waiting for a connection
  // would count against the request's time limit.
  maxSockets: 64,
};

/** What a request is made with. */
export interface Access {
  readonly network: NetworkOptions;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Limits and credentials of one request. None of it is from the audited
 * project.
 */
export interface FetchOptions {
  /** Limit for the body, as received and again as decoded. */
  readonly maxBytes: number;
  /** Milliseconds for everything: connecting, redirects, the whole body. */
  readonly timeoutMs: number;
  /** Ends the request with `aborted`. */
  readonly signal: AbortSignal;
  readonly network: NetworkOptions;
  /** Sent to the URL's origin only, and along redirects unless `accessAt` is. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * With what a redirect's target on the same origin is asked: credentials may be
   * bound to a path. Null for not at all.
   */
  readonly accessAt?: (target: URL) => Access | null;
  /**
   * Takes the decoded body piece by piece, so that it need not be held; `body`
   * is empty then. What it has taken counts only if the answer is complete.
   */
  readonly onChunk?: (chunk: Uint8Array) => void;
  /**
   * Takes the server's time of every answer that states one, to hold the local
   * clock against; not for a decision in the server's favour.
   */
  readonly onDate?: (serverTime: Date) => void;
}

/**
 * - `answered`: a complete answer. `body` is null unless `statusCode` is 200;
 *   bodies of other answers are not read.
 * - `failed`: none, or not within the limits.
 */
export type HttpAnswer =
  | {
      readonly status: 'answered';
      readonly statusCode: number;
      readonly body: Uint8Array | null;
      /** `Retry-After` as sent, unparsed. */
      readonly retryAfter: string | null;
    }
  | HttpFailure;

const MAX_REDIRECTS = 3;
const CONNECT_TIMEOUT_MS = 10_000;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Gets `url` within limits on size and time. One attempt, no cache, redirects
 * to the same origin only (at most three). Never throws for what a server or
 * the network does. The body is untrusted and its type is not looked at.
 *
 * Not npm-registry-fetch: it follows redirects to other hosts, and reads
 * bodies, those of errors too, without a limit (SECURITY.md C7 and section 6).
 */
export async function fetchBounded(
  url: string,
  options: FetchOptions,
): Promise<HttpAnswer> {
  const time = startTimeLimit(options.signal, options.timeoutMs);
  try {
    return await followRedirects(new URL(url), options, time.signal);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    const { host } = new URL(url);
    if (options.signal.aborted) {
      return failure('aborted', `the request to ${host} was stopped`);
    }
    const seconds = options.timeoutMs / 1000;
    return failure('timeout', `${host} did not answer within ${seconds} s`);
  } finally {
    time.end();
  }
}

/** The time limit fired, or the caller's signal. */
class Stopped extends Error {}

async function followRedirects(
  start: URL,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  let url = start;
  let access: Access | null = { headers: {}, ...options };
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const answer = await requestOnce(url, { ...options, ...access }, signal);
    if (answer.status !== 'redirected') return answer;
    const { location } = answer;
    const target = URL.canParse(location) ? new URL(location) : null;
    // Another origin is another party: it gets neither the token nor a say.
    // The scheme is part of the origin, so https never becomes http.
    if (target?.origin !== start.origin) {
      return failure(
        'redirect-refused',
        `${start.host} redirects to ${target?.host ?? 'no valid address'}`,
      );
    }
    url = target;
    if (options.accessAt !== undefined) access = options.accessAt(target);
    if (access === null) {
      const message = `${start.host} redirects to where your credentials cannot be read`;
      return failure('redirect-refused', message);
    }
  }
  return failure('redirect-refused', `${start.host} redirects too often`);
}

type Hop = HttpAnswer | { readonly status: 'redirected'; location: string };

async function requestOnce(
  url: URL,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<Hop> {
  const request = new AbortController();
  const stop = (): void => {
    request.abort();
  };
  signal.addEventListener('abort', stop);
  try {
    if (signal.aborted) throw new Stopped();
    const response = await send(url, options, request.signal);
    if ('code' in response) return stoppedOr(response, signal);
    const answer = await receive(response, url, options);
    if (answer.status === 'failed') return stoppedOr(answer, signal);
    return answer;
  } finally {
    signal.removeEventListener('abort', stop);
    // Also ends the connection of an answer whose body nobody wants.
    stop();
  }
}

function stoppedOr(failed: HttpFailure, signal: AbortSignal): HttpFailure {
  if (signal.aborted) throw new Stopped();
  return failed;
}

async function send(
  url: URL,
  { network, headers, timeoutMs }: FetchOptions,
  signal: AbortSignal,
): Promise<FetchResponse | HttpFailure> {
  try {
    return await fetch(url.href, {
      headers: { ...headers, 'accept-encoding': ACCEPTED_CODINGS },
      signal,
      redirect: 'manual',
      // The caller decides on retries; the body is decoded by readBody.
      retry: { retries: 0 },
      compress: false,
      cache: 'no-store',
      timeouts: { connection: Math.min(CONNECT_TIMEOUT_MS, timeoutMs) },
      ...network,
      // Always said: left open, an environment variable could turn it off.
      strictSSL: network.strictSsl,
    });
  } catch (error) {
    return classifyRequestError(error, url.host);
  }
}

async function receive(
  response: FetchResponse,
  url: URL,
  { maxBytes, onDate, onChunk }: FetchOptions,
): Promise<Hop> {
  const { status: statusCode, headers } = response;
  const date = parseServerDate(headers.get('date'), headers.get('age'));
  if (date !== null) onDate?.(date);
  if (REDIRECTS.has(statusCode)) {
    return { status: 'redirected', location: headers.get('location') ?? '' };
  }
  const common = {
    status: 'answered',
    statusCode,
    retryAfter: headers.get('retry-after'),
  } as const;
  if (statusCode !== 200) return { ...common, body: null };
  const coding = headers.get('content-encoding');
  const decoders = decodersFor(coding);
  if (decoders === null) {
    return failure(
      'unsupported-encoding',
      `${url.host} answers in the encoding ${coding ?? ''}`,
    );
  }
  const tooLarge = failure(
    'too-large',
    `${url.host} answers with more than ${maxBytes} bytes`,
  );
  if (Number(headers.get('content-length') ?? 0) > maxBytes) return tooLarge;
  try {
    const body = await readBody(response.body, decoders, { maxBytes, onChunk });
    return { ...common, body };
  } catch (error) {
    if (error instanceof BodyTooLarge) return tooLarge;
    return classifyBodyError(error, url.host);
  }
}

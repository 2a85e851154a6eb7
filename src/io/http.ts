import type { IncomingMessage } from 'node:http';

import { parseServerDate } from './clock-check.js';
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
import type { NetworkOptions } from './connections.js';
import { sendRequest } from './http-request.js';
import { startTimeLimit, type TimeLimit } from './time-limit.js';

export type { NetworkOptions } from './connections.js';

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
/** Unless the caller says else. */
const OWN_HEADERS = {
  accept: '*/*',
  'accept-encoding': ACCEPTED_CODINGS,
  'user-agent': 'provenance-audit',
};
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
    return await followRedirects(new URL(url), options, time);
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
  time: TimeLimit,
): Promise<HttpAnswer> {
  let url = start;
  let access: Access | null = { headers: {}, ...options };
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const answer = await requestOnce(url, { ...options, ...access }, time);
    if (answer.status !== 'redirected') return answer;
    const { location } = answer;
    const target =
      location !== null && URL.canParse(location, url.href)
        ? new URL(location, url)
        : null;
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

type Hop =
  HttpAnswer | { readonly status: 'redirected'; location: string | null };

async function requestOnce(
  url: URL,
  options: FetchOptions,
  time: TimeLimit,
): Promise<Hop> {
  requireTime(time);
  const answer = await send(url, options, time);
  // Whatever it is: a body that was cut short can look like one that has ended.
  requireTime(time);
  return answer;
}

function requireTime({ isOver }: TimeLimit): void {
  if (isOver) throw new Stopped();
}

async function send(
  url: URL,
  options: FetchOptions,
  time: TimeLimit,
): Promise<Hop> {
  const { network, headers, timeoutMs } = options;
  let response;
  try {
    response = await sendRequest(url, {
      network,
      headers: { ...OWN_HEADERS, ...headers },
      connectMs: Math.min(CONNECT_TIMEOUT_MS, timeoutMs),
      time,
    });
  } catch (error) {
    return classifyRequestError(error, url.host);
  }
  try {
    return await receive(response, url, options);
  } finally {
    // Whose body nobody wants, ends with its connection; others are kept.
    if (!response.readableEnded) response.destroy();
  }
}

async function receive(
  response: IncomingMessage,
  url: URL,
  { maxBytes, onDate, onChunk }: FetchOptions,
): Promise<Hop> {
  const { statusCode = 0, headers } = response;
  const date = parseServerDate(headers.date ?? null, headers.age ?? null);
  if (date !== null) onDate?.(date);
  if (REDIRECTS.has(statusCode)) {
    return { status: 'redirected', location: headers.location ?? null };
  }
  const common = {
    status: 'answered',
    statusCode,
    retryAfter: headers['retry-after'] ?? null,
  } as const;
  if (statusCode !== 200) return { ...common, body: null };
  const coding = headers['content-encoding'] ?? '';
  const decoders = decodersFor(coding);
  if (decoders === null) {
    return failure(
      'unsupported-encoding',
      `${url.host} answers in the encoding ${coding}`,
    );
  }
  const tooLarge = failure(
    'too-large',
    `${url.host} answers with more than ${maxBytes} bytes`,
  );
  if (Number(headers['content-length'] ?? 0) > maxBytes) return tooLarge;
  try {
    const body = await readBody(response, decoders, { maxBytes, onChunk });
    return { ...common, body };
  } catch (error) {
    if (error instanceof BodyTooLarge) return tooLarge;
    return classifyBodyError(error, url.host);
  }
}

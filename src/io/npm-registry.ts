import pLimit, { type LimitFunction } from 'p-limit';

import { MAX_DOCUMENT_BYTES } from '../evidence/attestation-document.js';
import type { Unavailable, UnavailableCode } from '../evidence/evidence.js';
import type {
  Registry,
  RegistryAnswer,
  RegistryRequest,
} from '../evidence/registry.js';
import { MAX_METADATA_BYTES } from '../evidence/version-metadata.js';
import { formatPackageId, type PackageId } from '../package/package-id.js';
import { failure, type HttpFailure } from './http-failure.js';
import {
  fetchBounded,
  type Access,
  type FetchOptions,
  type HttpAnswer,
  type NetworkOptions,
} from './http.js';
import type { NpmSettings } from './npm-config.js';
import {
  historyOfPackument,
  MAX_PACKUMENT_BYTES,
  timesOfPackument,
  versionOfPackument,
} from './packument.js';
import { OriginHealth } from './origin-health.js';
import {
  boundToPaths,
  credentialsAt,
  credentialsFor,
} from './request-credentials.js';
import { packumentUrl, registryUrl } from './registry-url.js';
import { waitOnClock, withRetries, type Backoff, type Wait } from './retry.js';

/** Patience with a registry, per question. */
export interface NpmRegistryOptions {
  /** Milliseconds for one attempt, body included. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** How the waits between attempts grow; by default from half a second on. */
  readonly backoff?: Backoff;
  /** For tests; the default waits. */
  readonly wait?: Wait;
  /** Takes the time that a registry's host states in an answer. Claimed. */
  readonly onServerTime?: (host: string, time: Date) => void;
  /**
   * Says why a body of the registry at a base URL is not to be parsed as a whole,
   * which takes many times its size; null where it may be.
   */
  readonly refuse?: (body: Uint8Array, registry: string) => Unavailable | null;
}

const MAX_BYTES = {
  version: MAX_METADATA_BYTES,
  attestations: MAX_DOCUMENT_BYTES,
};
/** Fetched at the same time: each may be as large as that. */
const MAX_PACKUMENTS = 4;

/** Statuses by which a registry may say that it has no such endpoint. */
const NO_ENDPOINT: ReadonlySet<number> = new Set([404, 405, 501]);

/**
 * The `Registry` over HTTP: the endpoints of the npm registry, with the user's
 * credentials and network settings. Bodies are returned as received, untrusted
 * and unparsed, except that publish times and histories are cut from a
 * packument, and a version's manifest may be. No answer is remembered: publish times are to be
 * asked for once a package. A registry that cannot be reached, in all tries of a
 * question, is not asked again (`OriginHealth`).
 */
export function createNpmRegistry(
  settings: NpmSettings,
  options: NpmRegistryOptions,
): Registry {
  const client = new NpmClient(settings, options);
  return {
    ask: (request, signal) => client.ask(request, signal),
  };
}

/** Takes what was asked for out of a packument. */
type CutPackument = (packument: Uint8Array, id: PackageId) => RegistryAnswer;

class NpmClient {
  readonly #settings: NpmSettings;
  readonly #options: NpmRegistryOptions;
  /** Packuments are large: their bodies must not add up. */
  readonly #fewAtATime: LimitFunction = pLimit(MAX_PACKUMENTS);
  readonly #health = new OriginHealth();

  constructor(settings: NpmSettings, options: NpmRegistryOptions) {
    this.#settings = settings;
    this.#options = options;
  }

  async ask(
    request: RegistryRequest,
    signal: AbortSignal,
  ): Promise<RegistryAnswer> {
    const { kind, id } = request;
    if (kind === 'publish-time') {
      return this.#askPackument(request, signal, timesOfPackument);
    }
    if (kind === 'history') {
      return this.#askPackument(
        request,
        signal,
        (packument, id) =>
          this.#options.refuse?.(packument, request.registry) ??
          historyOfPackument(packument, id),
      );
    }
    const url = registryUrl(request);
    if (url === null) return impossibleName(id);
    const answer = await this.#fetch(url, id, MAX_BYTES[kind], signal);
    if (!isMissingEndpoint(answer)) return toRegistryAnswer(answer, url);
    // Decided by this answer alone: with a memory of other packages' answers,
    // the order in which they arrive would have a say.
    if (kind === 'attestations') return { status: 'absent' };
    const version = await this.#askPackument(
      ...([request, signal, versionOfPackument] as const),
    );
    return version.status === 'found'
      ? { ...version, notes: ['from-packument'] }
      : version;
  }

  #askPackument(
    request: RegistryRequest,
    signal: AbortSignal,
    cut: CutPackument,
  ): Promise<RegistryAnswer> {
    return this.#fewAtATime(() => this.#cutPackument(request, signal, cut));
  }

  /**
   * Not through pacote: it reads packuments of any size into memory and follows
   * redirects to other hosts.
   */
  async #cutPackument(
    { id, registry }: RegistryRequest,
    signal: AbortSignal,
    cut: CutPackument,
  ): Promise<RegistryAnswer> {
    const url = packumentUrl(id, registry);
    if (url === null) return impossibleName(id);
    const answer = await this.#fetch(url, id, MAX_PACKUMENT_BYTES, signal);
    const found = isMissingEndpoint(answer)
      ? ({ status: 'absent' } as const)
      : toRegistryAnswer(answer, url);
    if (found.status !== 'found') return found;
    if (signal.aborted) {
      const message = `the request for ${id.name} was stopped`;
      return unavailable('deadline', message);
    }
    return cut(found.body, id);
  }

  async #fetch(
    url: string,
    { name }: PackageId,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const access = accessTo(url, name, this.#settings);
    if (access === null) return noCredentials(url);
    const { host, origin } = new URL(url);
    const gone = this.#health.whyGone(origin);
    if (gone !== null) return gone;
    const { timeoutMs, wait = waitOnClock, backoff } = this.#options;
    const retries = this.#health.isInTrouble(origin)
      ? 0
      : this.#options.retries;
    const onDate = (time: Date): void => {
      this.#options.onServerTime?.(host, time);
    };
    const request = { maxBytes, timeoutMs, signal, onDate, ...access };
    const answer = await withRetries(() => fetchBounded(url, request), {
      retries,
      signal,
      wait,
      ...(backoff !== undefined && { backoff }),
    });
    this.#health.note(origin, answer);
    return answer;
  }
}

/**
 * Network and headers for a request to `url` about the package `name`, and for
 * where it redirects. Null where the credentials cannot be read.
 */
export function accessTo(
  url: string,
  name: string,
  { credentials, network }: NpmSettings,
): (Access & Required<Pick<FetchOptions, 'accessAt'>>) | null {
  const access = accessBy(url, network, credentialsAt(url, name, credentials));
  if (access === null) return null;
  const accessAt = ({ href }: URL): Access | null =>
    accessBy(href, network, boundToPaths(credentials));
  return { ...access, accessAt };
}

function accessBy(
  url: string,
  network: NetworkOptions,
  options: NpmSettings['credentials'],
): Access | null {
  const found = credentialsFor(url, options);
  if (found === null) return null;
  const { token, basic, cert, key } = found;
  const authorization =
    token !== null
      ? `Bearer ${token}`
      : basic !== null
        ? `Basic ${basic}`
        : null;
  return {
    network: cert === null ? network : { ...network, cert, key },
    headers: {
      // Not the abbreviated packument, which has no publish times.
      accept: 'application/json',
      'user-agent': 'provenance-audit',
      ...(authorization === null ? {} : { authorization }),
    },
  };
}

function isMissingEndpoint(answer: HttpAnswer): boolean {
  return answer.status === 'answered' && NO_ENDPOINT.has(answer.statusCode);
}

/** An answer over HTTP in the words of the evidence stage. */
export function toRegistryAnswer(
  answer: HttpAnswer,
  url: string,
): RegistryAnswer {
  if (answer.status === 'failed') {
    return unavailable(codeOfFailure(answer), answer.message);
  }
  const { statusCode, body } = answer;
  if (statusCode === 200 && body !== null) return { status: 'found', body };
  if (statusCode === 404) return { status: 'absent' };
  const { host } = new URL(url);
  return unavailable(codeOfStatus(statusCode), `${host} answers ${statusCode}`);
}

function codeOfStatus(statusCode: number): UnavailableCode {
  if (statusCode === 401 || statusCode === 403) return 'auth';
  if (statusCode === 429) return 'rate-limited';
  return statusCode >= 500 ? 'server-error' : 'unexpected-status';
}

function codeOfFailure({ code }: HttpFailure): UnavailableCode {
  switch (code) {
    case 'aborted':
      return 'deadline';
    case 'unsupported-encoding':
      return 'not-json';
    case 'network':
    case 'timeout':
    case 'tls':
    case 'too-large':
    case 'truncated':
    case 'redirect-refused':
      return code;
  }
}

function unavailable(code: UnavailableCode, message: string): Unavailable {
  return { status: 'unavailable', code, message };
}

/** The user named a client certificate for this registry. */
export function noCredentials(url: string): HttpAnswer {
  const { host } = new URL(url);
  const message = `the client certificate configured for ${host} cannot be read`;
  return failure('tls', message);
}

/** No registry can have it: npm's own rules for names forbid it. */
export function impossibleName(id: PackageId): Unavailable {
  return unavailable(
    'version-not-found',
    `${formatPackageId(id)} is no name and version that a registry can serve`,
  );
}

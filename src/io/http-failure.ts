import { codeOf } from './files.js';

/** Why an HTTP request gave no complete answer. */
export type HttpFailureCode =
  | 'network'
  | 'timeout'
  | 'tls'
  | 'too-large'
  | 'truncated'
  | 'redirect-refused'
  | 'unsupported-encoding'
  | 'aborted';

/** A request without a usable answer. `message` names the host, no secrets. */
export interface HttpFailure {
  readonly status: 'failed';
  readonly code: HttpFailureCode;
  /** One line for people; the host in it may come from configuration. */
  readonly message: string;
  /** This process may open no more connections; the host has no part in it. */
  readonly isLocal?: true;
}

const TLS_CODES: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'EPROTO',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
]);
const TLS_PREFIXES = [
  'CERT_',
  'CRL_',
  'ERR_OSSL_',
  'ERR_SSL_',
  'ERR_TLS_',
  'UNABLE_TO_',
];
const TIMEOUT_CODES: ReadonlySet<string> = new Set([
  'ECONNECTIONTIMEOUT',
  'EIDLETIMEOUT',
  'ERESPONSETIMEOUT',
  'ETIMEDOUT',
  'ETRANSFERTIMEOUT',
]);

/**
 * Names what went wrong before an answer arrived. Reads only the error's code:
 * its message can hold the URL, and a URL can hold a password.
 */
export function classifyRequestError(
  error: unknown,
  host: string,
): HttpFailure {
  const code = codeOf(error) ?? '';
  if (TIMEOUT_CODES.has(code)) {
    return failure('timeout', `${host} did not answer in time (${code})`);
  }
  if (TLS_CODES.has(code) || TLS_PREFIXES.some((p) => code.startsWith(p))) {
    return failure('tls', `the TLS connection to ${host} failed (${code})`);
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    const message = `no connection to ${host}: too many open files (${code})`;
    return { ...failure('network', message), isLocal: true };
  }
  const reason = code === '' ? '' : ` (${code})`;
  return failure('network', `the connection to ${host} failed${reason}`);
}

/** Names what went wrong while the body of an answer arrived. */
export function classifyBodyError(error: unknown, host: string): HttpFailure {
  const code = codeOf(error) ?? '';
  if (TIMEOUT_CODES.has(code)) {
    return failure('timeout', `${host} stopped sending (${code})`);
  }
  const reason = code === '' ? '' : ` (${code})`;
  return failure('truncated', `the answer of ${host} broke off${reason}`);
}

/** An `HttpFailure`. */
export function failure(code: HttpFailureCode, message: string): HttpFailure {
  return { status: 'failed', code, message };
}

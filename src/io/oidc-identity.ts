import { AuditError } from '../errors.js';
import { isLoopbackHost } from '../package/web-address.js';
import { DEFAULT_NETWORK, fetchBounded, type HttpAnswer } from './http.js';
import { waitOnClock, withRetries } from './retry.js';

/** Who signs: a token at hand, or where GitHub Actions gives one. */
export type OidcIdentity =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'endpoint'; readonly url: URL; readonly bearer: string };

/** Limits of the request for a token. */
export interface TokenRequest {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const TOKEN = 'SIGSTORE_ID_TOKEN';
const ENDPOINT = 'ACTIONS_ID_TOKEN_REQUEST_URL';
const BEARER = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';
/** Whom Sigstore's certificate authority expects a token to be for. */
const AUDIENCE = 'sigstore';
const MAX_ANSWER = 64 * 1024;
const RETRIES = 2;

/**
 * The OIDC identity that `env` offers. A token that was put there by hand goes
 * before the one that every job may ask for. Throws `AuditError` `USAGE`, which
 * names the variables and never what they hold.
 *
 * Not the library's own search: it reads the process's environment, runs a
 * program from PATH, and lets the fastest of several identities sign.
 */
export function findIdentity(
  env: Readonly<Record<string, string | undefined>>,
): OidcIdentity {
  const token = env[TOKEN]?.trim() ?? '';
  if (token !== '') {
    if (isIdentityToken(token)) return { kind: 'token', token };
    throw new AuditError('USAGE', `--sign: ${TOKEN} is no identity token`);
  }
  const url = env[ENDPOINT] ?? '';
  const bearer = env[BEARER] ?? '';
  if (url === '' || bearer === '') {
    throw new AuditError(
      'USAGE',
      `--sign: no identity to sign with: neither ${TOKEN} nor both of ` +
        `${ENDPOINT} and ${BEARER} are set (GitHub Actions sets these with ` +
        'permissions: id-token: write)',
    );
  }
  if (!isSafeAddress(url) || /[^\x21-\x7e]/.test(bearer)) {
    const name = isSafeAddress(url) ? BEARER : ENDPOINT;
    throw new AuditError('USAGE', `--sign: ${name} cannot be used`);
  }
  return { kind: 'endpoint', url: new URL(url), bearer };
}

/**
 * The identity's token. Throws `AuditError` `OUTPUT_FAILED` where there is none,
 * without a word of what was answered.
 */
export async function fetchIdentityToken(
  identity: OidcIdentity,
  { timeoutMs, signal }: TokenRequest,
): Promise<string> {
  if (identity.kind === 'token') return identity.token;
  const url = new URL(identity.url);
  url.searchParams.set('audience', AUDIENCE);
  const answer = await withRetries(
    () =>
      fetchBounded(url.href, {
        maxBytes: MAX_ANSWER,
        ...{ timeoutMs, signal, network: DEFAULT_NETWORK },
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${identity.bearer}`,
        },
      }),
    { retries: RETRIES, signal, wait: waitOnClock },
  );
  const token = readToken(answer);
  if (token !== null) return token;
  throw new AuditError(
    'OUTPUT_FAILED',
    `vsa: not signed: no identity token: ${describe(answer, url.host)}`,
  );
}

/** Whether bytes that must stay secret may be sent to that URL. */
export function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname))
  );
}

function readToken(answer: HttpAnswer): string | null {
  if (answer.status !== 'answered' || answer.body === null) return null;
  const json = parseJson(Buffer.from(answer.body).toString('utf8'));
  const token = memberOf(json, 'value');
  return typeof token === 'string' && isIdentityToken(token) ? token : null;
}

function describe(answer: HttpAnswer, host: string): string {
  if (answer.status !== 'answered') return answer.message;
  return answer.statusCode === 200
    ? `what ${host} answers is none`
    : `${host} answers with status ${answer.statusCode}`;
}

/**
 * Whether it is a JSON web token that says who it is for: what the library
 * takes for granted, and whose error message would quote the token.
 */
function isIdentityToken(token: string): boolean {
  const parts = token.split('.');
  const isEncoded = parts.every((part) => /^[\w-]+$/.test(part));
  if (parts.length !== 3 || !isEncoded) return false;
  const claims = parseJson(
    Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'),
  );
  const email = memberOf(claims, 'email') ?? '';
  if (email !== '') {
    return (
      typeof email === 'string' && memberOf(claims, 'email_verified') === true
    );
  }
  const subject = memberOf(claims, 'sub');
  return typeof subject === 'string' && subject !== '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

import type { BundleBuilder } from '@sigstore/sign';
import type { SigningConfig } from '@sigstore/protobuf-specs';
import { requireCommonJs } from '../commonjs.js';
import { AuditError } from '../errors.js';
import {
  fetchIdentityToken,
  type OidcIdentity,
  type TokenRequest,
} from './oidc-identity.js';

const { bundleToJSON } = requireCommonJs('@sigstore/bundle');
const {
  bundleBuilderFromSigningConfig,
  DEFAULT_FULCIO_URL,
  DEFAULT_REKOR_URL,
  DSSEBundleBuilder,
  FulcioSigner,
  InternalError,
  RekorWitness,
} = requireCommonJs('@sigstore/sign');

/** Who signs, and where. */
export interface StatementSigning extends TokenRequest {
  readonly identity: OidcIdentity;
  /** Null for the public Sigstore, at the addresses that the library knows. */
  readonly config: SigningConfig | null;
}

const IN_TOTO = 'application/vnd.in-toto+json';
const RETRIES = 2;

/** What has failed, by the library's codes; its own words may hold the token. */
const STEPS: Readonly<Record<string, string>> = {
  IDENTITY_TOKEN_READ_ERROR: 'the identity token cannot be read',
  IDENTITY_TOKEN_PARSE_ERROR: 'the identity token cannot be read',
  CA_CREATE_SIGNING_CERTIFICATE_ERROR:
    'the certificate authority issues no certificate',
  TLOG_CREATE_ENTRY_ERROR: 'the transparency log makes no entry',
  TLOG_FETCH_ENTRY_ERROR: 'the transparency log does not show its entry',
  TSA_CREATE_TIMESTAMP_ERROR: 'the timestamp authority makes no timestamp',
};

/**
 * Signs an in-toto statement with a key that lives as long as this call and a
 * certificate for it, and has the signature logged. Returns a Sigstore bundle
 * v0.3 around the DSSE envelope, as a JSON value. The bundle is not verified:
 * that is for those who have a trust root.
 *
 * Throws `AuditError` `OUTPUT_FAILED`, which says which step failed and nothing
 * of what was sent or answered, or `ABORTED`.
 */
export async function signStatement(
  statement: string,
  signing: StatementSigning,
): Promise<unknown> {
  const token = await fetchIdentityToken(signing.identity, signing);
  const builder = createBuilder(token, signing);
  const artifact = { data: Buffer.from(statement), type: IN_TOTO };
  const bundle = await builder.create(artifact).catch((error: unknown) => {
    throw new AuditError(
      'OUTPUT_FAILED',
      `vsa: not signed: ${describe(error)}`,
    );
  });
  if (signing.signal.aborted) {
    throw new AuditError('ABORTED', 'stopped: no report was written');
  }
  return bundleToJSON(bundle);
}

function createBuilder(
  token: string,
  { config, timeoutMs }: StatementSigning,
): BundleBuilder {
  const identityProvider = { getToken: () => Promise.resolve(token) };
  const fetchOptions = { timeout: timeoutMs, retry: { retries: RETRIES } };
  if (config === null) {
    const signer = new FulcioSigner({
      ...{ ...fetchOptions, identityProvider },
      fulcioBaseURL: DEFAULT_FULCIO_URL,
    });
    const log = { ...fetchOptions, rekorBaseURL: DEFAULT_REKOR_URL };
    return new DSSEBundleBuilder({
      signer,
      witnesses: [new RekorWitness(log)],
    });
  }
  try {
    return bundleBuilderFromSigningConfig({
      ...{ signingConfig: config, identityProvider, fetchOptions },
      bundleType: 'dsseEnvelope',
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'cannot be used';
    throw new AuditError('OUTPUT_FAILED', `vsa: not signed: ${reason}`, error);
  }
}

/** In our words: a service's message may repeat the token it was sent. */
function describe(error: unknown): string {
  if (!(error instanceof InternalError)) {
    // Read from an answer without any check, with whatever that throws.
    return 'what the certificate authority or the log answers cannot be used';
  }
  const step = STEPS[error.code] ?? 'signing failed';
  const cause: unknown = error.cause;
  if (!(cause instanceof Error)) return step;
  if ('statusCode' in cause && typeof cause.statusCode === 'number') {
    return `${step}: it answers with status ${cause.statusCode}`;
  }
  const isKnown = 'code' in cause && typeof cause.code === 'string';
  return isKnown && /^[A-Z_\d]{1,40}$/.test(String(cause.code))
    ? `${step} (${String(cause.code)})`
    : step;
}

import type { ServiceSelector, SigningConfig } from '@sigstore/protobuf-specs';
import { requireCommonJs } from '../commonjs.js';
import { AuditError } from '../errors.js';
import { parseStrictJson } from '../json/strict-json.js';
import { reasonOf } from './files.js';
import { isSafeAddress } from './oidc-identity.js';
import { readRegularFile } from './regular-file.js';

const specs = requireCommonJs('@sigstore/protobuf-specs');

const LIMITS = { maxBytes: 1024 * 1024, maxDepth: 32 };
const MEDIA_TYPE = 'application/vnd.dev.sigstore.signingconfig.v0.2+json';

/**
 * Reads the file that says which Sigstore signs. Whoever names it vouches for
 * it: the identity token goes to the authority it names. Logs of Rekor's second
 * version are left out: their entries are none that this program verifies.
 * Throws `AuditError` `CONFIG_INVALID` that names the option and the file.
 */
export async function readSigningConfig(path: string): Promise<SigningConfig> {
  const config = await parse(path);
  if (config.mediaType !== MEDIA_TYPE) {
    throw invalid(path, 'expected a Sigstore signing config v0.2');
  }
  const rekorTlogUrls = config.rekorTlogUrls.filter(
    ({ majorApiVersion }) => majorApiVersion === 1,
  );
  if (config.caUrls.length === 0) {
    throw invalid(path, 'it names no certificate authority');
  }
  if (rekorTlogUrls.length === 0 || config.rekorTlogConfig === undefined) {
    throw invalid(path, 'it names no transparency log of API version 1');
  }
  const selectors = [config.rekorTlogConfig, config.tsaConfig];
  if (selectors.some((each) => isUnsupported(each?.selector))) {
    throw invalid(path, 'expected the selector ANY: one log, one authority');
  }
  const all = [...config.caUrls, ...rekorTlogUrls, ...config.tsaUrls];
  const unsafe = all.find(({ url }) => !isSafeAddress(url));
  if (unsafe !== undefined) {
    throw invalid(path, `expected https URLs, found ${unsafe.url || '(none)'}`);
  }
  return { ...config, rekorTlogUrls };
}

function isUnsupported(selector: ServiceSelector | undefined): boolean {
  return selector !== undefined && selector !== specs.ServiceSelector.ANY;
}

async function parse(path: string): Promise<SigningConfig> {
  const limits = { maxBytes: LIMITS.maxBytes, followLink: true };
  const bytes = await readRegularFile(path, limits).catch((error: unknown) => {
    throw invalid(path, reasonOf(error), error);
  });
  const json = parseStrictJson(bytes, LIMITS);
  if (json.status === 'error') throw invalid(path, json.problem.message);
  try {
    return specs.SigningConfig.fromJSON(json.value);
  } catch (error) {
    throw invalid(path, 'not a signing config', error);
  }
}

function invalid(path: string, reason: string, cause?: unknown): AuditError {
  return new AuditError(
    'CONFIG_INVALID',
    `--signing-config ${path}: ${reason}`,
    cause,
  );
}

import { resolve } from 'node:path';
import { findIdentity } from '../io/oidc-identity.js';
import { renderVsaToSign } from '../report/formats/vsa.js';
import type { Report } from '../report/report.js';
import type { PlacedEnvironment } from './environment.js';
import type { FullAuditOptions } from './options.js';

/** The verification summary, signed: text of a Sigstore bundle. */
export type SignVsa = (report: Report, lockfilePath: string) => Promise<string>;

const TIMEOUT_MS = 30_000;

/**
 * Finds out before any work who would sign and where; null without `--sign`.
 * What is returned signs once, however often it is called, and throws an
 * `AuditError` `OUTPUT_FAILED` where it cannot. Throws `USAGE` without an
 * identity and `CONFIG_INVALID` for a file that names no usable services.
 */
export async function prepareSigner(
  { sign, signingConfig, timeoutMs }: FullAuditOptions,
  { cwd, env, signal }: PlacedEnvironment,
): Promise<SignVsa | null> {
  if (!sign) return null;
  const identity = findIdentity(env);
  const config =
    signingConfig === null ? null : await readConfig(cwd, signingConfig);
  const limits = { timeoutMs: timeoutMs ?? TIMEOUT_MS, signal };
  let signed: Promise<string> | null = null;
  return (report, lockfilePath) => {
    signed ??= (async () => {
      // Most audits sign nothing: the library is loaded for those that do.
      const { signStatement } = await import('../io/sign-statement.js');
      const statement = renderVsaToSign(report, lockfilePath);
      const bundle = { identity, config, ...limits };
      return `${JSON.stringify(await signStatement(statement, bundle))}\n`;
    })();
    return signed;
  };
}

async function readConfig(cwd: string, path: string) {
  const { readSigningConfig } = await import('../io/signing-config.js');
  return readSigningConfig(resolve(cwd, path));
}

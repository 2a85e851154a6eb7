import { z } from 'zod';

import type { ReportDependency } from './report.js';

/** The dependencies of an earlier report, or why it is none. */
export type ReadReport =
  | {
      readonly status: 'ok';
      readonly dependencies: readonly ReportDependency[];
    }
  | { readonly status: 'error'; readonly message: string };

/**
 * Reads what a comparison needs of an earlier JSON report. Whoever names the
 * file vouches for it: what it calls verified is not verified again. Anything
 * that is not of schema version 1 is an error. Never throws.
 */
export function readReport(value: unknown): ReadReport {
  const result = reportSchema().safeParse(value);
  if (result.success) {
    return { status: 'ok', dependencies: result.data.dependencies };
  }
  const [issue] = result.error.issues;
  const where = issue?.path.map(String).join('.') ?? '';
  return {
    status: 'error',
    message: `not a report of schema version 1: ${where}: ${issue?.message ?? ''}`,
  };
}

function reportSchema() {
  return z.object({
    schemaVersion: z.literal(1),
    tool: z.object({ name: z.literal('provenance-audit') }),
    dependencies: z.array(dependencySchema()),
  });
}

function dependencySchema() {
  const reason = z.object({ code: z.string(), message: z.string() }).nullable();
  const rejection = z.object({
    kind: z.enum(['invalid', 'mismatch']),
    code: z.string(),
    attestation: z.number().nullable(),
    message: z.string(),
    expected: z.string().nullable(),
    found: z.string().nullable(),
  });
  const publish = z.object({
    registry: z.string(),
    keyId: z.string(),
    signedAt: z.string(),
  });
  return z.object({
    name: z.string(),
    version: z.string(),
    purl: z.string(),
    aliases: z.array(z.string()),
    registry: z.string().nullable(),
    askedAt: z.string().nullable(),
    integrity: z.string().nullable(),
    resolved: z.string().nullable(),
    locations: z.array(z.string()),
    // Reports of earlier versions do not have it.
    requiredBy: z.array(z.string()).default([]),
    production: z.boolean(),
    direct: z.boolean(),
    optional: z.boolean(),
    patched: z.boolean(),
    scope: z.enum(['in-scope', 'out-of-scope']),
    scopeReason: z.string().nullable(),
    evidence: z.enum([
      'attested',
      'unattested',
      'unavailable',
      'not-applicable',
    ]),
    verification: z.enum(['verified', 'rejected', 'unverifiable', 'none']),
    level: z.string(),
    // Reports of earlier versions do not have it.
    claimed: z.boolean().default(false),
    rejections: z.array(rejection),
    unavailable: reason,
    unverifiable: reason,
    // Reports of earlier versions do not have it.
    binding: z
      .enum(['lockfile', 'tarball', 'registry'])
      .nullable()
      .default(null),
    provenance: provenanceSchema().nullable(),
    publish: publish.nullable(),
    // Reports of earlier versions do not have them.
    statements: z
      .array(z.object({ predicateType: z.string(), sha256: z.string() }))
      .default([]),
    registrySignature: z.enum([
      'verified',
      'rejected',
      'missing',
      'not-checked',
    ]),
    // Reports of earlier versions do not have it.
    checked: z.array(checkedSchema()).default([]),
  });
}

function checkedSchema() {
  const ids = z.array(z.string());
  return z.object({
    attestation: z.number().nullable(),
    ...{ passed: ids, failed: ids, undecided: ids, notMade: ids },
  });
}

function provenanceSchema() {
  const optional = z.string().nullable();
  return z.object({
    sourceRepository: z.string(),
    sourceRepositoryId: optional,
    sourceOwnerId: optional,
    sourceRevision: optional,
    sourceRef: optional,
    workflow: optional,
    workflowRef: optional,
    signer: z.string(),
    issuer: z.string(),
    builder: z.string(),
    buildType: z.string(),
    runner: optional,
    event: optional,
    runUrl: optional,
    signedAt: z.string(),
    logIndex: optional,
    predicateType: z.string(),
    limitedIdentity: z.boolean(),
  });
}

import { toJsonText } from '../json-text.js';
import type { Report } from '../report.js';
import type { ReportFormat } from './format.js';
import { toRelativeUri } from './relative-uri.js';
import { slsaResult, type SlsaResult } from './slsa.js';

export const vsa: ReportFormat = {
  extension: '.json',
  mediaType: 'application/vnd.in-toto+json',
  summary: 'SLSA verification summary of the lockfile, signed with --sign only',
  render: (report, { lockfilePath }) =>
    renderStatement(report, lockfilePath, UNSIGNED),
};

const VERIFIER = 'pkg:npm/provenance-audit';

/** Extensions have a URI for a name: so that nobody takes it for proof. */
const UNSIGNED = { [`${VERIFIER}#signed`]: false };

/** What is signed: the same statement without a word on whether it is. */
export function renderVsaToSign(report: Report, lockfilePath: string): string {
  return renderStatement(report, lockfilePath, {});
}

/**
 * The audit as an in-toto statement v1 with a SLSA verification summary of the
 * lockfile. How the project itself was built is not evaluated;
 * `dependencyLevels` counts each dependency once.
 *
 * Source: SLSA v1.1, "Verification Summary Attestation".
 */
function renderStatement(
  report: Report,
  lockfilePath: string,
  extensions: Readonly<Record<string, boolean>>,
): string {
  const isMet = report.result === 'pass';
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      { name: lockfilePath, digest: { sha256: report.lockfile.sha256 } },
    ],
    predicateType: 'https://slsa.dev/verification_summary/v1',
    predicate: {
      verifier: { id: VERIFIER, version: toVersions(report.tool) },
      timeVerified: report.auditedAt,
      resourceUri: `file:${toRelativeUri(lockfilePath)}`,
      policy: toPolicy(report),
      inputAttestations: toInputs(report),
      verificationResult: isMet ? 'PASSED' : 'FAILED',
      verifiedLevels: [isMet ? 'SLSA_BUILD_LEVEL_UNEVALUATED' : 'FAILED'],
      dependencyLevels: countLevels(report),
      slsaVersion: '1.1',
      ...extensions,
    },
  };
  return `${toJsonText(statement, 2)}\n`;
}

function toVersions({ name, version, verifier }: Report['tool']) {
  const end = verifier.lastIndexOf(' ');
  return {
    [name]: version,
    [verifier.slice(0, end)]: verifier.slice(end + 1),
  };
}

function toPolicy({ policy, tool }: Report) {
  if (policy.sha256 === null) {
    return { uri: `${VERIFIER}@${tool.version}#default-policy` };
  }
  return {
    ...(policy.path !== null && { uri: `file:${toRelativeUri(policy.path)}` }),
    digest: { sha256: policy.sha256 },
    ...(policy.ref !== null && { annotations: { ref: policy.ref } }),
  };
}

function toInputs({ dependencies }: Report) {
  return dependencies.flatMap(({ purl, statements }) =>
    statements.map(({ sha256 }) => ({ uri: purl, digest: { sha256 } })),
  );
}

function countLevels({ dependencies }: Report): Record<string, number> {
  const counts = new Map<SlsaResult, number>();
  for (const result of dependencies.map(slsaResult)) {
    counts.set(result, (counts.get(result) ?? 0) + 1);
  }
  return Object.fromEntries(
    [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

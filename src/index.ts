// The stages, and what they throw.
export { audit, inspect, type SelectDependencies } from './audit.js';
export { diff, type DiffSource } from './diff.js';
export { packageHistory } from './history.js';
export { improve } from './improve.js';
export { readDependencies } from './read-dependencies.js';
export type { AuditOptions, AuditPorts } from './audit-ports.js';
export { AuditError, type AuditErrorCode } from './errors.js';

// What an audit is given.
export { readPins } from './io/pins-file.js';
export { readProjectPolicy } from './io/policy-files.js';
export type { Dependency, Origin, OriginKind } from './lockfile/dependency.js';
export type { LockfileInput } from './lockfile/lockfile-format.js';
export type { Omission, OmitKind } from './lockfile/omission.js';
export type { PackageId } from './package/package-id.js';
export type { CoverageGroup } from './policy/coverage.js';
export type { Pin } from './policy/pins/pin.js';
export type { PinnedVersion, Pins } from './policy/pins/pins.js';
export {
  DEFAULT_POLICY,
  DEFAULT_WINDOWS,
  type Acknowledgement,
  type Exemption,
  type HistoryWindows,
  type PackagePolicy,
  type Policy,
  type RegistryPolicy,
  type RuleSetting,
  type Selector,
  type Threshold,
} from './policy/policy.js';
export type { Platform, TrustedIssuer } from './facts/platforms.js';
export type { Proposed, Rule, RuleLevel } from './policy/rule.js';
export { RULES } from './policy/rules/index.js';
export type { Selection } from './policy/selection.js';
export type { Consequence } from './policy/verdict.js';

// The program's own ports, and the ports to implement others by.
export type {
  ArchiveAlgorithm,
  ArchiveAnswer,
  ArchiveDigests,
  ArchiveRequest,
  ArchiveSource,
} from './evidence/archive-source.js';
export {
  UNAVAILABLE_CODES,
  type Unavailable,
  type UnavailableCode,
} from './evidence/evidence.js';
export type {
  RegistryConfig,
  RegistryRole,
} from './evidence/registry-config.js';
export type {
  AnswerNote,
  FoundAnswer,
  Registry,
  RegistryAnswer,
  RegistryRequest,
} from './evidence/registry.js';
export { loadVirtualTree } from './io/arborist-tree.js';
export type { NetworkOptions } from './io/http.js';
export {
  createNpmArchives,
  type NpmArchivesOptions,
} from './io/npm-archives.js';
export type {
  Environment as NpmEnvironment,
  Settings as NpmOptions,
} from './io/npm-config-layers.js';
export {
  loadNpmConfig,
  type NpmConfigSource,
  type NpmSettings,
} from './io/npm-config.js';
export type { ProjectSettings } from './io/npm-project-config.js';
export type { Patience } from './io/npm-patience.js';
export {
  createNpmRegistry,
  type NpmRegistryOptions,
} from './io/npm-registry.js';
export type { Backoff, Wait } from './io/retry.js';
export {
  createFileTrustRootSource,
  type TrustRootFiles,
} from './io/trust-root-files.js';
export type { TufCacheEntry } from './io/tuf-cache.js';
export {
  createTufTrustRootSource,
  type TufTrustRootOptions,
  type TufTrustRootSource,
} from './io/tuf-trust-root.js';
export { readVerifierVersion } from './io/verifier-version.js';
export { openVerifyPool } from './io/verify-pool.js';
export type {
  Asks,
  DependencyMap,
  LoadVirtualTree,
  NpmEdge,
  NpmNode,
  NpmTree,
  Relations,
  VirtualPackage,
  VirtualProject,
} from './lockfile/npm-tree.js';
export type {
  TrustRootDocuments,
  TrustRootSource,
  TufState,
} from './verification/trust-root-documents.js';
export type { OpenVerifyPool } from './verify-ahead.js';

// Reports, and what renders them.
export type { ChangeKind } from './lockfile/compare-lockfiles.js';
export type { PolicyProblem } from './policy/policy-problem.js';
export type { RuleDescription } from './policy/rule-catalogue.js';
export {
  DIFF_FORMATS,
  type ListedDiffFormat,
  type RenderDiff,
} from './report/diff-formats.js';
export type {
  DiffBase,
  DiffReport,
  ReportChange,
} from './report/diff-report.js';
export type {
  RenderContext,
  ReportFormat,
  SeveralContext,
} from './report/formats/format.js';
export {
  FORMATS,
  loadFormat,
  type ListedFormat,
} from './report/formats/index.js';
export {
  HISTORY_FORMATS,
  type ListedHistoryFormat,
  type RenderHistory,
} from './report/history-formats.js';
export type {
  HistoryGap,
  HistoryOrigin,
  HistoryRelease,
  HistoryReport,
} from './report/history-report.js';
export type {
  BetterVersion,
  Improvement,
  ImprovementGroup,
  ImproveReport,
} from './report/improve-report.js';
export type {
  InspectedPackage,
  PackageReport,
  ReportAttestation,
  ReportCheck,
} from './report/package-report.js';
export type {
  EffectiveEntry,
  EffectivePolicy,
  EffectiveRule,
  Lasting,
  PolicyReport,
} from './report/policy-report.js';
export type {
  RecursiveReport,
  ReportProject,
} from './report/recursive-report.js';
export { renderImproveText } from './report/render-improve-text.js';
export { renderJson } from './report/render-json.js';
export { renderPackageText } from './report/render-package-text.js';
export { renderText, type TextOptions } from './report/render-text.js';
export type {
  Coverage,
  Report,
  ReportChecked,
  ReportDependency,
  ReportFinding,
  ReportHistory,
  ReportProvenance,
  ReportReason,
  ReportRejection,
  ReportSelection,
  ReportStatement,
  ReportSummary,
  ReportTrustRoot,
} from './report/report.js';
export type { RulesReport } from './report/rules-report.js';
export type { TrustDifference } from './report/trust-differences.js';
export type {
  LibraryVersion,
  ReportRegistryKeys,
  TrustRootReport,
} from './report/trust-root-report.js';
export type { CheckGroup } from './verification/check-catalogue.js';
export type { KeyUsage } from './verification/registry-keys.js';
export {
  REJECTION_CODES,
  type RejectionCode,
} from './verification/verification.js';

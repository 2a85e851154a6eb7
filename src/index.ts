export type { AuditOptions, AuditPorts } from './audit-ports.js';
export { audit, inspect } from './audit.js';
export { AuditError, type AuditErrorCode } from './errors.js';
export type { RegistryConfig } from './evidence/registry-config.js';
export { loadVirtualTree } from './io/arborist-tree.js';
export {
  loadNpmConfig,
  type NpmConfigSource,
  type NpmSettings,
} from './io/npm-config.js';
export { createNpmArchives } from './io/npm-archives.js';
export { createNpmRegistry } from './io/npm-registry.js';
export { createFileTrustRootSource } from './io/trust-root-files.js';
export { createTufTrustRootSource } from './io/tuf-trust-root.js';
export type {
  ArchiveAnswer,
  ArchiveRequest,
  ArchiveSource,
} from './evidence/archive-source.js';
export type {
  Registry,
  RegistryAnswer,
  RegistryRequest,
} from './evidence/registry.js';
export type { LoadVirtualTree } from './lockfile/npm-tree.js';
export type { LockfileInput } from './lockfile/lockfile-format.js';
export { DEFAULT_POLICY, type Policy } from './policy/policy.js';
export type { Selection } from './policy/selection.js';
export { RULES } from './policy/rules/index.js';
export type { Rule, RuleLevel } from './policy/rule.js';
export type {
  InspectedPackage,
  PackageReport,
  ReportCheck,
} from './report/package-report.js';
export type { RenderContext, ReportFormat } from './report/formats/format.js';
export { FORMATS } from './report/formats/index.js';
export { renderJson } from './report/render-json.js';
export { renderPackageText } from './report/render-package-text.js';
export { renderText, type TextOptions } from './report/render-text.js';
export type { Report } from './report/report.js';
export type {
  TrustRootDocuments,
  TrustRootSource,
} from './verification/trust-root-documents.js';

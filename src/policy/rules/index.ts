import type { Rule } from '../rule.js';
import { approverMissing } from './approver-missing.js';
import { attestationsGone } from './attestations-gone.js';
import { attestationsWithheld } from './attestations-withheld.js';
import { baselineMissing } from './baseline-missing.js';
import { builderNotAllowed } from './builder-not-allowed.js';
import { clockImplausible } from './clock-implausible.js';
import { coverageBelow } from './coverage-below.js';
import { declaredRepositoryChanged } from './declared-repository-changed.js';
import { declaredRepositoryDiffers } from './declared-repository-differs.js';
import { digestNotPinned } from './digest-not-pinned.js';
import { eventDenied } from './event-denied.js';
import { evidenceRejected } from './evidence-rejected.js';
import { evidenceUnavailable } from './evidence-unavailable.js';
import { exemptionExpired } from './exemption-expired.js';
import { exemptionTooLong } from './exemption-too-long.js';
import { exemptionUnused } from './exemption-unused.js';
import { firstAttested } from './first-attested.js';
import { insecureSource } from './insecure-source.js';
import { installScriptAdded } from './install-script-added.js';
import { integrityChanged } from './integrity-changed.js';
import { issuerNotAllowed } from './issuer-not-allowed.js';
import { levelDowngrade } from './level-downgrade.js';
import { majorsAtOnce } from './majors-at-once.js';
import { nothingToAudit } from './nothing-to-audit.js';
import { packagesAtOnce } from './packages-at-once.js';
import { policyWeakened } from './policy-weakened.js';
import { provenanceMissing } from './provenance-missing.js';
import { publishMissing } from './publish-missing.js';
import { refNotAllowed } from './ref-not-allowed.js';
import { registryFromProject } from './registry-from-project.js';
import { registryKeysMissing } from './registry-keys-missing.js';
import { registrySignatureMissing } from './registry-signature-missing.js';
import { registryUnusual } from './registry-unusual.js';
import { releaseTooYoung } from './release-too-young.js';
import { remoteDependencyAdded } from './remote-dependency-added.js';
import { requiredLevelMissing } from './required-level-missing.js';
import { resolvedHostNotAllowed } from './resolved-host-not-allowed.js';
import { runnerNotAllowed } from './runner-not-allowed.js';
import { settingWithoutEffect } from './setting-without-effect.js';
import { signerNotAllowed } from './signer-not-allowed.js';
import { sourceChanged } from './source-changed.js';
import { sourceNotAllowed } from './source-not-allowed.js';
import { sourceRenamed } from './source-renamed.js';
import { trustDowngrade } from './trust-downgrade.js';
import { unusualBuild } from './unusual-build.js';
import { weakIntegrity } from './weak-integrity.js';
import { workflowNotAllowed } from './workflow-not-allowed.js';

/**
 * The catalogue, in report order. What a rule is called, means and asks for is
 * read from here by every output.
 */
export const RULES: readonly Rule[] = [
  evidenceRejected,
  integrityChanged,
  insecureSource,
  resolvedHostNotAllowed,
  registryFromProject,
  clockImplausible,
  attestationsWithheld,
  attestationsGone,
  evidenceUnavailable,
  weakIntegrity,
  digestNotPinned,
  registryKeysMissing,
  requiredLevelMissing,
  provenanceMissing,
  publishMissing,
  registrySignatureMissing,
  registryUnusual,
  sourceNotAllowed,
  workflowNotAllowed,
  signerNotAllowed,
  refNotAllowed,
  runnerNotAllowed,
  builderNotAllowed,
  issuerNotAllowed,
  eventDenied,
  sourceChanged,
  levelDowngrade,
  trustDowngrade,
  approverMissing,
  sourceRenamed,
  declaredRepositoryDiffers,
  declaredRepositoryChanged,
  unusualBuild,
  firstAttested,
  releaseTooYoung,
  packagesAtOnce,
  majorsAtOnce,
  installScriptAdded,
  remoteDependencyAdded,
  coverageBelow,
  nothingToAudit,
  policyWeakened,
  baselineMissing,
  exemptionExpired,
  exemptionUnused,
  exemptionTooLong,
  settingWithoutEffect,
];

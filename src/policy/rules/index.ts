import type { Rule } from '../rule.js';
import { attestationsWithheld } from './attestations-withheld.js';
import { baselineMissing } from './baseline-missing.js';
import { builderNotAllowed } from './builder-not-allowed.js';
import { clockImplausible } from './clock-implausible.js';
import { coverageBelow } from './coverage-below.js';
import { declaredRepositoryDiffers } from './declared-repository-differs.js';
import { digestNotPinned } from './digest-not-pinned.js';
import { eventDenied } from './event-denied.js';
import { evidenceRejected } from './evidence-rejected.js';
import { evidenceUnavailable } from './evidence-unavailable.js';
import { exemptionExpired } from './exemption-expired.js';
import { exemptionTooLong } from './exemption-too-long.js';
import { exemptionUnused } from './exemption-unused.js';
import { insecureSource } from './insecure-source.js';
import { integrityChanged } from './integrity-changed.js';
import { issuerNotAllowed } from './issuer-not-allowed.js';
import { levelDowngrade } from './level-downgrade.js';
import { nothingToAudit } from './nothing-to-audit.js';
import { policyWeakened } from './policy-weakened.js';
import { provenanceMissing } from './provenance-missing.js';
import { publishMissing } from './publish-missing.js';
import { refNotAllowed } from './ref-not-allowed.js';
import { registryFromProject } from './registry-from-project.js';
import { registryKeysMissing } from './registry-keys-missing.js';
import { registrySignatureMissing } from './registry-signature-missing.js';
import { releaseTooYoung } from './release-too-young.js';
import { requiredLevelMissing } from './required-level-missing.js';
import { resolvedHostNotAllowed } from './resolved-host-not-allowed.js';
import { runnerNotAllowed } from './runner-not-allowed.js';
import { settingWithoutEffect } from './setting-without-effect.js';
import { signerNotAllowed } from './signer-not-allowed.js';
import { sourceChanged } from './source-changed.js';
import { sourceNotAllowed } from './source-not-allowed.js';
import { sourceRenamed } from './source-renamed.js';
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
  evidenceUnavailable,
  weakIntegrity,
  digestNotPinned,
  registryKeysMissing,
  requiredLevelMissing,
  provenanceMissing,
  publishMissing,
  registrySignatureMissing,
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
  sourceRenamed,
  declaredRepositoryDiffers,
  releaseTooYoung,
  coverageBelow,
  nothingToAudit,
  policyWeakened,
  baselineMissing,
  exemptionExpired,
  exemptionUnused,
  exemptionTooLong,
  settingWithoutEffect,
];

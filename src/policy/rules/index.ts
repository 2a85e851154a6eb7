import type { Rule } from '../rule.js';
import { attestationsWithheld } from './attestations-withheld.js';
import { evidenceRejected } from './evidence-rejected.js';
import { evidenceUnavailable } from './evidence-unavailable.js';
import { insecureSource } from './insecure-source.js';
import { nothingToAudit } from './nothing-to-audit.js';
import { provenanceMissing } from './provenance-missing.js';
import { registryKeysMissing } from './registry-keys-missing.js';
import { registryFromProject } from './registry-from-project.js';
import { registrySignatureMissing } from './registry-signature-missing.js';
import { weakIntegrity } from './weak-integrity.js';

/**
 * The catalogue, in report order. What a rule is called, means and asks for is
 * read from here by every output.
 */
export const RULES: readonly Rule[] = [
  evidenceRejected,
  insecureSource,
  registryFromProject,
  attestationsWithheld,
  evidenceUnavailable,
  weakIntegrity,
  registryKeysMissing,
  provenanceMissing,
  registrySignatureMissing,
  nothingToAudit,
];

import {
  parsePolicy,
  type PolicyVocabulary,
} from '../../src/policy/parse-policy.js';
import type { PolicyFile } from '../../src/policy/policy-file.js';
import type { PolicyParts } from '../../src/policy/policy-parts.js';
import { formatProblem } from '../../src/policy/policy-problem.js';

/** Rules of a small catalogue: the form of a policy does not depend on more. */
export const VOCABULARY: PolicyVocabulary = {
  rules: [
    ['evidence-rejected', 'packages'],
    ['provenance-missing', 'packages'],
    ['source-not-allowed', 'packages'],
    ['level-downgrade', 'packages'],
    ['coverage-below', 'policy'],
  ].map(([id = '', about]) => ({
    id,
    title: `About ${id}`,
    about: about === 'policy' ? 'policy' : 'packages',
  })),
  publicRegistry: 'https://registry.example/',
};

/** The integrity of 64 zero bytes. */
export const INTEGRITY = `sha512-${'A'.repeat(86)}==`;

/** The example of the design, with the rule as the catalogue calls it. */
export const EXAMPLE = `# yaml-language-server: $schema=./node_modules/provenance-audit/schema/policy.schema.json
version: 1
rules:                                   # level: error | warning | off
  provenance-missing: { level: error, for: { scope: production, direct: true } }
  level-downgrade: error
coverage:
  production: 60%
  direct: 80%
packages:
  '@sigstore/*':
    require: provenance
    source: https://github.com/sigstore/sigstore-js
    workflow: .github/workflows/release.yml
    ref: [refs/heads/main, refs/tags/v*]
    runner: hosted
events: { deny: [pull_request_target, issue_comment] }
minimumReleaseAge: 3d
exemptions:
  - package: left-pad@1.3.0
    rules: [provenance-missing]
    reason: unmaintained, vendored copy reviewed
    expires: 2027-03-01
acknowledged:
  - package: left-widget@1.4.2
    integrity: ${INTEGRITY}
    codes: [publish-missing]
    reason: published during the registry's outage of 2026-09-14, compared with the tag
    expires: 2027-01-01
registries:
  https://npm.acme.example/: { mirrorOf: public }
  https://internal.acme.example/: { evidence: none }
`;

/** What a policy of this text says, or the problems as people see them. */
export function parse(
  text: string | Uint8Array,
  kind: PolicyFile['kind'] = 'yaml',
): PolicyParts | readonly string[] {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const result = parsePolicy({ path: 'p.yaml', bytes, kind }, VOCABULARY);
  return result.status === 'ok'
    ? result.parts
    : result.problems.map(formatProblem);
}

/** What a valid policy says. Throws its problems if it is none. */
export function parseValid(
  text: string,
  kind: PolicyFile['kind'] = 'yaml',
): PolicyParts {
  const parsed = parse(text, kind);
  if ('rules' in parsed) return parsed;
  throw new Error(parsed.join('\n'));
}

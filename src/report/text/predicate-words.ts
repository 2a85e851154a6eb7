import { field } from './wording.js';

const WORDS: ReadonlyMap<string, string> = new Map([
  ['https://slsa.dev/provenance/v1', 'SLSA provenance v1'],
  ['https://slsa.dev/provenance/v0.2', 'SLSA provenance v0.2'],
  [
    'https://github.com/npm/attestation/tree/main/specs/publish/v0.1',
    'npm publish v0.1',
  ],
  [
    'https://github.com/npm/attestation/tree/main/specs/release/v0.1',
    'npm release v0.1',
  ],
]);

/** A predicate type as people call it; others as they are, escaped. */
export function wordPredicateType(predicateType: string): string {
  return WORDS.get(predicateType) ?? field(predicateType);
}

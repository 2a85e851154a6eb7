import type {
  Acknowledgement,
  Exemption,
  PackagePolicy,
} from '../../src/policy/policy.js';
import { ID, SRI } from '../verification/samples.js';

/** An exemption of the sample package from `provenance-missing`. */
export function exemption(change: Partial<Exemption> = {}): Exemption {
  return {
    name: ID.name,
    range: ID.version,
    rules: ['provenance-missing'],
    reason: 'vendored copy reviewed',
    owner: 'security',
    expires: '2027-01-01',
    line: 12,
    ...change,
  };
}

/** An acknowledgement of the sample rejection of the sample package. */
export function acknowledgement(
  change: Partial<Acknowledgement> = {},
): Acknowledgement {
  return {
    name: ID.name,
    version: ID.version,
    integrity: SRI,
    codes: ['subject-digest'],
    reason: 'compared with the tag',
    owner: null,
    expires: '2027-01-01',
    line: 20,
    ...change,
  };
}

/** An entry of `packages` that demands nothing but what a test says. */
export function packageEntry(
  pattern: string,
  change: Partial<PackagePolicy> = {},
): PackagePolicy {
  return {
    pattern,
    require: null,
    source: [],
    workflow: [],
    signer: [],
    ref: [],
    runner: [],
    builder: [],
    issuer: [],
    events: [],
    line: 30,
    ...change,
  };
}

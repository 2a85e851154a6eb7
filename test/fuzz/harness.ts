import type { AttestationJson } from '../../fixtures/statements.js';
import { parseAttestationDocument } from '../../src/evidence/attestation-document.js';
import { establishFacts } from '../../src/facts/establish-facts.js';
import type { Dependency } from '../../src/lockfile/dependency.js';
import type { TrustRoot } from '../../src/verification/trust-root.js';
import { formatPath } from './json.js';
import { unexplained } from './unauthenticated.js';

/** An honest document, reduced to one attestation, and what it is judged by. */
export interface Specimen {
  readonly title: string;
  readonly document: { readonly attestations: readonly AttestationJson[] };
  /** The document as it is served. */
  readonly body: Buffer;
  readonly dependency: Dependency;
  readonly trustRoot: TrustRoot;
  readonly registry: string;
  readonly now: Date;
}

/** What an audit concludes from `body`, or why it does not get that far. */
export function outcomeOf(specimen: Specimen, body: Uint8Array): string {
  const document = parseAttestationDocument(body);
  if (document.status === 'empty' || document.status === 'unavailable') {
    return document.status;
  }
  const { dependency, trustRoot, registry, now } = specimen;
  const metadata = {
    integrity: dependency.integrity,
    signatures: [],
    advertisesAttestations: true,
    advertisesProvenance: false,
    publishedAt: null,
    declaredRepository: null,
  };
  return establishFacts(
    dependency,
    { status: 'attested', metadata, document },
    {
      trustRoot,
      registry,
      askedAt: registry,
      // Another one: there, an attestation may stand alone, as it does here.
      publicRegistry: 'https://registry.example/',
      conflictingPins: new Set<string>(),
      clockDoubts: [],
      now,
    },
  ).verification;
}

/** Makes mutations of documents and counts them. */
export interface Trial {
  /**
   * Judges `body`, made from `specimen` as `what` says. Throws if it is
   * verified, unless it says the same as `specimen` or another of `honest` but
   * for unauthenticated places; and if a change is taken for "there is nothing".
   * An exception of the program is not caught, so it fails the test too.
   *
   * False if nothing was changed: then nothing is judged or counted.
   */
  attempt(specimen: Specimen, body: Uint8Array, what: string): boolean;
  /** How many documents were judged. */
  readonly count: () => number;
}

/** What a trial lets pass. */
export interface TrialOptions {
  /** Other documents that may be verified besides the one that is changed. */
  readonly honest?: readonly Specimen[];
  /** Nothing is verified, even where the change says nothing else. */
  readonly isStrict?: boolean;
}

/** A trial with a count of its own, best one for each test file. */
export function createTrial({
  honest = [],
  isStrict = false,
}: TrialOptions = {}): Trial {
  let judged = 0;
  return {
    attempt(specimen, body, what) {
      if (specimen.body.equals(body)) return false;
      judged += 1;
      const outcome = outcomeOf(specimen, body);
      if (outcome === 'none') {
        throw new Error(`taken for nothing: ${specimen.title}, ${what}`);
      }
      if (outcome === 'verified' && isStrict) {
        throw new Error(`wrongly verified: ${specimen.title}, ${what}`);
      }
      if (outcome === 'verified') {
        requireSameTruth([specimen, ...honest], body, what);
      }
      return true;
    },
    count: () => judged,
  };
}

/** What is verified must say the same as one of `specimens`, the first first. */
function requireSameTruth(
  specimens: readonly Specimen[],
  body: Uint8Array,
  what: string,
): void {
  const text = Buffer.from(body)
    .toString()
    .replace(/^\uFEFF/, '');
  const found: unknown = JSON.parse(text);
  const differences = specimens.map(({ document }) =>
    unexplained(document, found),
  );
  if (differences.some((each) => each.length === 0)) return;
  const described = (differences[0] ?? []).map(
    ({ path, honest, found: other }) =>
      `${formatPath(path)}: ${honest ?? '(nothing)'} became ${other ?? '(nothing)'}`,
  );
  throw new Error(
    `wrongly verified: ${specimens[0]?.title ?? ''}, ${what}\n${described.join('\n')}`,
  );
}

/** JSON as it is served. */
export function toBody(document: unknown): Buffer {
  return Buffer.from(JSON.stringify(document));
}

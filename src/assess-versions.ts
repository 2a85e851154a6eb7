import pLimit from 'p-limit';

import { askEvidence } from './evidence/ask-evidence.js';
import type { Evidence } from './evidence/evidence.js';
import {
  letDocumentsGo,
  type JudgedEvidence,
} from './evidence/judged-evidence.js';
import type { Registry } from './evidence/registry.js';
import {
  establishFacts,
  type EstablishContext,
} from './facts/establish-facts.js';
import type { Facts } from './facts/facts.js';
import type { PackageId } from './package/package-id.js';
import { unpinnedDependency } from './unpinned-dependency.js';

/** A version that no lockfile pins, and where it is asked for. */
export interface VersionToAssess {
  readonly id: PackageId;
  /** The bytes that evidence has to be about: what the registry states. */
  readonly integrity: string | null;
  /** Base URL of the registry it belongs to. */
  readonly registry: string;
  /** Base URL of the registry that is asked. */
  readonly askedAt: string;
  /** What it answered already; then nobody is asked. */
  readonly evidence?: Evidence;
}

/** What is known of such a version. */
export interface AssessedVersion {
  readonly evidence: JudgedEvidence;
  readonly facts: Facts;
}

/** Who is asked, how many at once, and what answers are held against. */
export interface AssessOptions {
  readonly registry: Registry;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly context: Omit<
    EstablishContext,
    'registry' | 'askedAt' | 'conflictingPins'
  >;
}

/**
 * Asks for the evidence of each of `versions` and verifies it as that of a
 * lockfile's dependency is, against the bytes that the registry states: at most
 * three requests each, none where the answer is known. In their order.
 */
export async function assessVersions(
  versions: readonly VersionToAssess[],
  options: AssessOptions,
): Promise<readonly AssessedVersion[]> {
  const limit = pLimit(options.concurrency);
  const evidence = await Promise.all(
    versions.map(
      async ({ id, askedAt, evidence: known }) =>
        known ??
        (await limit(() => askEvidence(id, askedAt, options))).evidence,
    ),
  );
  return versions.map((version, index) => {
    const answer = evidence[index];
    if (answer === undefined) throw new Error('an answer is missing');
    const { id, integrity, registry, askedAt } = version;
    const dependency = unpinnedDependency(id, integrity);
    const facts = establishFacts(dependency, answer, {
      ...options.context,
      conflictingPins: new Set(),
      registry,
      askedAt,
    });
    return { evidence: letDocumentsGo(answer), facts };
  });
}

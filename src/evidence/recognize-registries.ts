import type { PackageId } from '../package/package-id.js';
import type { AskedEvidence } from './ask-evidence.js';
import type { Evidence, Unavailable, UnavailableCode } from './evidence.js';

/** What one registry answered about one version; null: nobody was asked. */
export interface AnswerOfRegistry extends AskedEvidence {
  readonly askAt: string | null;
  readonly id: PackageId;
}

/** One version may fail in a way of its own; several alike show the registry. */
const SEVERAL = 2;

/**
 * The evidence of `answers`, in their order, in which what all answers of a
 * registry show together is said of each in the same words, so that a report
 * names it once:
 *
 * - none carries a signature or an attestation: it serves none, and that a
 *   version has none says nothing about the version (DESIGN.md section 2);
 * - it announces attestations of several versions and hands out none: it passes
 *   metadata on, without an endpoint for attestations;
 * - it has none of several versions: it is not where they come from.
 *
 * Only ever makes less of an answer; what was `unavailable` stays so, with its
 * code.
 */
export function recognizeRegistries(
  answers: readonly AnswerOfRegistry[],
): readonly Evidence[] {
  const registries = new Map<string, AnswerOfRegistry[]>();
  for (const answer of answers) {
    if (answer.askAt === null) continue;
    const same = registries.get(answer.askAt) ?? [];
    registries.set(answer.askAt, same);
    same.push(answer);
  }
  const recognized = new Map(
    [...registries].map(([askAt, same]) => [askAt, recognize(askAt, same)]),
  );
  return answers.map(({ askAt, evidence }) => {
    const kind =
      evidence.status === 'unavailable' ? evidence.code : evidence.status;
    return recognized.get(askAt ?? '')?.get(kind) ?? evidence;
  });
}

/** What replaces which of a registry's answers. */
type Replacements = ReadonlyMap<
  UnavailableCode | Evidence['status'],
  Unavailable
>;

function recognize(
  askAt: string,
  answers: readonly AnswerOfRegistry[],
): Replacements {
  const replacements = new Map<
    UnavailableCode | Evidence['status'],
    Unavailable
  >();
  if (!answers.some(({ claimsProof }) => claimsProof)) {
    replacements.set('unattested', {
      status: 'unavailable',
      code: 'registry-without-evidence',
      message: `${askAt} serves neither signatures nor attestations, for any version asked`,
    });
  }
  const withheld = versionsWith('attestations-withheld', answers);
  const isHandingOut = answers.some(
    ({ evidence }) => evidence.status === 'attested',
  );
  if (!isHandingOut && withheld >= SEVERAL) {
    replacements.set('attestations-withheld', {
      status: 'unavailable',
      code: 'attestations-withheld',
      message: `${askAt} says of ${withheld} versions that they have attestations, and hands out none: it passes metadata on, but does not serve attestations`,
    });
  }
  const missing = versionsWith('version-not-found', answers);
  if (missing >= SEVERAL && missing === versionsOf(answers)) {
    replacements.set('version-not-found', {
      status: 'unavailable',
      code: 'version-not-found',
      message: `${askAt} has none of the ${missing} versions asked: it may not be the base address of a registry`,
    });
  }
  return replacements;
}

function versionsWith(
  code: UnavailableCode,
  answers: readonly AnswerOfRegistry[],
): number {
  return versionsOf(
    answers.filter(
      ({ evidence }) =>
        evidence.status === 'unavailable' && evidence.code === code,
    ),
  );
}

/** A lockfile may have one version several times. */
function versionsOf(answers: readonly AnswerOfRegistry[]): number {
  return new Set(answers.map(({ id }) => JSON.stringify([id.name, id.version])))
    .size;
}

import { LEVELS, provenPart } from '../facts/facts.js';
import type { ReportDependency, ReportProvenance } from './report.js';

/** One thing that is known of both sides and differs. */
export interface TrustDifference {
  /** `level`, `source repository`, `ref kind` … */
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
  /**
   * `worse`: less is proven, or the same version has other bytes; `better`: more
   * is proven; `other`: neither, by itself.
   */
  readonly effect: 'worse' | 'better' | 'other';
}

const PROVENANCE: readonly (readonly [
  what: string,
  read: (provenance: ReportProvenance) => string | null,
])[] = [
  ['source repository', nameRepository],
  ['source owner id', ({ sourceOwnerId }) => sourceOwnerId],
  ['workflow', ({ workflow }) => workflow],
  ['ref kind', ({ sourceRef }) => wordRefKind(sourceRef)],
  ['event', ({ event }) => event],
  ['runner', ({ runner }) => runner],
  ['builder', ({ builder }) => builder],
  ['issuer', ({ issuer }) => issuer],
];

/**
 * What differs in what is proven of a package, and in where it comes from.
 * Where nothing is known of one side (rejected, unavailable, unverifiable, left
 * out), that is said instead, and neither side counts as worse.
 */
export function trustDifferences(
  before: ReportDependency,
  after: ReportDependency,
): readonly TrustDifference[] {
  return [
    ...compareBytes(before, after),
    ...compareText('comes from', nameOrigin(before), nameOrigin(after)),
    ...compareLevels(before, after),
    ...compareProvenance(before.provenance, after.provenance),
  ];
}

function compareBytes(
  before: ReportDependency,
  after: ReportDependency,
): readonly TrustDifference[] {
  if (before.version !== after.version) return [];
  if (before.integrity === after.integrity) return [];
  const sides = { before: before.integrity, after: after.integrity };
  return [{ what: 'integrity', ...sides, effect: 'worse' }];
}

function compareLevels(
  before: ReportDependency,
  after: ReportDependency,
): readonly TrustDifference[] {
  const [left, right] = [nameLevel(before), nameLevel(after)];
  const change = compareText('level', left, right);
  const [from, to] = [rankOf(before), rankOf(after)];
  if (from === null || to === null || from === to) return change;
  const effect = to < from ? 'worse' : 'better';
  return change.map((each) => ({ ...each, effect }));
}

function compareProvenance(
  before: ReportProvenance | null,
  after: ReportProvenance | null,
): readonly TrustDifference[] {
  // Where one side has none, the level says so.
  if (before === null || after === null) return [];
  return PROVENANCE.flatMap(([what, read]) =>
    compareText(what, read(before), read(after)),
  );
}

function compareText(
  what: string,
  before: string | null,
  after: string | null,
): readonly TrustDifference[] {
  return before === after ? [] : [{ what, before, after, effect: 'other' }];
}

/**
 * How much is proven, without what a registry claims beside it: of the state
 * before nobody has asked for that. Null where it is not known.
 */
function rankOf(one: ReportDependency): number | null {
  const isKnown =
    one.scope === 'in-scope' &&
    one.evidence !== 'unavailable' &&
    (one.verification === 'verified' || one.verification === 'none');
  if (isKnown)
    return LEVELS.findIndex((each) => each === provenPart(one.level));
  // What takes the place of a registry's package has no proof at all.
  const replaces = ['git', 'file', 'remote-tarball'];
  return replaces.includes(one.scopeReason ?? '') ? 0 : null;
}

function nameLevel(one: ReportDependency): string {
  if (one.scope === 'out-of-scope')
    return `out of scope: ${one.scopeReason ?? ''}`;
  if (one.verification === 'rejected') return 'rejected';
  const reason = one.unavailable ?? one.unverifiable;
  return reason === null ? provenPart(one.level) : `not known: ${reason.code}`;
}

function nameOrigin({
  registry,
  scopeReason,
  resolved,
}: ReportDependency): string | null {
  if (registry !== null) return registry;
  return scopeReason === 'omitted' ? null : (resolved ?? scopeReason);
}

function nameRepository({
  sourceRepository,
  sourceRepositoryId,
}: ReportProvenance): string {
  return sourceRepositoryId === null
    ? sourceRepository
    : `${sourceRepository} (id ${sourceRepositoryId})`;
}

function wordRefKind(ref: string | null): string | null {
  if (ref === null) return null;
  if (ref.startsWith('refs/heads/')) return 'branch';
  return ref.startsWith('refs/tags/') ? 'tag' : 'other';
}

import { compileGlob, matchesGlob } from './glob.js';
import { isLeftOut, maySelect } from './left-out.js';
import { packageEntries } from './package-entry.js';
import type {
  PackagePolicy,
  Policy,
  RegistryPolicy,
  RuleSetting,
  Selector,
} from './policy.js';
import { selectsEverything } from './select.js';
import type { Subject } from './verdict.js';

/** A setting that changes nothing about this audit, and why. */
export interface IdleSetting {
  /** For people; may quote the policy and names of the lockfile. */
  readonly message: string;
  readonly line: number | null;
}

/**
 * Whether policy says something about it: it is audited or, of what a selection
 * has left out, would be as far as the lockfile tells.
 */
export function wouldBeAudited(subject: Subject): boolean {
  const { facts, dependency } = subject;
  return (
    facts !== null ||
    (isLeftOut(subject) && dependency.origin.kind === 'registry')
  );
}

/** Entries of `packages` that count for no audited package. */
export function findIdleEntries(
  subjects: readonly Subject[],
  { packages }: Policy,
): readonly IdleSetting[] {
  const entryOf = packageEntries(packages);
  return packages.flatMap((entry) => {
    const reason = whyIdle(entry, subjects, entryOf);
    return reason === null
      ? []
      : { message: `packages, ${entry.pattern}: ${reason}`, line: entry.line };
  });
}

function whyIdle(
  entry: PackagePolicy,
  subjects: readonly Subject[],
  entryOf: ReturnType<typeof packageEntries>,
): string | null {
  const glob = compileGlob(entry.pattern);
  const matching = subjects.filter(({ dependency }) =>
    matchesGlob(glob, dependency.id.name),
  );
  if (matching.length === 0) return 'matches no package of the lockfile';
  const audited = matching.filter(wouldBeAudited);
  if (audited.length === 0)
    return 'every package that it matches is out of scope';
  const counting = new Set(
    audited.map(({ dependency }) => entryOf(dependency.id.name)?.entry),
  );
  return counting.has(entry)
    ? null
    : 'another entry counts for every package that it matches: ' +
        [...counting].map((each) => each?.pattern ?? '').join(', ');
}

/**
 * Settings of rules that can never be the one that counts. Nothing is said
 * about one whose packages others before it select too, unless one of those
 * selects everything: they may cover what there is today, by chance.
 */
export function findIdleRuleSettings(
  audited: readonly Subject[],
  { rules }: Policy,
): readonly IdleSetting[] {
  return [...rules].flatMap(([id, settings]) =>
    settings.flatMap((setting, index) => {
      const isBehind = settings
        .slice(0, index)
        .some((each) => selectsEverything(each.for));
      if (isBehind) {
        return idle(id, setting, 'an earlier setting counts for everything');
      }
      const isNeeded = audited.some((each) => maySelect(setting.for, each));
      return isNeeded ? [] : idle(id, setting, 'selects no audited package');
    }),
  );
}

function idle(id: string, setting: RuleSetting, reason: string): IdleSetting {
  const selector = describeSelector(setting.for);
  return {
    message: `rules, ${id}, ${setting.level}${selector}: ${reason}`,
    line: null,
  };
}

/** Entries of `registries` that no package belongs to or was asked at. */
export function findIdleRegistries(
  subjects: readonly Subject[],
  { registries }: Policy,
): readonly IdleSetting[] {
  return registries.flatMap((entry) =>
    subjects.some((subject) => concerns(entry, subject))
      ? []
      : {
          message: `registries, ${entry.url}: no package belongs to it`,
          line: null,
        },
  );
}

function concerns({ url }: RegistryPolicy, subject: Subject): boolean {
  const { registry, askedAt, evidence, dependency } = subject;
  if (registry === url || askedAt === url) return true;
  const { resolved } = dependency.origin;
  if (resolved === null) {
    // Which private registry has taken it out of scope cannot be told, nor
    // where one that a selection has left out would have been asked for.
    return (
      isLeftOut(subject) ||
      (evidence.status === 'not-applicable' &&
        evidence.reason === 'private-registry')
    );
  }
  return URL.canParse(resolved) && new URL(resolved).href.startsWith(url);
}

/** A selector in words, empty for everything: ` for production, packages @acme/*`. */
export function describeSelector(selector: Selector): string {
  const { scope, direct, workspaces, packages, registries } = selector;
  const list = (name: string, items: readonly string[]): readonly string[] =>
    items.length === 0 ? [] : [`${name} ${items.join(' or ')}`];
  const parts = [
    ...(scope === 'production' ? ['production'] : []),
    ...(direct === null ? [] : [direct ? 'direct' : 'not direct']),
    ...list('workspaces', workspaces),
    ...list('packages', packages),
    ...list('registries', registries),
  ];
  return parts.length === 0 ? '' : ` for ${parts.join(', ')}`;
}

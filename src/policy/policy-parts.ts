import {
  EVERYTHING,
  type Acknowledgement,
  type Exemption,
  type HistoryWindows,
  type PackagePolicy,
  type Policy,
  type RegistryPolicy,
  type RuleSetting,
  type Selector,
} from './policy.js';
import type { PolicyFileContent, WrittenSelector } from './policy-schema.js';
import {
  parseAge,
  parseRegistry,
  parseThreshold,
  parseWindow,
  splitPackageSpec,
  withSlash,
} from './policy-values.js';

/** What one policy file says. Null: nothing, so that another file may. */
export interface PolicyParts extends Pick<
  Policy,
  | 'rules'
  | 'coverage'
  | 'packages'
  | 'minimumReleaseAge'
  | 'exemptions'
  | 'acknowledged'
  | 'registries'
  | 'issuers'
> {
  /** Files it adds to, as written. */
  readonly extends: readonly ExtendedFile[];
  readonly deniedEvents: readonly string[] | null;
  readonly history: Readonly<Record<keyof HistoryWindows, number | null>>;
}

/** A file as another one names it, and where. */
export interface ExtendedFile {
  /** Relative to the file that names it. */
  readonly path: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** Where the parts of a file stand. */
export interface PartPlaces {
  lineOf(keys: readonly PropertyKey[]): number | null;
  placeOf(keys: readonly PropertyKey[]): Omit<ExtendedFile, 'path'>;
}

type Content<Section extends keyof PolicyFileContent> = NonNullable<
  PolicyFileContent[Section]
>;
type Written<Section extends keyof PolicyFileContent> =
  Content<Section> extends readonly (infer Item)[]
    ? Item
    : Content<Section>[keyof Content<Section>];

/** What a file with valid `content` says. */
export function toPolicyParts(
  content: PolicyFileContent,
  places: PartPlaces,
  publicRegistry: string,
): PolicyParts {
  const { coverage, minimumReleaseAge, history } = content;
  return {
    extends: listOf(content.extends).map((path, index, { length }) => ({
      path,
      ...places.placeOf(
        length === 1 && typeof content.extends === 'string'
          ? ['extends']
          : ['extends', index],
      ),
    })),
    rules: new Map(
      Object.entries(content.rules ?? {}).flatMap(([id, setting]) =>
        setting === undefined
          ? []
          : [[id, toSettings(setting, publicRegistry)]],
      ),
    ),
    coverage: {
      all: toThreshold(coverage?.all),
      production: toThreshold(coverage?.production),
      direct: toThreshold(coverage?.direct),
    },
    packages: Object.entries(content.packages ?? {}).map(([pattern, entry]) =>
      toPackage(pattern, entry, places.lineOf(['packages', pattern])),
    ),
    deniedEvents: content.events?.deny ?? null,
    minimumReleaseAge:
      minimumReleaseAge === undefined ? null : parseAge(minimumReleaseAge),
    history: {
      compareWithin: toWindow(history?.compareWithin),
      byHandAfter: toWindow(history?.byHandAfter),
      atOnceWithin: toWindow(history?.atOnceWithin),
    },
    exemptions: (content.exemptions ?? []).map((entry, index) =>
      toExemption(entry, places.lineOf(['exemptions', index])),
    ),
    acknowledged: (content.acknowledged ?? []).map((entry, index) =>
      toAcknowledgement(entry, places.lineOf(['acknowledged', index])),
    ),
    registries: Object.entries(content.registries ?? {}).flatMap(
      ([url, entry]) => toRegistry(url, entry, publicRegistry),
    ),
    issuers: Object.entries(content.issuers ?? {}).map(
      ([issuer, { platform, server }]) => ({
        issuer,
        platform,
        server: withSlash(server),
      }),
    ),
  };
}

function toWindow(text: string | undefined): number | null {
  return text === undefined ? null : parseWindow(text);
}

function toSettings(
  written: NonNullable<Written<'rules'>>,
  publicRegistry: string,
): readonly RuleSetting[] {
  if (typeof written === 'string') {
    return [{ level: written, for: EVERYTHING }];
  }
  return listOf(written).map(({ level, for: selected }) => ({
    level,
    for: toSelector(selected ?? {}, publicRegistry),
  }));
}

function toSelector(
  { scope, direct, workspace, packages, registry }: WrittenSelector,
  publicRegistry: string,
): Selector {
  return {
    scope: scope ?? 'all',
    direct: direct ?? null,
    workspaces: listOf(workspace),
    packages: listOf(packages),
    registries: listOf(registry).map(
      (each) => parseRegistry(each, publicRegistry) ?? each,
    ),
  };
}

function toThreshold(text: string | undefined): Policy['coverage']['all'] {
  return text === undefined ? null : parseThreshold(text);
}

function toPackage(
  pattern: string,
  entry: Written<'packages'>,
  line: number | null,
): PackagePolicy {
  return {
    pattern,
    require: entry.require ?? null,
    source: listOf(entry.source),
    workflow: listOf(entry.workflow),
    signer: listOf(entry.signer),
    ref: listOf(entry.ref),
    runner: listOf(entry.runner),
    builder: listOf(entry.builder),
    issuer: listOf(entry.issuer),
    events: listOf(entry.events),
    line,
  };
}

function toExemption(
  { package: spec, rules, reason, owner, expires }: Written<'exemptions'>,
  line: number | null,
): Exemption {
  const { name, version } = splitPackageSpec(spec);
  return {
    name,
    range: version,
    rules: listOf(rules),
    reason,
    owner: owner ?? null,
    expires,
    line,
  };
}

function toAcknowledgement(
  { package: spec, codes, ...entry }: Written<'acknowledged'>,
  line: number | null,
): Acknowledgement {
  const { name, version } = splitPackageSpec(spec);
  return {
    name,
    version: version ?? '',
    integrity: entry.integrity,
    codes: listOf(codes),
    reason: entry.reason,
    owner: entry.owner ?? null,
    expires: entry.expires,
    line,
  };
}

function toRegistry(
  text: string,
  { mirrorOf, evidence }: Written<'registries'>,
  publicRegistry: string,
): readonly RegistryPolicy[] {
  const url = parseRegistry(text, publicRegistry);
  if (url === null) return [];
  return [
    {
      url,
      mirrorOf:
        mirrorOf === undefined ? null : parseRegistry(mirrorOf, publicRegistry),
      hasNoEvidence: evidence === 'none',
      evidenceFrom:
        evidence === undefined || evidence === 'none'
          ? null
          : parseRegistry(evidence.registry, publicRegistry),
    },
  ];
}

/** Where one may stand for a list of one. */
function listOf<Item>(
  written: Item | readonly Item[] | undefined,
): readonly Item[] {
  if (written === undefined) return [];
  return isList(written) ? written : [written];
}

function isList<Item>(
  written: Item | readonly Item[],
): written is readonly Item[] {
  return Array.isArray(written);
}

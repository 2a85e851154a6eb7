import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { parsePolicy, type PolicyVocabulary } from './parse-policy.js';
import type { PolicyFile } from './policy-file.js';
import type { ExtendedFile, PolicyParts } from './policy-parts.js';
import type { PolicyProblem } from './policy-problem.js';
import { DEFAULT_WINDOWS, type HistoryWindows, type Policy } from './policy.js';

/**
 * Reads a file that a policy extends. `path` is relative to the root of the
 * repository, with slashes, and does not leave it as text; whether it does by a
 * link is for the implementation to see. A reason in a few words if the file
 * cannot be had.
 */
export type LoadPolicyFile = (
  path: string,
) => Promise<
  | { readonly status: 'ok'; readonly bytes: Uint8Array }
  | { readonly status: 'error'; readonly reason: string }
>;

/** What a policy file and those it extends say together. */
export type ExtendedPolicy =
  | {
      readonly status: 'ok';
      readonly parts: PolicyParts;
      /** Of the one file, or of the digests of all, in the order of reading. */
      readonly sha256: string;
      /** The files, that one first. */
      readonly files: readonly string[];
    }
  | { readonly status: 'error'; readonly problems: readonly PolicyProblem[] };

/** What follows from where a policy comes from. */
export type PolicySource = Pick<Policy, 'origin' | 'path' | 'ref'>;

const MAX_DEPTH = 8;
const MAX_FILES = 64;

/**
 * Reads the policy `file`, whose path is relative to the repository's root, and
 * every file it extends. All problems of all files are reported together.
 *
 * A file is merged once, however often it is named. What a file says wins over
 * what it extends, and of several files the first over the later.
 */
export async function extendPolicy(
  file: PolicyFile,
  load: LoadPolicyFile,
  vocabulary: PolicyVocabulary,
): Promise<ExtendedPolicy> {
  const reader = new ChainReader(load, vocabulary);
  const parts = await reader.read(file, []);
  const { problems, files } = reader;
  if (parts === null || problems.length > 0) {
    return { status: 'error', problems };
  }
  const sha256 = digestOf([...files]);
  return { status: 'ok', parts, sha256, files: [...files.keys()] };
}

/** The policy that is evaluated, of what its files say together. */
export function toPolicy(
  { parts, sha256, files }: Extract<ExtendedPolicy, { readonly status: 'ok' }>,
  source: PolicySource,
): Policy {
  return {
    ...source,
    ...(files.length > 1 && { files }),
    sha256,
    rules: parts.rules,
    coverage: parts.coverage,
    packages: parts.packages,
    deniedEvents: parts.deniedEvents ?? [],
    minimumReleaseAge: parts.minimumReleaseAge,
    history: withDefaults(parts.history),
    exemptions: parts.exemptions,
    acknowledged: parts.acknowledged,
    registries: parts.registries,
    issuers: parts.issuers,
  };
}

function withDefaults(history: PolicyParts['history']): HistoryWindows {
  const { compareWithin, byHandAfter, atOnceWithin } = DEFAULT_WINDOWS;
  return {
    compareWithin: history.compareWithin ?? compareWithin,
    byHandAfter: history.byHandAfter ?? byHandAfter,
    atOnceWithin: history.atOnceWithin ?? atOnceWithin,
  };
}

/** Follows `extends`, depth first, and collects what goes wrong. */
class ChainReader {
  readonly problems: PolicyProblem[] = [];
  /** SHA-256 by path. */
  readonly files = new Map<string, string>();
  readonly #load: LoadPolicyFile;
  readonly #vocabulary: PolicyVocabulary;

  constructor(load: LoadPolicyFile, vocabulary: PolicyVocabulary) {
    this.#load = load;
    this.#vocabulary = vocabulary;
  }

  /** `chain`: the files through which this one is extended, outermost first. */
  async read(
    file: PolicyFile,
    chain: readonly string[],
  ): Promise<PolicyParts | null> {
    this.files.set(file.path, sha256(file.bytes));
    const parsed = parsePolicy(file, this.#vocabulary);
    if (parsed.status === 'error') {
      this.problems.push(...parsed.problems);
      return null;
    }
    let merged = parsed.parts;
    for (const extended of parsed.parts.extends) {
      const inner = await this.#follow(extended, [...chain, file.path]);
      if (inner !== null) merged = mergeParts(merged, inner);
    }
    return merged;
  }

  /** Null for a file that is refused, or merged already. */
  async #follow(
    extended: ExtendedFile,
    chain: readonly string[],
  ): Promise<PolicyParts | null> {
    const from = chain.at(-1) ?? '';
    const path = posix.join(posix.dirname(from), extended.path);
    const refusal = this.#refusalOf(path, chain);
    if (refusal !== null) return this.#refuse(from, extended, refusal);
    if (this.files.has(path)) return null;
    const loaded = await this.#load(path);
    if (loaded.status === 'error') {
      return this.#refuse(from, extended, `${path}: ${loaded.reason}`);
    }
    const kind = path.endsWith('.json') ? 'json' : 'yaml';
    return this.read({ path, bytes: loaded.bytes, kind }, chain);
  }

  #refusalOf(path: string, chain: readonly string[]): string | null {
    if (path === '..' || path.startsWith('../')) {
      return 'leads out of the repository';
    }
    if (path.split('/').includes('node_modules')) {
      return 'leads into node_modules';
    }
    if (chain.includes(path)) {
      return `a cycle: ${[...chain, path].join(' extends ')}`;
    }
    if (chain.length > MAX_DEPTH) return `more than ${MAX_DEPTH} files deep`;
    if (this.files.size >= MAX_FILES) return `more than ${MAX_FILES} files`;
    return null;
  }

  #refuse(
    path: string,
    { path: written, line, column }: ExtendedFile,
    message: string,
  ): null {
    this.problems.push({
      path,
      line,
      column,
      key: 'extends',
      message,
      expected: null,
      found: written,
      suggestion: null,
    });
    return null;
  }
}

/**
 * `own` with what `inner` adds. Lines of what is added are dropped: they are
 * those of another file than the one the policy is called by.
 */
function mergeParts(own: PolicyParts, inner: PolicyParts): PolicyParts {
  const { coverage } = own;
  return {
    extends: own.extends,
    rules: new Map([...inner.rules, ...own.rules]),
    coverage: {
      all: coverage.all ?? inner.coverage.all,
      production: coverage.production ?? inner.coverage.production,
      direct: coverage.direct ?? inner.coverage.direct,
    },
    packages: append(own.packages, inner.packages, ({ pattern }) => pattern),
    deniedEvents: own.deniedEvents ?? inner.deniedEvents,
    minimumReleaseAge: own.minimumReleaseAge ?? inner.minimumReleaseAge,
    history: {
      compareWithin: own.history.compareWithin ?? inner.history.compareWithin,
      byHandAfter: own.history.byHandAfter ?? inner.history.byHandAfter,
      atOnceWithin: own.history.atOnceWithin ?? inner.history.atOnceWithin,
    },
    exemptions: append(own.exemptions, inner.exemptions, identityOfExemption),
    acknowledged: append(
      own.acknowledged,
      inner.acknowledged,
      ({ name, version, integrity }) =>
        JSON.stringify([name, version, integrity]),
    ),
    registries: append(own.registries, inner.registries, ({ url }) => url),
    issuers: append(own.issuers, inner.issuers, ({ issuer }) => issuer),
  };
}

function identityOfExemption({
  name,
  range,
  rules,
}: PolicyParts['exemptions'][number]): string {
  return JSON.stringify([name, range, rules.toSorted()]);
}

/** Of two entries about the same, the second would never be looked at. */
function append<Entry extends object>(
  own: readonly Entry[],
  inner: readonly Entry[],
  identityOf: (entry: Entry) => string,
): readonly Entry[] {
  const known = new Set(own.map(identityOf));
  const added = inner.filter((entry) => !known.has(identityOf(entry)));
  return [
    ...own,
    ...added.map((entry) =>
      'line' in entry ? { ...entry, line: null } : entry,
    ),
  ];
}

function digestOf(files: readonly (readonly [string, string])[]): string {
  const [first, ...others] = files;
  if (first !== undefined && others.length === 0) return first[1];
  const lines = files.map(([path, digest]) => `${digest}  ${path}\n`);
  return sha256(Buffer.from(lines.join('')));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

import pLimit from 'p-limit';

import { isJsonObject } from '../json/strict-json.js';
import type { PackageId } from '../package/package-id.js';
import { parseAnswer } from './answer-json.js';
import type { CollectedEvidence } from './collect-evidence.js';
import type { Evidence } from './evidence.js';
import { parseTime } from './parse-time.js';
import { MAX_TIMES_BYTES } from './read-answer.js';
import type { FoundAnswer, Registry } from './registry.js';

/** Who is asked, how many at once, and for which signatures. */
export interface PublishTimeOptions {
  readonly registry: Registry;
  /** Packages asked about at the same time; at least 1. */
  readonly concurrency: number;
  /** Ends the questions: what is not there yet stays unknown. */
  readonly signal: AbortSignal;
  /**
   * Whether the key `keyid` of the registry at the base URL `registry`, to which
   * a dependency belongs, is known and has ended.
   */
  readonly isEnded: (registry: string, keyid: string) => boolean;
}

/** One package at the registry that is asked about it. */
interface Question {
  readonly askedAt: string;
  /** One of its versions; the answer is about all. */
  readonly id: PackageId;
  /** Those of interest, of all that the answer lists. */
  readonly versions: Set<string>;
}

/** Dates by version; what is unknown is not in it. */
type PublishTimes = ReadonlyMap<string, Date>;

/**
 * `collected`, in its order, with `metadata.publishedAt` filled where a version
 * has a signature by a key that has ended. Asks nothing if there is none, about
 * every package once, and where its metadata came from. Null stays what could
 * not be had, or is no date: unknown, never "in time".
 *
 * The times are claimed, by the registry, and nobody signs them. They may count
 * against a version only: published after the key's end, the signature is not
 * good (SECURITY.md C39). Rejects only if the registry port throws, which its
 * contract forbids.
 */
export async function askPublishTimes(
  collected: readonly CollectedEvidence[],
  options: PublishTimeOptions,
): Promise<readonly CollectedEvidence[]> {
  const wanted = new Set(collected.filter((each) => isWanted(each, options)));
  const times = await askAll(questionsAbout(wanted), options);
  return collected.map((each) => {
    const { evidence, dependency } = each;
    if (!wanted.has(each) || !hasMetadata(evidence)) return each;
    const published = times.get(keyOf(each))?.get(dependency.id.version);
    const metadata = { ...evidence.metadata, publishedAt: published ?? null };
    return { ...each, evidence: { ...evidence, metadata } };
  });
}

function isWanted(
  { registry, evidence }: CollectedEvidence,
  { isEnded }: PublishTimeOptions,
): boolean {
  return (
    registry !== null &&
    hasMetadata(evidence) &&
    evidence.metadata.signatures.some(({ keyid }) => isEnded(registry, keyid))
  );
}

function hasMetadata(
  evidence: Evidence,
): evidence is Extract<Evidence, { readonly metadata: unknown }> {
  return evidence.status === 'attested' || evidence.status === 'unattested';
}

function keyOf({ askedAt, dependency }: CollectedEvidence): string {
  return JSON.stringify([askedAt, dependency.id.name]);
}

function questionsAbout(
  wanted: ReadonlySet<CollectedEvidence>,
): ReadonlyMap<string, Question> {
  const questions = new Map<string, Question>();
  for (const each of wanted) {
    const { askedAt, dependency } = each;
    if (askedAt === null) continue;
    const { id } = dependency;
    const key = keyOf(each);
    const question = questions.get(key) ?? { askedAt, id, versions: new Set() };
    question.versions.add(id.version);
    questions.set(key, question);
  }
  return questions;
}

async function askAll(
  questions: ReadonlyMap<string, Question>,
  options: PublishTimeOptions,
): Promise<ReadonlyMap<string, PublishTimes>> {
  const limit = pLimit(options.concurrency);
  try {
    const answers = [...questions].map(async ([key, question]) => {
      const times = await limit(() => askOne(question, options));
      return [key, times] as const;
    });
    return new Map(await Promise.all(answers));
  } finally {
    limit.clearQueue();
  }
}

async function askOne(
  { askedAt, id, versions }: Question,
  { registry, signal }: PublishTimeOptions,
): Promise<PublishTimes> {
  if (signal.aborted) return new Map();
  const request = { kind: 'publish-time', id, registry: askedAt } as const;
  const answer = await registry.ask(request, signal);
  if (answer.status !== 'found') return new Map();
  const times = readTimes(answer, versions);
  if (answer.isKept !== true || times.size === versions.size) return times;
  // Spoilt, or from before a version was published: both may be mended.
  const again = await registry.ask({ ...request, anew: true }, signal);
  return again.status === 'found' ? readTimes(again, versions) : times;
}

/** Not all that is listed: the lists of many packages must not add up. */
function readTimes(
  { body, reading }: FoundAnswer,
  versions: ReadonlySet<string>,
): PublishTimes {
  const times = new Map<string, Date>();
  const parsed = reading?.times ?? parseAnswer(body, MAX_TIMES_BYTES);
  if (parsed.status !== 'ok' || !isJsonObject(parsed.value)) return times;
  for (const version of versions) {
    if (!Object.hasOwn(parsed.value, version)) continue;
    const time = parseTime(parsed.value[version]);
    if (time !== null) times.set(version, time);
  }
  return times;
}

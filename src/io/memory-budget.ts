import { getHeapStatistics } from 'node:v8';
import type { Unavailable } from '../evidence/evidence.js';
import { readAnswer } from '../evidence/read-answer.js';
import {
  isAboutPackage,
  type FoundAnswer,
  type Registry,
  type RegistryAnswer,
  type RegistryRequest,
} from '../evidence/registry.js';
import type { ReleaseHistory } from '../evidence/release-history.js';

/** What the answers of one audit may take of Node.js's memory. */
export interface MemoryBudget {
  /** Why a body of `registry` cannot be parsed in this memory; null if it can. */
  readonly refuse: (body: Uint8Array, registry: string) => Unavailable | null;
  /** `registry` without answers for which there is no memory at all. */
  admitting(registry: Registry): Registry;
  /**
   * `registry` without documents and histories for which there is none beside the
   * earlier ones: an audit holds all of them to its end.
   */
  holding(registry: Registry): Registry;
}

const MIB = 1024 * 1024;
/** Of what is free now; the rest is for verifying, facts and reports. */
const SHARE = 0.5;

const COMMA = ','.charCodeAt(0);
const BRACKET = '['.charCodeAt(0);
const BRACE = '{'.charCodeAt(0);
/** The text and its strings; an object or array; an element or member. */
const PER_BYTE = 2;
const PER_VALUE = 128;
const PER_MEMBER = 80;
/** A version of a history without its texts: itself, a date and two lists. */
const PER_RELEASE = 4 * PER_VALUE;
/** Of the densest JSON there is: `{},` again and again. */
const MOST_PER_BYTE = PER_BYTE + (PER_VALUE + PER_MEMBER) / 3;

/**
 * Running out of memory ends Node.js with a dump and an exit code that says
 * nothing, so it is foreseen: an answer that would take too much is
 * `unavailable`. How much it takes is estimated by its bytes, from above.
 */
export function createMemoryBudget(
  bytes: number = freeHeap() * SHARE,
): MemoryBudget {
  let left = bytes;
  /** By question: asked again, an answer takes the place of the earlier one. */
  const held = new Map<string, number>();
  const refuse = (body: Uint8Array, registry: string): Unavailable | null =>
    body.length * MOST_PER_BYTE <= bytes || parsedSize(body) <= bytes
      ? null
      : tooLarge(registry);
  const hold = (request: RegistryRequest, size: number): boolean => {
    const key = questionOf(request);
    const more = size - (held.get(key) ?? 0);
    if (more > left) return false;
    left -= more;
    held.set(key, size);
    return true;
  };
  return {
    refuse,
    admitting: (registry) => ({
      async ask(request, signal) {
        const answer = await registry.ask(request, signal);
        return answer.status === 'found'
          ? (refuse(answer.body, request.registry) ?? answer)
          : answer;
      },
    }),
    holding: (registry) => ({
      async ask(request, signal): Promise<RegistryAnswer> {
        const answer = await registry.ask(request, signal);
        if (answer.status !== 'found') return answer;
        const { kept, size } = whatIsHeld(request, answer);
        return hold(request, size) ? kept : tooLarge(request.registry);
      },
    }),
  };
}

function questionOf({ kind, registry, id }: RegistryRequest): string {
  const version = isAboutPackage(kind) ? null : id.version;
  return JSON.stringify([kind, registry, id.name, version]);
}

/** Of metadata and publish times an audit holds next to nothing. */
function whatIsHeld(
  request: RegistryRequest,
  answer: FoundAnswer,
): { readonly kept: FoundAnswer; readonly size: number } {
  switch (request.kind) {
    case 'version':
    case 'publish-time':
      return { kept: answer, size: 0 };
    case 'attestations':
      return { kept: answer, size: parsedSize(answer.body) };
    case 'history': {
      // Of what it says of each version little is held: read, it tells how much.
      const reading = answer.reading ?? readAnswer(request, answer.body);
      const { history } = reading;
      const size = history?.status === 'known' ? sizeOf(history.history) : 0;
      return { kept: { ...answer, reading }, size };
    }
  }
}

/** Bytes that a history takes, at most. */
export function sizeOf({ versions, tags }: ReleaseHistory): number {
  let size = PER_VALUE + tags.size * (PER_VALUE + PER_MEMBER);
  for (const each of versions) {
    const { installScripts, remoteDependencies } = each;
    const texts = [each.version, each.integrity, each.declaredRepository];
    size += PER_RELEASE;
    size += sum([...texts, ...remoteDependencies], textSize);
    size += installScripts.length * PER_MEMBER;
  }
  return size;
}

function textSize(text: string | null): number {
  return text === null ? 0 : text.length * PER_BYTE + PER_MEMBER;
}

function sum<Item>(
  items: readonly Item[],
  sizeOfItem: (item: Item) => number,
): number {
  return items.reduce((total, item) => total + sizeOfItem(item), 0);
}

/** Bytes that the JSON in `body` takes once it is parsed, at most. */
export function parsedSize(body: Uint8Array): number {
  let values = 0;
  let members = 0;
  let index = body.length;
  // An iterator over bytes takes five times as long.
  while (index > 0) {
    index -= 1;
    const byte = body[index];
    if (byte === COMMA) members += 1;
    else if (byte === BRACKET || byte === BRACE) values += 1;
  }
  return body.length * PER_BYTE + values * PER_VALUE + members * PER_MEMBER;
}

function freeHeap(): number {
  const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics();
  return Math.max(limit - used, 0);
}

/** In the same words for each package, so that a report says it once. */
function tooLarge(registry: string): Unavailable {
  const { heap_size_limit: limit } = getHeapStatistics();
  const more = Math.ceil((limit * 2) / MIB);
  return {
    status: 'unavailable',
    code: 'too-large',
    message: `answers of ${registry} do not fit into the memory that Node.js may use here; run it with NODE_OPTIONS=--max-old-space-size=${more}`,
  };
}

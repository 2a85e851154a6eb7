import { getHeapStatistics } from 'node:v8';
import type { Unavailable } from '../evidence/evidence.js';
import type { Registry, RegistryAnswer } from '../evidence/registry.js';

/** What the answers of one audit may take of Node.js's memory. */
export interface MemoryBudget {
  /** `registry` without answers for which there is no memory at all. */
  admitting(registry: Registry): Registry;
  /**
   * `registry` without documents for which there is none beside the earlier
   * ones: an audit holds all of them to its end.
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
  return {
    admitting: (registry) => ({
      async ask(request, signal) {
        const answer = await registry.ask(request, signal);
        const isAdmitted =
          answer.status !== 'found' ||
          answer.body.length * MOST_PER_BYTE <= bytes ||
          parsedSize(answer.body) <= bytes;
        return isAdmitted ? answer : tooLarge(request.registry);
      },
    }),
    holding: (registry) => ({
      async ask(request, signal): Promise<RegistryAnswer> {
        const answer = await registry.ask(request, signal);
        if (answer.status !== 'found' || request.kind !== 'attestations') {
          return answer;
        }
        const { registry: base, id } = request;
        const key = JSON.stringify([base, id.name, id.version]);
        const size = parsedSize(answer.body) - (held.get(key) ?? 0);
        if (size > left) return tooLarge(base);
        left -= size;
        held.set(key, (held.get(key) ?? 0) + size);
        return answer;
      },
    }),
  };
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

import {
  parseStrictJson,
  type JsonProblem,
  type JsonValue,
} from '../json/strict-json.js';
import type { Unavailable } from './evidence.js';

/**
 * - `ok`: one JSON value.
 * - `unavailable`: no JSON; something between here and the registry answered,
 *   or the answer broke off.
 * - `refused`: JSON, but such as no honest registry writes, or over a limit.
 */
export type ParsedAnswer =
  | { readonly status: 'ok'; readonly value: JsonValue }
  | Unavailable
  | { readonly status: 'refused'; readonly problem: JsonProblem };

/** Deeper than any manifest or bundle (SECURITY.md section 6). */
const MAX_DEPTH = 64;

/** Reads the body of a registry's 200 answer, untrusted. Never throws. */
export function parseAnswer(body: Uint8Array, maxBytes: number): ParsedAnswer {
  const result = parseStrictJson(body, { maxBytes, maxDepth: MAX_DEPTH });
  if (result.status === 'ok') return result;
  const { problem } = result;
  switch (problem.code) {
    case 'not-json':
      return endsEarly(problem, body)
        ? unavailable('truncated', 'the answer breaks off')
        : unavailable('not-json', 'the answer is not JSON');
    case 'not-utf8':
      return unavailable('not-json', `the answer is ${problem.message}`);
    case 'too-large':
    case 'too-deep':
    case 'duplicate-key':
    case 'forbidden-key':
      return { status: 'refused', problem };
  }
}

function endsEarly({ position }: JsonProblem, body: Uint8Array): boolean {
  const { length } = new TextDecoder().decode(body);
  return position !== null && position >= length;
}

function unavailable(
  code: 'truncated' | 'not-json',
  message: string,
): Unavailable {
  return { status: 'unavailable', code, message };
}

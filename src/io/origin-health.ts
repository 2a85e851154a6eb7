import type { HttpAnswer } from './http.js';
import type { HttpFailure, HttpFailureCode } from './http-failure.js';

/** By which nobody was reached, as opposed to an answer that is of no use. */
const NOBODY: ReadonlySet<HttpFailureCode> = new Set([
  'network',
  'timeout',
  'tls',
]);
/**
 * Questions in a row, each tried as often as allowed, after which an origin that
 * has answered before is taken for gone. One will do for one that never has.
 */
const MOST_IN_A_ROW = 8;

/**
 * What is known about the origins that were asked, so that hundreds of questions
 * to one that is not there, or in trouble, do not each take their full time.
 * Only ever the reason for an answer that is `failed`, or for fewer tries.
 */
export class OriginHealth {
  readonly #states = new Map<string, OriginState>();

  /** Why not to ask this origin at all; null while there is hope. */
  whyGone(origin: string): HttpFailure | null {
    const { failure, unanswered, hasAnswered } = this.#stateOf(origin);
    const most = hasAnswered ? MOST_IN_A_ROW : 1;
    return unanswered >= most ? failure : null;
  }

  /** Whether one try is enough: the last ones all ended in its refusal. */
  isInTrouble(origin: string): boolean {
    const { refused, hasServed } = this.#stateOf(origin);
    return refused >= (hasServed ? MOST_IN_A_ROW : 1);
  }

  /** Takes the last answer to one question, whatever tries it took. */
  note(origin: string, answer: HttpAnswer): void {
    const state = this.#stateOf(origin);
    if (answer.status === 'failed') {
      if (answer.code === 'aborted' || answer.isLocal === true) return;
      if (NOBODY.has(answer.code)) {
        state.unanswered += 1;
        state.failure = answer;
        return;
      }
    }
    state.unanswered = 0;
    state.hasAnswered = true;
    if (isRefusal(answer)) {
      state.refused += 1;
    } else {
      state.refused = 0;
      state.hasServed = true;
    }
  }

  #stateOf(origin: string): OriginState {
    const state = this.#states.get(origin) ?? {
      unanswered: 0,
      refused: 0,
      hasAnswered: false,
      hasServed: false,
      failure: null,
    };
    this.#states.set(origin, state);
    return state;
  }
}

interface OriginState {
  /** Questions in a row that nobody answered. */
  unanswered: number;
  /** Questions in a row that it would not answer now. */
  refused: number;
  hasAnswered: boolean;
  /** Whether it ever answered otherwise than by a refusal. */
  hasServed: boolean;
  failure: HttpFailure | null;
}

function isRefusal(answer: HttpAnswer): boolean {
  return (
    answer.status === 'answered' &&
    // Not 501: that is how it says that it does not know the question.
    (answer.statusCode === 429 ||
      (answer.statusCode >= 500 && answer.statusCode !== 501))
  );
}

import { describe, expect, it } from 'vitest';
import { failure, type HttpFailureCode } from '../../src/io/http-failure.js';
import type { HttpAnswer } from '../../src/io/http.js';
import { OriginHealth } from '../../src/io/origin-health.js';

const ORIGIN = 'https://npm.acme.example';

function answered(statusCode: number): HttpAnswer {
  return { status: 'answered', statusCode, body: null, retryAfter: null };
}

function failed(code: HttpFailureCode): HttpAnswer {
  return failure(code, `the connection to npm.acme.example failed: ${code}`);
}

function healthAfter(...answers: readonly HttpAnswer[]): OriginHealth {
  const health = new OriginHealth();
  for (const answer of answers) health.note(ORIGIN, answer);
  return health;
}

function times(count: number, answer: HttpAnswer): readonly HttpAnswer[] {
  return Array.from({ length: count }, () => answer);
}

describe('an origin', () => {
  it.each<HttpFailureCode>(['network', 'timeout', 'tls'])(
    'that has never answered is gone after one question: %s',
    (code) => {
      const health = healthAfter(failed(code));
      expect(health.whyGone(ORIGIN)).toBe(health.whyGone(ORIGIN));
      expect(health.whyGone(ORIGIN)).toMatchObject({ status: 'failed', code });
      expect(health.whyGone('https://other.example')).toBeNull();
    },
  );

  it.each([
    ['the end of the audit', failed('aborted')],
    ['a body that breaks off', failed('truncated')],
    ['too much', failed('too-large')],
    ['a redirect elsewhere', failed('redirect-refused')],
    [
      'a limit of this process',
      {
        ...failure('network', 'no connection: too many open files (EMFILE)'),
        isLocal: true,
      } as const,
    ],
    ['not found', answered(404)],
    ['an overload', answered(503)],
  ])('is not gone by %s', (_what, answer) => {
    expect(healthAfter(...times(20, answer)).whyGone(ORIGIN)).toBeNull();
  });

  it('that has answered before is gone after eight in a row', () => {
    const network = failed('network');
    const seven = [answered(200), ...times(7, network)];
    expect(healthAfter(...seven).whyGone(ORIGIN)).toBeNull();
    expect(healthAfter(...seven, network).whyGone(ORIGIN)).toBe(network);
    expect(
      healthAfter(...seven, answered(404), network).whyGone(ORIGIN),
    ).toBeNull();
  });

  it('is back with its first answer', () => {
    const health = healthAfter(failed('network'), answered(200));
    expect(health.whyGone(ORIGIN)).toBeNull();
  });

  it.each([429, 500, 503])('is in trouble by %i', (status) => {
    const refusal = answered(status);
    expect(healthAfter().isInTrouble(ORIGIN)).toBe(false);
    expect(healthAfter(refusal).isInTrouble(ORIGIN)).toBe(true);
    const seven = [answered(200), ...times(7, refusal)];
    expect(healthAfter(...seven).isInTrouble(ORIGIN)).toBe(false);
    expect(healthAfter(...seven, refusal).isInTrouble(ORIGIN)).toBe(true);
    const over = healthAfter(...seven, refusal, answered(404));
    expect(over.isInTrouble(ORIGIN)).toBe(false);
  });

  it.each([401, 404, 501])('is not in trouble by %i', (status) => {
    const health = healthAfter(...times(20, answered(status)));
    expect(health.isInTrouble(ORIGIN)).toBe(false);
  });
});

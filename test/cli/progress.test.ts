import { describe, expect, it } from 'vitest';
import { createProgress, type Progress } from '../../src/cli/progress.js';

const CLEAR = '\r\u{1b}[K';

function start(
  terminal: { isTTY?: boolean; columns?: number } = { isTTY: true },
  enabled = true,
): {
  progress: Progress;
  writes: string[];
  at: (milliseconds: number) => Progress;
} {
  const writes: string[] = [];
  let time = 5_000;
  const stream = { ...terminal, write: (text: string) => writes.push(text) };
  const progress = createProgress(stream, enabled, () => time);
  const at = (milliseconds: number): Progress => {
    time = 5_000 + milliseconds;
    return progress;
  };
  return { progress, writes, at };
}

describe('createProgress', () => {
  it('draws one line over the last one, with the speed', () => {
    const { at, writes } = start();
    at(0).update(0, 412);
    at(4_000).update(231, 412);
    expect(writes).toEqual([
      `${CLEAR}asking registries    0/412`,
      `${CLEAR}asking registries  231/412  58/s`,
    ]);
  });

  it('draws at most once in 100 ms', () => {
    const { at, writes } = start();
    for (let time = 0; time < 1_000; time += 10) at(time).update(time, 1_000);
    expect(writes).toHaveLength(10);
  });

  it('goes on when the clock is set back', () => {
    const { at, writes } = start();
    at(60_000).update(1, 9);
    at(0).update(2, 9);
    expect(writes.at(-1)).toBe(`${CLEAR}asking registries  2/9`);
  });

  it('clears the line once', () => {
    const { progress, at, writes } = start();
    progress.clear();
    expect(writes).toEqual([]);
    at(0).update(1, 2);
    progress.clear();
    progress.clear();
    expect(writes.slice(1)).toEqual([CLEAR]);
  });

  it.each([
    ['narrow', 20, 'asking registries  '],
    ['one column wide', 1, ''],
    ['of unknown width', 0, 'asking registries  1/2'],
  ])('never fills a terminal that is %s', (_what, columns, line) => {
    const { at, writes } = start({ isTTY: true, columns });
    at(0).update(1, 2);
    expect(writes).toEqual([CLEAR + line]);
  });

  it.each([
    ['not a terminal', { isTTY: false }, true],
    ['of unknown kind', {}, true],
    ['a terminal, but progress is off', { isTTY: true }, false],
  ])('is silent where the stream is %s', (_what, terminal, enabled) => {
    const { progress, at, writes } = start(terminal, enabled);
    at(0).update(1, 2);
    at(5_000).update(2, 2);
    progress.clear();
    expect(writes).toEqual([]);
  });
});

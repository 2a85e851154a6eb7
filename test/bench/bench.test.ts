import { describe, expect, it } from 'vitest';

import { readOptions, renderResults } from './main.js';
import { untilDone } from './rounds.js';
import {
  atLeast,
  atMost,
  exactly,
  median,
  ratio,
  renderTable,
  spread,
} from './table.js';
import { measureVerification } from './verify-cpu.js';
import { createWorld } from './world.js';

const cost = (wallMs: number) => ({ wallMs, cpuMs: wallMs * 2, peakMiB: 100 });

describe('the table', () => {
  it('takes the middle, of an even number between the two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  it('compares middles, and nothing with what was not measured', () => {
    const many = [cost(30), cost(20), cost(90)];
    const few = [cost(10), cost(20), cost(5)];
    expect(ratio(many, few, 'wallMs')).toBe(3);
    expect(ratio(undefined, few, 'wallMs')).toBeNull();
    expect(ratio(many, undefined, 'wallMs')).toBeNull();
  });

  it.each([
    [atLeast('x', 8, 8), true],
    [atLeast('x', 8, 7.99), false],
    [atMost('x', 2, 2), true],
    [atMost('x', 2, 2.01), false],
    [exactly('x', 0, 0), true],
    [exactly('x', 0, 1), false],
    [atLeast('x', 8, null), null],
  ])('judges %j', (row, isMet) => {
    expect(row.isMet).toBe(isMet);
  });

  it('says what was met, missed and not measured', () => {
    const rows = [atLeast('a', 8, 9), atMost('b', 2, 3), exactly('c', 0, null)];
    expect(renderTable(rows)).toBe(
      '| what | goal | found | |\n' +
        '| --- | --- | --- | --- |\n' +
        '| a | at least 8 | 9.00 | met |\n' +
        '| b | at most 2 | 3.00 | missed |\n' +
        '| c | 0 | – | not measured |\n',
    );
  });

  it('gives figures with their extremes', () => {
    expect(spread([cost(1500), cost(2500), cost(2000)], 'wallMs')).toBe(
      '2.00 s (1.50–2.50)',
    );
    expect(spread([cost(1)], 'peakMiB')).toBe('100 MiB (100–100)');
  });

  it('stands below what it was measured on', () => {
    const options = readOptions(['--packages', '10', '--large', '0']);
    expect(options).toMatchObject({ packages: 10, share: 0.25, large: null });
    const results = { options, npm: null, rows: [], figures: ['a: 1 s'] };
    const text = renderResults(results, 'a machine');
    expect(text).toContain('Machine: a machine; npm is not there.');
    expect(text).toContain('10 packages, 25 % attested, 20 ms');
    expect(text).toContain('- a: 1 s');
  });

  it.each([['x'], ['-1'], ['']])('refuses %j for a number', (value) => {
    expect(() => readOptions([`--rounds=${value}`])).toThrow('--rounds');
  });
});

describe('a round', () => {
  /** Throws so often before it answers. */
  function failing(count: number): () => Promise<string> {
    let left = count;
    return () => {
      if (left === 0) return Promise.resolve('done');
      const error = new Error(`failure\n  ${left}`);
      left -= 1;
      return Promise.reject(error);
    };
  }

  it('is made again where it may be for nothing, and says why', async () => {
    expect(await untilDone(2, failing(2))).toEqual({
      result: 'done',
      failures: ['Error: failure 2', 'Error: failure 1'],
    });
    expect(await untilDone(0, failing(0))).toEqual({
      result: 'done',
      failures: [],
    });
  });

  it('fails the measurement where it is not', async () => {
    await expect(untilDone(0, failing(1))).rejects.toThrow('failure');
    await expect(untilDone(2, failing(3))).rejects.toThrow('failure');
  });
});

describe('what is measured on', () => {
  it('serves every document that it lists', async () => {
    const world = await createWorld({ packages: 9, share: 1 / 3, latency: 0 });
    try {
      expect(world.attested).toBe(3);
      expect(world.urls).toHaveLength(12);
      const answers = await Promise.all(world.urls.map((url) => fetch(url)));
      expect(answers.map(({ status }) => status)).toEqual(
        world.urls.map(() => 200),
      );
    } finally {
      await world.close();
    }
  });

  it('verifies each way', async () => {
    const found = await measureVerification({ bundles: 2, rounds: 1 });
    expect(found.library).toBeGreaterThan(0);
    expect(found.ours).toBeGreaterThan(0);
  });
});

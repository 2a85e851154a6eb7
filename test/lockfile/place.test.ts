import { describe, expect, it } from 'vitest';

import { placesIn } from '../../src/lockfile/place.js';

describe('placesIn', () => {
  it('counts lines and columns from one', () => {
    const placeOf = placesIn('ab\n\ncd\r\nef');
    expect([0, 1, 2, 3, 4, 5, 8, 9].map(placeOf)).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 3, column: 1 },
      { line: 3, column: 2 },
      { line: 4, column: 1 },
      { line: 4, column: 2 },
    ]);
  });
});

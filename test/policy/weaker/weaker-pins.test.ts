import { describe, expect, it } from 'vitest';
import type { Pin } from '../../../src/policy/pins/pin.js';
import { weakerPins } from '../../../src/policy/weaker/weaker-pins.js';
import { OLD_PIN, PROVEN_PIN, UNPROVEN_PIN, pinsOf } from '../pins/samples.js';

type Written = Readonly<Record<string, Pin>>;
type Row = readonly [
  what: string,
  base: Written,
  proposed: Written,
  expected: readonly (readonly [string, string, string])[],
];

const OTHER: Pin = { ...PROVEN_PIN, workflow: 'other.yml' };
const RENAMED: Pin = { ...PROVEN_PIN, source: 'https://github.com/b/c' };
const GONE = ['pins, a@1.0.0', 'level provenance', 'nothing'] as const;
const LOWER = [
  'pins, a@1.0.0',
  'level provenance',
  'level registry-signature',
] as const;

const ROWS: readonly Row[] = [
  ['the same', { 'a@1.0.0': PROVEN_PIN }, { 'a@1.0.0': PROVEN_PIN }, []],
  [
    'a pin that is gone',
    { 'a@1.0.0': PROVEN_PIN },
    { 'b@1.0.0': OTHER },
    [GONE],
  ],
  [
    'a lower level',
    { 'a@1.0.0': PROVEN_PIN },
    { 'a@1.0.0': UNPROVEN_PIN },
    [LOWER],
  ],
  [
    'another workflow',
    { 'a@1.0.0': PROVEN_PIN },
    { 'a@1.0.0': OTHER },
    [
      [
        'pins, a@1.0.0',
        'workflow .github/workflows/release.yml',
        'workflow other.yml',
      ],
    ],
  ],
  [
    'another id',
    { 'a@1.0.0': PROVEN_PIN },
    { 'a@1.0.0': { ...PROVEN_PIN, sourceId: '7' } },
    [
      [
        'pins, a@1.0.0',
        'repository https://github.com/acme/widget (id 1001)',
        'repository https://github.com/acme/widget (id 7)',
      ],
    ],
  ],
  [
    'ids that are gone',
    { 'a@1.0.0': PROVEN_PIN },
    { 'a@1.0.0': OLD_PIN },
    [['pins, a@1.0.0', 'all that is pinned', 'less of the identity']],
  ],
  ['ids more', { 'a@1.0.0': OLD_PIN }, { 'a@1.0.0': PROVEN_PIN }, []],
  ['a new name', { 'a@1.0.0': PROVEN_PIN }, { 'a@1.0.0': RENAMED }, []],
  ['a higher level', { 'a@1.0.0': UNPROVEN_PIN }, { 'a@1.0.0': OTHER }, []],
  ['a new package', {}, { 'a@1.0.0': UNPROVEN_PIN }, []],
  [
    'a new line that is as good',
    { 'a@1.0.0': PROVEN_PIN },
    { 'a@1.0.0': PROVEN_PIN, 'a@2.0.0': PROVEN_PIN },
    [],
  ],
  [
    'a new line that is less',
    { 'a@1.0.0': PROVEN_PIN },
    { 'a@1.0.0': PROVEN_PIN, 'a@2.0.0': UNPROVEN_PIN },
    [LOWER],
  ],
  [
    'a later pin of the same line that is less',
    { 'a@1.0.0': PROVEN_PIN },
    { 'a@1.0.0': PROVEN_PIN, 'a@1.5.0': UNPROVEN_PIN },
    [LOWER],
  ],
  [
    'an earlier pin of the same line that is less',
    { 'a@1.0.0': PROVEN_PIN },
    { 'a@0.9.0': PROVEN_PIN, 'a@1.0.0': PROVEN_PIN },
    [],
  ],
  [
    'a pin that begins later, for what was before',
    { 'a@1.0.0': UNPROVEN_PIN, 'a@1.5.0': PROVEN_PIN },
    { 'a@1.0.0': UNPROVEN_PIN, 'a@1.6.0': PROVEN_PIN },
    [['pins, a@1.5.0', 'level provenance', 'level registry-signature']],
  ],
  [
    'an idle earlier pin that is gone',
    { 'a@1.0.0': UNPROVEN_PIN, 'a@1.5.0': PROVEN_PIN },
    { 'a@1.5.0': PROVEN_PIN },
    [],
  ],
];

describe('weakerPins', () => {
  it.each(ROWS)(
    'finds in %s what is less',
    (_what, base, proposed, expected) => {
      const found = weakerPins(pinsOf(base), pinsOf(proposed));
      expect(
        found.map((each) => [each.what, each.expected, each.found]),
      ).toEqual(expected);
    },
  );
});

import { describe, expect, it } from 'vitest';
import {
  comparePin,
  isAsPinned,
} from '../../../src/policy/pins/compare-pin.js';
import type { Pin } from '../../../src/policy/pins/pin.js';
import { OLD_PIN, PROVEN_PIN, UNPROVEN_PIN } from './samples.js';

const RENAMED = 'https://github.com/acme/gadget';

type Row = readonly [
  what: string,
  pin: Pin,
  found: Pin,
  changes: readonly string[],
];

const ROWS: readonly Row[] = [
  ['the same', PROVEN_PIN, PROVEN_PIN, []],
  [
    'another repository id under the same name',
    PROVEN_PIN,
    { ...PROVEN_PIN, sourceId: '7777' },
    ['repository'],
  ],
  [
    'another owner id',
    PROVEN_PIN,
    { ...PROVEN_PIN, ownerId: '1' },
    ['owner id'],
  ],
  [
    'another workflow',
    PROVEN_PIN,
    { ...PROVEN_PIN, workflow: 'x.yml' },
    ['workflow'],
  ],
  [
    'a workflow that is no longer named',
    PROVEN_PIN,
    { ...PROVEN_PIN, workflow: null },
    ['workflow'],
  ],
  [
    'another builder',
    PROVEN_PIN,
    { ...PROVEN_PIN, builder: 'https://github.com/actions/runner/self-hosted' },
    ['builder'],
  ],
  [
    'another issuer',
    PROVEN_PIN,
    { ...PROVEN_PIN, issuer: 'https://gitlab.com' },
    ['issuer'],
  ],
  [
    'another kind of ref',
    PROVEN_PIN,
    { ...PROVEN_PIN, refKind: 'branch' },
    ['ref kind'],
  ],
  [
    'several things',
    PROVEN_PIN,
    { ...PROVEN_PIN, sourceId: '7', workflow: 'x.yml', refKind: 'branch' },
    ['repository', 'workflow', 'ref kind'],
  ],
  [
    'a new name of the same id',
    PROVEN_PIN,
    { ...PROVEN_PIN, source: RENAMED },
    [],
  ],
  [
    'other case of the same name, without ids',
    OLD_PIN,
    { ...OLD_PIN, source: 'https://github.com/ACME/Widget' },
    [],
  ],
  ['ids that an old pin does not have', OLD_PIN, PROVEN_PIN, []],
  [
    'another repository than an old pin has',
    OLD_PIN,
    { ...PROVEN_PIN, source: RENAMED },
    ['repository'],
  ],
  ['an old certificate against a newer pin', PROVEN_PIN, OLD_PIN, []],
  [
    'an old certificate of another repository',
    PROVEN_PIN,
    { ...OLD_PIN, source: RENAMED },
    ['repository'],
  ],
  [
    'an old certificate from a branch',
    PROVEN_PIN,
    { ...OLD_PIN, refKind: 'branch' },
    ['ref kind'],
  ],
  ['nothing, which is a lower level', PROVEN_PIN, UNPROVEN_PIN, []],
  ['provenance where none was pinned', UNPROVEN_PIN, PROVEN_PIN, []],
];

describe('comparePin', () => {
  it.each(ROWS)('finds in %s the changes', (_what, pin, found, changes) => {
    const result = comparePin(pin, found);
    expect(result.changes.map(({ what }) => what)).toEqual(changes);
  });

  it('tells a lower level from a higher one', () => {
    expect(comparePin(PROVEN_PIN, UNPROVEN_PIN).isLower).toBe(true);
    expect(comparePin(UNPROVEN_PIN, PROVEN_PIN).isLower).toBe(false);
    expect(comparePin(PROVEN_PIN, PROVEN_PIN).isLower).toBe(false);
  });

  it('notes a new name of the same repository, and only that', () => {
    const renamed = comparePin(PROVEN_PIN, { ...PROVEN_PIN, source: RENAMED });
    expect(renamed.renamed).toEqual({
      what: 'repository',
      expected: 'https://github.com/acme/widget (id 1001)',
      found: 'https://github.com/acme/gadget (id 1001)',
    });
    expect(isAsPinned(renamed)).toBe(true);
    const cased = { ...PROVEN_PIN, source: 'https://github.com/Acme/widget' };
    expect(comparePin(PROVEN_PIN, cased).renamed).toBeNull();
    const other = { ...PROVEN_PIN, source: RENAMED, sourceId: '2' };
    expect(comparePin(PROVEN_PIN, other).renamed).toBeNull();
  });
});

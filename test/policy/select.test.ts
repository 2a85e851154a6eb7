import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVERYTHING, type Selector } from '../../src/policy/policy.js';
import { selects } from '../../src/policy/select.js';
import { ACME_REGISTRY } from '../verification/samples.js';
import { inScope, outOfScope } from './subjects.js';

const SUBJECT = inScope({
  name: '@acme/widget',
  place: { production: true, direct: true, workspaces: ['api', 'web'] },
});
const OTHER = inScope({
  name: 'left-pad',
  registry: 'https://other.example/',
  place: { production: false, direct: false, workspaces: [] },
});

/** Each member of a selector, with whether it is about the two subjects. */
const ROWS: readonly (readonly [Partial<Selector>, boolean, boolean])[] = [
  [{}, true, true],
  [{ scope: 'production' }, true, false],
  [{ direct: true }, true, false],
  [{ direct: false }, false, true],
  [{ workspaces: ['web'] }, true, false],
  [{ workspaces: ['docs', 'api'] }, true, false],
  [{ workspaces: ['ap', 'api2', 'API', '*'] }, false, false],
  [{ packages: ['@acme/*'] }, true, false],
  [{ packages: ['left-*', '@acme/widget'] }, true, true],
  [{ packages: ['*'] }, false, true],
  [{ packages: ['@acme'] }, false, false],
  [{ registries: [ACME_REGISTRY] }, true, false],
  [{ registries: ['https://other.example/', ACME_REGISTRY] }, true, true],
  [{ registries: ['https://other.example'] }, false, false],
];

describe('a selector', () => {
  it.each(ROWS)('%o', (change, one, other) => {
    const selector = { ...EVERYTHING, ...change };
    expect(selects(selector, SUBJECT)).toBe(one);
    expect(selects(selector, OTHER)).toBe(other);
  });

  it('holds if every member of it does', () => {
    fc.assert(
      fc.property(fc.subarray([...ROWS], { minLength: 1 }), (rows) => {
        const changes = rows.map(([change]) => change);
        // Of two for the same member the later one counts.
        const names = changes.flatMap((change) => Object.keys(change));
        fc.pre(new Set(names).size === names.length);
        const selector = Object.assign({}, EVERYTHING, ...changes) as Selector;
        expect(selects(selector, SUBJECT)).toBe(rows.every(([, one]) => one));
        expect(selects(selector, OTHER)).toBe(rows.every(([, , two]) => two));
      }),
    );
  });

  it('of a registry leaves out what belongs to none', () => {
    const selector = { ...EVERYTHING, registries: [ACME_REGISTRY] };
    expect(selects(selector, outOfScope('git'))).toBe(false);
    expect(selects(EVERYTHING, outOfScope('git'))).toBe(true);
  });
});

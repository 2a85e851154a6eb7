import { describe, expect, it } from 'vitest';
import type { Pin } from '../../../src/policy/pins/pin.js';
import { pinFor } from '../../../src/policy/pins/pins.js';
import { PROVEN_PIN, UNPROVEN_PIN, pinsOf } from './samples.js';

const PINS = pinsOf({
  'a@1.2.0': UNPROVEN_PIN,
  'a@1.10.0': PROVEN_PIN,
  'a@2.0.0': UNPROVEN_PIN,
  'a@0.3.1': UNPROVEN_PIN,
  'b@1.0.0': PROVEN_PIN,
});

describe('pinFor', () => {
  it.each<[string, string, string | null]>([
    ['the version itself', 'a@1.2.0', '1.2.0'],
    ['a later version of the line', 'a@1.9.9', '1.2.0'],
    ['one behind the next pin, by number', 'a@1.11.0', '1.10.0'],
    ['a prerelease before the next pin', 'a@1.10.0-rc.1', '1.2.0'],
    ['one before all pins of the line', 'a@1.0.0', '1.2.0'],
    ['another line', 'a@2.3.0', '2.0.0'],
    ['a line of 0.x', 'a@0.3.9', '0.3.1'],
    ['a line without pins: the best', 'a@3.0.0', '1.10.0'],
    ['another line of 0.x: the best', 'a@0.4.0', '1.10.0'],
    ['what is no version: the best', 'a@', '1.10.0'],
    ['another package', 'c@1.0.0', null],
  ])('finds for %s its pin', (_what, spec, version) => {
    const [name = '', wanted = ''] = spec.split('@');
    const found = pinFor(PINS, { name, version: wanted });
    expect(found?.version ?? null).toBe(version);
  });

  it('says whether it is borrowed from another line', () => {
    expect(pinFor(PINS, { name: 'b', version: '1.5.0' })?.isOwnLine).toBe(true);
    expect(pinFor(PINS, { name: 'b', version: '2.0.0' })?.isOwnLine).toBe(
      false,
    );
  });

  it('takes the newest of the best', () => {
    const other: Pin = { ...PROVEN_PIN, workflow: 'other.yml' };
    const pins = pinsOf({ 'a@1.0.0': other, 'a@2.0.0': PROVEN_PIN });
    expect(pinFor(pins, { name: 'a', version: '9.0.0' })?.pin).toBe(PROVEN_PIN);
  });
});

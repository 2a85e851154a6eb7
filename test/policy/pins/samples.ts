import { toPin, type Pin } from '../../../src/policy/pins/pin.js';
import {
  compareVersions,
  type PinnedVersion,
  type Pins,
} from '../../../src/policy/pins/pins.js';
import { PROVEN, UNPROVEN } from '../subjects.js';

/** The pin of the sample package with verified provenance. */
export const PROVEN_PIN: Pin = toPin(PROVEN);
/** The pin of the sample package without. */
export const UNPROVEN_PIN: Pin = toPin(UNPROVEN);
/** As a certificate from before ids existed leaves it. */
export const OLD_PIN: Pin = {
  ...PROVEN_PIN,
  sourceId: null,
  ownerId: null,
  workflow: null,
  builder: null,
};

/** Pins by `name@version`. */
export function pinsOf(pins: Readonly<Record<string, Pin>>): Pins {
  const byName = new Map<string, PinnedVersion[]>();
  for (const [key, pin] of Object.entries(pins)) {
    const at = key.lastIndexOf('@');
    const [name, version] = [key.slice(0, at), key.slice(at + 1)];
    byName.set(name, [...(byName.get(name) ?? []), { version, pin }]);
  }
  return new Map(
    [...byName].map(([name, list]) => [
      name,
      list.toSorted((a, b) => compareVersions(a.version, b.version)),
    ]),
  );
}

/** The other way round. */
export function flatten(pins: Pins): Readonly<Record<string, Pin>> {
  return Object.fromEntries(
    [...pins].flatMap(([name, list]) =>
      list.map(({ version, pin }) => [`${name}@${version}`, pin]),
    ),
  );
}

import { compareText } from '../../package/package-id.js';
import type { Pin } from './pin.js';
import type { Pins } from './pins.js';

/**
 * The text of `provenance.lock.json`: one package a line, sorted, so that a
 * review shows what changed and two people's changes merge. The same pins give
 * the same text.
 */
export function renderPins(pins: Pins): string {
  const lines = [...pins]
    .toSorted(([a], [b]) => compareText(a, b))
    .flatMap(([name, list]) =>
      list.map(
        ({ version, pin }) =>
          `    ${JSON.stringify(`${name}@${version}`)}: ${renderPin(pin)}`,
      ),
    );
  const body = lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `;
  return `{\n  "version": 1,\n  "pins": {${body}}\n}\n`;
}

function renderPin(pin: Pin): string {
  const members = Object.entries({
    level: pin.level,
    source: pin.source,
    sourceId: pin.sourceId,
    ownerId: pin.ownerId,
    workflow: pin.workflow,
    builder: pin.builder,
    issuer: pin.issuer,
    refKind: pin.refKind,
  }).flatMap(([key, value]) =>
    value === null ? [] : `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{ ${members.join(', ')} }`;
}

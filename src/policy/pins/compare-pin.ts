import { LEVELS } from '../../facts/facts.js';
import { foldGithubCase } from '../source-pattern.js';
import type { Pin } from './pin.js';

/** Something that differs from what is pinned, in words for people. */
export interface PinChange {
  /** `repository`, `owner id`, `ref kind` … */
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/** How a package differs from its pin. */
export interface PinComparison {
  /** Less is proven. */
  readonly isLower: boolean;
  /** Other than what is pinned, by the certificate's word. */
  readonly changes: readonly PinChange[];
  /** The same repository, by its id, under another name. */
  readonly renamed: PinChange | null;
}

/** Properties that are compared by equality. */
const PROPERTIES = [
  ['owner id', 'ownerId'],
  ['workflow', 'workflow'],
  ['builder', 'builder'],
  ['issuer', 'issuer'],
  ['ref kind', 'refKind'],
] as const satisfies readonly (readonly [string, keyof Pin])[];
const NOT_NAMED = 'not named';

/**
 * Holds what was `found` against a pin. What the pin does not know is not
 * compared, nor what a certificate from before ids existed does not say; where
 * either side has no repository id, the repository's name counts.
 *
 * Nothing is compared where nothing is proven: that is a lower level.
 */
export function comparePin(pin: Pin, found: Pin): PinComparison {
  const isLower = LEVELS.indexOf(found.level) < LEVELS.indexOf(pin.level);
  if (pin.source === null || found.source === null) {
    return { isLower, changes: [], renamed: null };
  }
  const repository = {
    what: 'repository',
    expected: nameRepository(pin),
    found: nameRepository(found),
  };
  const isSame = isSameRepository(pin, found);
  const isSameName =
    foldGithubCase(pin.source) === foldGithubCase(found.source);
  return {
    isLower,
    changes: [
      ...(isSame ? [] : [repository]),
      ...compareProperties(pin, found),
    ],
    renamed: isSame && !isSameName ? repository : null,
  };
}

/** Whether nothing is less or other than pinned. */
export function isAsPinned({ isLower, changes }: PinComparison): boolean {
  return !isLower && changes.length === 0;
}

function isSameRepository(pin: Pin, found: Pin): boolean {
  return pin.sourceId !== null && found.sourceId !== null
    ? pin.sourceId === found.sourceId
    : foldGithubCase(pin.source ?? '') === foldGithubCase(found.source ?? '');
}

function compareProperties(pin: Pin, found: Pin): readonly PinChange[] {
  // What a certificate of that time leaves out, it leaves out of every build.
  const isOld = found.sourceId === null;
  return PROPERTIES.flatMap(([what, property]) => {
    const [expected, value] = [pin[property], found[property]];
    if (expected === null || expected === value) return [];
    if (value === null && isOld) return [];
    return [{ what, expected, found: value ?? NOT_NAMED }];
  });
}

function nameRepository({ source, sourceId }: Pin): string {
  return sourceId === null
    ? (source ?? '')
    : `${source ?? ''} (id ${sourceId})`;
}

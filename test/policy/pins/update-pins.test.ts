import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comparePin,
  isAsPinned,
} from '../../../src/policy/pins/compare-pin.js';
import type { Pin } from '../../../src/policy/pins/pin.js';
import { findProven } from '../../../src/policy/pins/pinned-subjects.js';
import { NO_PINS, pinFor, type Pins } from '../../../src/policy/pins/pins.js';
import { updatePins } from '../../../src/policy/pins/update-pins.js';
import { toLeftOut } from '../../../src/policy/left-out.js';
import type { Subject } from '../../../src/policy/verdict.js';
import {
  UNATTESTED,
  UNPROVEN,
  inScope,
  outOfScope,
  rejection,
  unavailable,
} from '../subjects.js';
import {
  OLD_PIN,
  PROVEN_PIN,
  UNPROVEN_PIN,
  flatten,
  pinsOf,
} from './samples.js';

const NAME = '@acme/widget';
const NOBODY = { accept: new Set<string>(), prune: false };
const ACCEPTED = { accept: new Set([NAME]), prune: false };
const PRUNED = { accept: new Set<string>(), prune: true };

function proven(version: string, workflow = PROVEN_PIN.workflow): Subject {
  return inScope({ version, provenance: { workflow } });
}

function unproven(version: string): Subject {
  return inScope({ version, evidence: UNATTESTED, facts: UNPROVEN });
}

function rejected(version: string): Subject {
  return inScope({
    version,
    facts: {
      ...UNPROVEN,
      verification: 'rejected',
      rejections: [rejection()],
      level: 'none',
    },
  });
}

function notAsked(version: string): Subject {
  const { dependency } = inScope({ version });
  return { ...unavailable('timeout'), dependency };
}

function fromGit(version: string): Subject {
  const { dependency, ...rest } = outOfScope('git');
  const id = { ...dependency.id, version };
  return { ...rest, dependency: { ...dependency, id } };
}

function update(
  old: Readonly<Record<string, Pin>>,
  subjects: readonly Subject[],
  choices = NOBODY,
) {
  const { pins, outcomes, idle } = updatePins(pinsOf(old), subjects, choices);
  return {
    pins: flatten(pins),
    statuses: outcomes.map(({ status }) => status),
    idle: idle.map(({ name, version }) => `${name}@${version}`),
  };
}

type Row = readonly [
  what: string,
  old: Readonly<Record<string, Pin>>,
  subjects: readonly Subject[],
  choices: typeof NOBODY,
  pins: Readonly<Record<string, Pin>>,
  statuses: readonly string[],
];

const OTHER: Pin = { ...PROVEN_PIN, workflow: 'other.yml' };

const ROWS: readonly Row[] = [
  [
    'pins what is proven',
    {},
    [proven('1.2.3'), unproven('2.0.0')],
    NOBODY,
    { [`${NAME}@1.2.3`]: PROVEN_PIN, [`${NAME}@2.0.0`]: UNPROVEN_PIN },
    ['added', 'added'],
  ],
  [
    'has one pin for alike versions of a line',
    {},
    [proven('1.9.0'), proven('1.2.3')],
    NOBODY,
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    ['added', 'added'],
  ],
  [
    'lets a pin stand for an ordinary update',
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    [proven('1.3.0')],
    NOBODY,
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    ['unchanged'],
  ],
  [
    'adds a pin for a new line',
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    [proven('2.0.0')],
    NOBODY,
    { [`${NAME}@1.2.3`]: PROVEN_PIN, [`${NAME}@2.0.0`]: PROVEN_PIN },
    ['added'],
  ],
  [
    'adds none for a new line of which less is proven',
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    [unproven('2.0.0')],
    NOBODY,
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    ['left'],
  ],
  [
    'raises a pin where more is proven',
    { [`${NAME}@1.2.3`]: UNPROVEN_PIN },
    [proven('1.2.4')],
    NOBODY,
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    ['raised'],
  ],
  [
    'raises it for one version, not for another of the same line',
    { [`${NAME}@1.2.3`]: UNPROVEN_PIN },
    [proven('1.2.4'), unproven('1.9.0')],
    NOBODY,
    {
      [`${NAME}@1.2.3`]: UNPROVEN_PIN,
      [`${NAME}@1.2.4`]: PROVEN_PIN,
      [`${NAME}@1.9.0`]: UNPROVEN_PIN,
    },
    ['raised', 'unchanged'],
  ],
  [
    'fills in what an old certificate did not say',
    { [`${NAME}@1.2.3`]: OLD_PIN },
    [proven('1.2.4')],
    NOBODY,
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    ['raised'],
  ],
  [
    'leaves a new line with what it was held against, though another is raised',
    { [`${NAME}@1.2.3`]: OTHER, [`${NAME}@2.0.0`]: UNPROVEN_PIN },
    [proven('2.0.1'), proven('3.0.0')],
    NOBODY,
    {
      [`${NAME}@1.2.3`]: OTHER,
      [`${NAME}@2.0.0`]: PROVEN_PIN,
      [`${NAME}@3.0.0`]: OTHER,
    },
    ['raised', 'left'],
  ],
  [
    'does so where nothing is known of it, and once for several such lines',
    { [`${NAME}@1.2.3`]: OTHER, [`${NAME}@2.0.0`]: UNPROVEN_PIN },
    [proven('2.0.1'), notAsked('3.0.0'), rejected('4.0.0')],
    NOBODY,
    {
      [`${NAME}@1.2.3`]: OTHER,
      [`${NAME}@2.0.0`]: PROVEN_PIN,
      [`${NAME}@3.0.0`]: OTHER,
    },
    ['raised', 'unknown', 'rejected'],
  ],
  [
    'writes no pin of a commit that is called by no version',
    { [`${NAME}@1.2.3`]: OTHER, [`${NAME}@2.0.0`]: UNPROVEN_PIN },
    [proven('2.0.1'), fromGit('v3')],
    NOBODY,
    { [`${NAME}@1.2.3`]: OTHER, [`${NAME}@2.0.0`]: PROVEN_PIN },
    ['left', 'raised'],
  ],
  [
    'leaves what has become less',
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    [unproven('1.2.4')],
    NOBODY,
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    ['left'],
  ],
  [
    'leaves what has become other',
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    [proven('1.2.4', 'other.yml')],
    NOBODY,
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    ['left'],
  ],
  [
    'takes it where it is accepted',
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    [proven('1.2.4', 'other.yml')],
    ACCEPTED,
    { [`${NAME}@1.2.3`]: OTHER },
    ['accepted'],
  ],
  [
    'accepts for one version, not for another of the same line',
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    [proven('1.2.3'), unproven('1.2.4')],
    ACCEPTED,
    { [`${NAME}@1.2.3`]: PROVEN_PIN, [`${NAME}@1.2.4`]: UNPROVEN_PIN },
    ['unchanged', 'accepted'],
  ],
  [
    'accepts an earlier version without moving the pin of a later one',
    { [`${NAME}@1.9.0`]: PROVEN_PIN },
    [unproven('1.2.3'), proven('1.9.1')],
    ACCEPTED,
    {
      [`${NAME}@1.2.3`]: UNPROVEN_PIN,
      [`${NAME}@1.9.0`]: PROVEN_PIN,
    },
    ['accepted', 'unchanged'],
  ],
  [
    'takes nothing from rejected evidence, accepted or not',
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    [rejected('1.2.4'), rejected('2.0.0')],
    ACCEPTED,
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    ['rejected', 'rejected'],
  ],
  [
    'takes nothing from what could not be asked',
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    [notAsked('1.2.4'), notAsked('2.0.0')],
    ACCEPTED,
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    ['unknown', 'unknown'],
  ],
  [
    'lets be what a selection leaves out',
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    [toLeftOut(unproven('1.2.4').dependency)],
    { accept: new Set([NAME]), prune: true },
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    [],
  ],
  [
    'leaves a package that comes from git now',
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    [outOfScope('git')],
    NOBODY,
    { [`${NAME}@1.2.3`]: PROVEN_PIN },
    ['left'],
  ],
  ['pins no package from git', {}, [outOfScope('git')], ACCEPTED, {}, []],
  ['pins no bundled package', {}, [outOfScope('bundled')], ACCEPTED, {}, []],
  [
    'keeps the pins of what is not in the lockfile',
    { 'gone@1.0.0': PROVEN_PIN },
    [],
    NOBODY,
    { 'gone@1.0.0': PROVEN_PIN },
    [],
  ],
  ['drops them where asked', { 'gone@1.0.0': PROVEN_PIN }, [], PRUNED, {}, []],
  [
    'drops lines that nothing is held against',
    { [`${NAME}@1.0.0`]: PROVEN_PIN, [`${NAME}@2.0.0`]: PROVEN_PIN },
    [proven('2.1.0')],
    PRUNED,
    { [`${NAME}@2.0.0`]: PROVEN_PIN },
    ['unchanged'],
  ],
];

describe('updatePins', () => {
  it.each(ROWS)('%s', (_what, old, subjects, choices, pins, statuses) => {
    const result = update(old, subjects, choices);
    expect(result.pins).toEqual(pins);
    expect(result.statuses).toEqual(statuses);
  });

  it('names idle pins', () => {
    const old = { 'gone@1.0.0': PROVEN_PIN, [`${NAME}@1.2.3`]: PROVEN_PIN };
    expect(update(old, [proven('1.2.4')]).idle).toEqual(['gone@1.0.0']);
    expect(update(old, [notAsked('2.0.0')]).idle).toEqual(['gone@1.0.0']);
  });
});

const VERSIONS = ['0.1.0', '1.0.0', '1.0.1', '1.5.0', '2.0.0-rc.1', '2.1.0'];
const arbitraryPins: fc.Arbitrary<Pins> = fc
  .dictionary(
    fc.constantFrom(...VERSIONS.map((version) => `${NAME}@${version}`)),
    fc.constantFrom(PROVEN_PIN, UNPROVEN_PIN, OLD_PIN, OTHER),
  )
  .map(pinsOf);
const arbitrarySubjects = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom(
        proven,
        unproven,
        rejected,
        notAsked,
        (version: string) => proven(version, 'other.yml'),
        (version: string) => toLeftOut(proven(version).dependency),
      ),
      fc.constantFrom(...VERSIONS, '1.0.2', '3.0.0'),
    )
    .map(([make, version]) => make(version)),
  { selector: ({ dependency }) => dependency.id.version, maxLength: 5 },
);
const arbitraryChoices = fc.record({
  accept: fc.constantFrom(new Set<string>(), new Set([NAME])),
  prune: fc.boolean(),
});

/** Whether a subject, whatever is known of it, is as `pins` have it. */
function isFine(pins: Pins, subject: Subject): boolean {
  const pinned = pinFor(pins, subject.dependency.id);
  const found = findProven(subject);
  if (pinned === null || found === null) return true;
  return isAsPinned(comparePin(pinned.pin, found));
}

describe('updated pins', () => {
  it('are met by what was met before or is accepted, and by nothing else', () => {
    fc.assert(
      fc.property(
        arbitraryPins,
        arbitrarySubjects,
        arbitraryChoices,
        (old, subjects, choices) => {
          const { pins } = updatePins(old, subjects, choices);
          for (const subject of subjects) {
            const wasFine = isFine(old, subject);
            expect(isFine(pins, subject)).toBe(
              wasFine || choices.accept.has(NAME),
            );
          }
        },
      ),
      { numRuns: 500, seed: 5 },
    );
  });

  it('stay as they are if it is done again, in whatever order', () => {
    fc.assert(
      fc.property(
        arbitraryPins,
        arbitrarySubjects,
        arbitraryChoices,
        (old, subjects, choices) => {
          const { pins } = updatePins(old, subjects, choices);
          const again = updatePins(pins, subjects.toReversed(), choices);
          expect(flatten(again.pins)).toEqual(flatten(pins));
        },
      ),
      { numRuns: 500, seed: 5 },
    );
  });

  it('hold every version against no less than before, unless accepted', () => {
    fc.assert(
      fc.property(arbitraryPins, arbitrarySubjects, (old, subjects) => {
        const { pins } = updatePins(old, subjects, NOBODY);
        for (const version of [...VERSIONS, '0.0.1', '1.0.2', '9.0.0']) {
          for (const make of [proven, unproven]) {
            const later = make(version);
            const pinned = pinFor(old, later.dependency.id);
            // Of several lines the best one is borrowed, which is another one
            // where a line has caught up: as good, though not the same.
            if (pinned?.isOwnLine === false && make === proven) continue;
            if (!isFine(old, later)) {
              expect(isFine(pins, later), version).toBe(false);
            }
          }
        }
      }),
      { numRuns: 500, seed: 5 },
    );
  });

  it('begin with none', () => {
    const { pins } = updatePins(NO_PINS, [proven('1.0.0')], NOBODY);
    expect(pins.size).toBe(1);
  });
});

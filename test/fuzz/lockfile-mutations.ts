import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';
import { expect } from 'vitest';

import { AuditError } from '../../src/errors.js';
import type { Lockfile } from '../../src/lockfile/dependency.js';
import type { LockfileInput } from '../../src/lockfile/lockfile-format.js';
import {
  isExactVersion,
  isPackageName,
} from '../../src/lockfile/npm-grammar.js';
import { resolveVirtualTree } from '../../src/lockfile/npm-resolve.js';
import type { LoadVirtualTree } from '../../src/lockfile/npm-tree.js';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';
import { MUTATIONS, SEED } from './budget.js';

/** How many of each format: a twentieth of what the other families make together. */
export const LOCKFILE_MUTATIONS = Math.ceil(MUTATIONS / 20);

/** A lockfile that a package manager wrote, with what it was made of. */
export interface Specimen {
  /** Its path, whose folder is named after the manager with its version. */
  readonly name: string;
  readonly input: LockfileInput;
}

const FOLDER = fileURLToPath(
  new URL('../../fixtures/lockfiles/', import.meta.url),
);

/** The specimens among the fixtures whose path is of that form. */
export function specimensOf(form: RegExp): readonly Specimen[] {
  return specimensIn(FOLDER).filter(({ name }) => form.test(name));
}

/** All lockfiles and SBOMs in a folder and below. */
export function specimensIn(folder: string): readonly Specimen[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => LOCKFILE.test(basename(path)))
    .sort()
    .map((path) => ({ name: path, input: inputAt(join(folder, path)) }));
}

const LOCKFILE =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lock|.*\.(?:cdx|spdx)\.json)$/;

function inputAt(file: string): LockfileInput {
  const folder = dirname(file);
  const manifest = join(folder, 'package.json');
  const members = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^packages\/[^/]+\/package\.json$/.test(path))
    .map((path): [string, Uint8Array] => [
      dirname(path),
      readFileSync(join(folder, path)),
    ]);
  return {
    path: basename(file),
    bytes: readFileSync(file),
    manifest: existsSync(manifest) ? readFileSync(manifest) : null,
    workspaces: new Map(members),
  };
}

/**
 * The edges that npm's reader finds (test/lockfile/real-lockfiles.test.ts), for
 * which it writes files every time.
 */
export const plainTree: LoadVirtualTree = (project) =>
  Promise.resolve(resolveVirtualTree(project, () => 'registry'));

/** Texts that mean something to one of the formats, or to a terminal. */
const TEXTS = [
  ...[
    '',
    '{',
    '}',
    '[',
    ']',
    ':',
    '"',
    "'",
    '\n',
    '@',
    '(',
    ')',
    ',',
    '#',
    ' ',
  ],
  ...[
    '/',
    '../',
    '__proto__',
    'constructor',
    'link:',
    'file:',
    'git+',
    '&a',
    '*',
  ],
  ...['npm:', '1.0.0', '|', '>-', '\u202e', '\0', '%2f', '---\n', 'workspace:'],
  ...[
    'patch:',
    'null',
    'true',
    '0',
    '-1',
    '1e999',
    '[]',
    '{}',
    '"a"',
    '\ud800',
  ],
  ...['\\u0000', '\t', '\r', '<<: ', 'sha512-', 'node_modules/', '\u00e9', 'a'],
];

/** Puts something in the place of some characters. */
interface CharacterEdit {
  readonly kind: 'characters';
  readonly at: number;
  readonly size: number;
  readonly put: string;
}
/** Puts something in the place of a value or a key. */
interface TokenEdit {
  readonly kind: 'value' | 'key';
  readonly at: number;
  readonly put: string;
}
/** Does something with whole lines: all of these formats have one a member. */
interface LineEdit {
  readonly kind: 'drop' | 'repeat' | 'move' | 'swap' | 'indent' | 'outdent';
  readonly at: number;
  readonly size: number;
  readonly to: number;
}
type Edit = CharacterEdit | TokenEdit | LineEdit;

const EDIT: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    kind: fc.constant('characters' as const),
    at: fc.nat(),
    size: fc.nat(12),
    put: fc.oneof(fc.constantFrom(...TEXTS), fc.string({ maxLength: 4 })),
  }),
  fc.record({
    kind: fc.constantFrom('value' as const, 'key' as const),
    at: fc.nat(),
    put: fc.constantFrom(...TEXTS),
  }),
  fc.record({
    kind: fc.constantFrom<LineEdit['kind']>(
      ...(['drop', 'repeat', 'move', 'swap', 'indent', 'outdent'] as const),
    ),
    at: fc.nat(),
    size: fc.nat(6),
    to: fc.nat(),
  }),
);

const TOKENS = { key: /[^\s"':]+/, value: /(?<=[: ])[^\s:]+(?=,?$)/ };

/** `text` with one change made to it. */
function change(text: string, edit: Edit): string {
  if (edit.kind === 'characters') {
    const at = edit.at % (text.length + 1);
    return text.slice(0, at) + edit.put + text.slice(at + edit.size);
  }
  const lines = text.split('\n');
  const at = edit.at % lines.length;
  if ('to' in edit) return changeLines(lines, { ...edit, at }).join('\n');
  const line = lines[at] ?? '';
  const changed = line.replace(TOKENS[edit.kind], () => edit.put);
  return lines.with(at, changed).join('\n');
}

function changeLines(
  lines: readonly string[],
  { kind, at, size, to: far }: LineEdit,
): readonly string[] {
  const to = far % lines.length;
  const line = lines[at] ?? '';
  const block = lines.slice(at, at + size + 1);
  switch (kind) {
    case 'drop':
      return lines.toSpliced(at, block.length);
    case 'repeat':
      return lines.toSpliced(at, 0, ...block);
    case 'move':
      return lines.toSpliced(at, block.length).toSpliced(to, 0, ...block);
    case 'swap':
      return lines.with(at, lines[to] ?? '').with(to, line);
    case 'indent':
      return lines.with(at, `  ${line}`);
    case 'outdent':
      return lines.with(at, line.slice(2));
  }
}

/** How many of the changed files were read all the same, and how many refused. */
export interface Outcome {
  readonly read: number;
  readonly refused: number;
}

/**
 * Changes `specimen` that many times. Each changed file is refused with one line,
 * or all of its entries are accounted for; anything else thrown fails the test.
 */
export async function mutate(
  { input }: Specimen,
  numRuns: number,
  loadTree: LoadVirtualTree,
): Promise<Outcome> {
  const text = new TextDecoder().decode(input.bytes);
  const outcome = { read: 0, refused: 0 };
  const edits = fc.array(EDIT, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(edits, fc.boolean(), async (list, isAlone) => {
      const bytes = new TextEncoder().encode(list.reduce(change, text));
      const changed = {
        ...{ ...input, bytes },
        ...(isAlone && { manifest: null }),
      };
      const isRead = await readsOrRefuses(changed, loadTree);
      outcome[isRead ? 'read' : 'refused'] += 1;
    }),
    { numRuns, seed: SEED },
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
  return outcome;
}

async function readsOrRefuses(
  input: LockfileInput,
  loadTree: LoadVirtualTree,
): Promise<boolean> {
  try {
    expectToAddUp(await parseLockfile(input, loadTree));
    return true;
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    expect(error.code).toBe('LOCKFILE_INVALID');
    expect(error.message).not.toMatch(/[\n\r]/);
    return false;
  }
}

/** Plain comparisons: they are made a hundred thousand times. */
function expectToAddUp({ entries, dependencies }: Lockfile): void {
  const locations = dependencies.flatMap((each) => each.locations);
  if (locations.length !== entries) throw new Error('entries lost or made up');
  if (new Set(locations).size !== entries) throw new Error('an entry twice');
  for (const { id, origin } of dependencies) {
    if (origin.kind !== 'registry') continue;
    // npm 5 left out all that there was to say of some.
    const isVersion = id.version === '' || isExactVersion(id.version);
    if (!isPackageName(id.name) || !isVersion) throw new Error('not asked for');
  }
}

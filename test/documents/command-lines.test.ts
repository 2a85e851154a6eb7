import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

import { parseArguments } from '../../src/cli/args.js';
import { NAMED_COMMANDS } from '../../src/cli/commands/index.js';
import { codeBlocks, prose, readPages, ROOT } from './markdown.js';

/** A command line of a document, without the program's name. */
interface Shown {
  readonly at: string;
  readonly line: string;
}

const SELF = { version: '0.0.0', width: 80 };
const SHELLS = ['', 'sh', 'console', 'yaml'];
/** The program by its name, or as its file is called; not in a path or URL. */
const CALL =
  /(?:^|[\s(`])(?:provenance-audit|node \S*provenance-audit\.js"?)((?: [^\s|;&#`'’)]+|(?: '[^']*'))*)(?=$|[\s|;&`)])/gm;

const pages = await readPages();
const template = await readFile(
  new URL('templates/gitlab-ci.yml', ROOT),
  'utf8',
);
const shown: readonly Shown[] = [
  ...pages.flatMap(codeBlocks).flatMap(({ at, language, code }) =>
    SHELLS.includes(language)
      ? code
          .split('\n')
          .filter((line) => !isOutput(line))
          .flatMap((line) => callsIn(at, line))
      : [],
  ),
  ...pages.flatMap((page) =>
    [...prose(page).matchAll(/`([^`\n]+)`/g)].flatMap(([, span = '']) =>
      callsIn(page.path, span),
    ),
  ),
  ...callsIn('templates/gitlab-ci.yml', template),
];

/** A line that the program prints, names itself and goes on about something. */
function isOutput(line: string): boolean {
  return /provenance-audit(?: {2}|:)|shows every check/.test(line);
}

function callsIn(at: string, text: string): readonly Shown[] {
  return [...text.matchAll(CALL)].map(([, rest = '']) => ({
    at,
    line: rest.trim(),
  }));
}

/** Words as a shell hands them on, with something in place of placeholders. */
function toArguments(line: string): readonly string[] {
  return (line.match(/'[^']*'|\S+/g) ?? [])
    .map((word) => word.replaceAll("'", '').replaceAll('"', ''))
    .filter((word) => !/^\[[^\]]*\]$/.test(word) && !word.startsWith('$'))
    .map((word) => word.replace(/\[[^\]]*\]$/, ''))
    .map((word) => word.replaceAll(/<[^>]+>/g, '30d'));
}

/** A command that is only named, without what it needs. */
function isName(line: string): boolean {
  const [first, second, ...rest] = line.split(' ');
  const isKnown = NAMED_COMMANDS.some(({ name }) => name === first);
  return isKnown && rest.length === 0 && (second ?? 'save') === 'save';
}

function parse(line: string): Promise<unknown> {
  const more = isName(line) ? ['--help'] : [];
  return parseArguments([...toArguments(line), ...more], SELF);
}

describe('command lines in the documents', () => {
  it('are found in all their forms', () => {
    const lines = shown.map(({ line }) => line);
    expect(lines).toContain('evidence save evidence.ndjson');
    expect(lines).toContain('');
    expect(lines).toContain('show <pkg>');
    expect(lines).toContain('policy check [file]');
    expect(lines).toContainEqual(
      expect.stringMatching(/^--policy-from FETCH_HEAD --report sarif=/),
    );
    expect(shown.length).toBeGreaterThan(30);
  });

  it('could be wrong', async () => {
    await expect(parse('--colour')).rejects.toThrow('colour');
    await expect(parse('show --prune left-pad')).rejects.toThrow('prune');
    await expect(parse('policy chek')).rejects.toThrow('chek');
  });

  it.each(shown)('$at: provenance-audit $line', async ({ line }) => {
    const parsed = await parse(line);
    expect(parsed).toHaveProperty('status');
  });
});

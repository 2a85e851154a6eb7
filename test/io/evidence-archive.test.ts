import { describe, expect, it } from 'vitest';
import type { RegistryAnswer } from '../../src/evidence/registry.js';
import {
  createArchivedRegistry,
  createRecordingRegistry,
} from '../../src/io/archived-registry.js';
import {
  ArchiveError,
  parseArchive,
  renderArchive,
  type ArchivedAnswer,
  type EvidenceArchive,
} from '../../src/io/evidence-archive.js';

const SIGNAL = new AbortController().signal;
const registry = 'https://a.example/';
const answerOf = (
  name: string,
  answer: RegistryAnswer,
  kind: ArchivedAnswer['request']['kind'] = 'version',
): ArchivedAnswer => ({
  request: { kind, id: { name, version: '1.0.0' }, registry },
  answer,
});

const FOUND: RegistryAnswer = { status: 'found', body: Buffer.from('{"a":1}') };
const FAILED: RegistryAnswer = {
  status: 'unavailable',
  code: 'timeout',
  message: 'too late',
};
const ANSWERS = [
  answerOf('b', FOUND),
  answerOf('a', { status: 'absent' }, 'attestations'),
  answerOf('a', FOUND),
  answerOf('c', FAILED, 'publish-time'),
  answerOf('d', FOUND, 'history'),
];
const ARCHIVE: EvidenceArchive = {
  lockfile: { path: 'package-lock.json', sha256: 'ab' },
  trustRoot: {
    kind: 'tuf',
    refreshedAt: new Date('2026-03-01T00:00:00Z'),
    files: new Map([
      ['timestamp.json', Buffer.from('t')],
      ['root.json', Buffer.from('r')],
    ]),
  },
  answers: ANSWERS,
};
const TEXT = renderArchive(ARCHIVE);
const LINES = TEXT.split('\n').slice(0, -1);
const parse = (text: string) => parseArchive(Buffer.from(text));
const joined = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

describe('an archive', () => {
  it('is read as it was written, in one order', () => {
    const read = parse(TEXT);
    expect(read.lockfile).toEqual(ARCHIVE.lockfile);
    expect(read.trustRoot).toEqual(ARCHIVE.trustRoot);
    expect(read.answers.map(({ request }) => request.id.name)).toEqual([
      ...['a', 'a', 'b', 'c', 'd'],
    ]);
    expect(renderArchive(read)).toBe(TEXT);
    const reversed = { ...ARCHIVE, answers: ANSWERS.toReversed() };
    expect(renderArchive(reversed)).toBe(TEXT);
  });

  it('holds what was said along with an answer, and is the same without', async () => {
    const notes = ['attested-before', 'from-packument'] as const;
    const noted = { ...FOUND, notes };
    const reversed = { ...FOUND, notes: notes.toReversed() };
    const [text, other, none] = [noted, reversed, { ...FOUND, notes: [] }].map(
      (answer) =>
        renderArchive({ ...ARCHIVE, answers: [answerOf('a', answer)] }),
    );
    expect(other).toBe(text);
    expect(text).toContain('"notes":["attested-before","from-packument"]');
    expect(none).not.toContain('notes');
    const { answers } = parse(text ?? '');
    const [{ request } = answerOf('a', FOUND)] = answers;
    const asked = await createArchivedRegistry(answers).ask(request, SIGNAL);
    expect(asked).toEqual(noted);
  });

  it.each([
    '"from-packument"',
    '[]',
    '["proven"]',
    '["from-packument","from-packument"]',
    '["from-packument","attested-before"]',
    '["from-packument","proven"]',
  ])('refuses notes that it would not have written: %s', (notes) => {
    const text = TEXT.replace(
      '"status":"found",',
      `"status":"found","notes":${notes},`,
    );
    expect(text).not.toBe(TEXT);
    expect(() => parse(text)).toThrow(/^line \d+ is not as it was written$/);
  });

  it('is not written where nobody would read it', () => {
    const limit = TEXT.length * 2;
    expect(renderArchive(ARCHIVE, limit)).toBe(TEXT);
    const large = { status: 'found', body: Buffer.alloc(limit) } as const;
    const answers = [...ANSWERS, answerOf('e', large)];
    expect(() => renderArchive({ ...ARCHIVE, answers }, limit)).toThrow(
      /^larger than \d+ MiB, which nobody reads$/,
    );
    expect(() =>
      renderArchive({ ...ARCHIVE, answers }, limit * 3),
    ).not.toThrow();
  });

  it.each([
    ['with keys', Buffer.from('keys')],
    ['without keys', null],
  ])('holds a trust root from files %s', (_what, npmKeys) => {
    const trustRoot = {
      kind: 'file',
      trustedRoot: Buffer.from('root'),
      npmKeys,
    } as const;
    const text = renderArchive({ ...ARCHIVE, trustRoot });
    expect(parse(text).trustRoot).toEqual(trustRoot);
  });

  it('cut off anywhere is refused', () => {
    for (let length = 0; length < TEXT.length; length += 1) {
      expect(() => parse(TEXT.slice(0, length))).toThrow(ArchiveError);
    }
  });

  it.each<[string, string]>([
    ['another body', TEXT.replace('eyJhIjoxfQ==', 'eyJhIjoyfQ==')],
    ['junk in base64', TEXT.replace('eyJhIjoxfQ==', 'eyJh.IjoxfQ==')],
    [
      'another digest',
      TEXT.replace(/"sha256":"[0-9a-f]{64}"/, '"sha256":"00"'),
    ],
    [
      'a member more',
      TEXT.replace('"status":"absent"', '"status":"absent","x":1'),
    ],
    [
      'a key twice',
      TEXT.replace('"status":"absent"', '"status":"found","status":"absent"'),
    ],
    ['a blank', TEXT.replace('"name":"a"', '"name": "a"')],
    ['an unknown kind', TEXT.replace('"kind":"version"', '"kind":"tarball"')],
    [
      'an unknown status',
      TEXT.replace('"status":"absent"', '"status":"verified"'),
    ],
    ['an unknown code', TEXT.replace('"code":"timeout"', '"code":"fine"')],
    ['another version', TEXT.replace('"version":1', '"version":2')],
    ['another format', TEXT.replace('provenance-audit evidence', 'other')],
    ['an answer less', joined(LINES.slice(0, -1))],
    ['an answer twice', joined([...LINES.slice(0, -1), LINES.at(-2) ?? ''])],
    [
      'another order',
      joined([...LINES.slice(0, 2), ...LINES.slice(2).toReversed()]),
    ],
    [
      'an answer more',
      joined([...LINES, LINES.at(-1)?.replace('"c"', '"d"') ?? '']),
    ],
    ['JSON of another kind', '[]\n'],
    ['a lockfile', '{\n  "lockfileVersion": 3\n}\n'],
  ])('with %s is refused', (_what, text) => {
    expect(text).not.toBe(TEXT);
    expect(() => parse(text)).toThrow(ArchiveError);
  });
});

describe('the registry of an archive', () => {
  it('answers what was recorded, and has nothing to say about the rest', async () => {
    const recording = createRecordingRegistry({
      ask: ({ id }) =>
        Promise.resolve(id.name === 'a' ? FOUND : { status: 'absent' }),
    });
    const [a, b, c] = ['a', 'b', 'c'].map(
      (name) => answerOf(name, FOUND).request,
    );
    if (!a || !b || !c) throw new Error('three questions');
    await recording.ask(a, SIGNAL);
    await recording.ask(b, SIGNAL);
    const archived = createArchivedRegistry(recording.answers());
    expect(await archived.ask(a, SIGNAL)).toEqual(FOUND);
    expect(await archived.ask(b, SIGNAL)).toEqual({ status: 'absent' });
    const unknown = { status: 'unavailable', code: 'offline' };
    for (const other of [
      c,
      { ...a, registry: 'https://b.example/' },
      { ...a, kind: 'attestations' as const },
      { ...a, id: { name: 'a', version: '2.0.0' } },
    ]) {
      expect(await archived.ask(other, SIGNAL)).toMatchObject(unknown);
    }
  });
});

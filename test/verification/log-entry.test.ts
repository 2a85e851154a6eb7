import { describe, expect, it } from 'vitest';
import {
  checkLogEntries,
  provenLogIndex,
  type LogEntry,
} from '../../src/verification/log-entry.js';
import type { CheckId } from '../../src/verification/check-catalogue.js';
import { checkOf, failureOf, outcomesOf } from './failures.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const SIGNER = Buffer.from('the certificate, as DER');
const ANOTHER = Buffer.from('the certificate of somebody else');
const ROOT = Buffer.alloc(32, 7);
const SECONDS = NOW.getTime() / 1000;

const ENTRY: LogEntry = {
  logId: Buffer.alloc(32, 1),
  logIndex: '1000',
  integratedTime: String(SECONDS),
  isPromised: true,
  canonicalizedBody: dsse(pem(SIGNER)),
  proof: {
    logIndex: '12',
    rootHash: ROOT,
    treeSize: '43',
    checkpoint: `log.example\n43\n${ROOT.toString('base64')}\n\n\u2014 log.example AAAAAAAA\n`,
  },
};

function pem(der: Buffer, label = 'CERTIFICATE'): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function dsse(...verifiers: readonly unknown[]): Buffer {
  const signatures = verifiers.map((verifier) => ({
    verifier: typeof verifier === 'string' ? base64(verifier) : verifier,
  }));
  return json({ kind: 'dsse', spec: { signatures } });
}

function intoto(...keys: readonly string[]): Buffer {
  const signatures = keys.map((key) => ({ publicKey: base64(key) }));
  return json({
    kind: 'intoto',
    spec: { content: { envelope: { signatures } } },
  });
}

function hashedrekord(verifier: unknown): Buffer {
  return json({
    kind: 'hashedrekord',
    spec: { hashedRekordV002: { signature: { verifier } } },
  });
}

function codeOf(...entries: readonly LogEntry[]): string | null {
  return failureOf(...checkLogEntries(entries, SIGNER, NOW))?.code ?? null;
}

function withBody(canonicalizedBody: Buffer): LogEntry {
  return { ...ENTRY, canonicalizedBody };
}

const ROOT64 = ROOT.toString('base64');
const SIGNED = '\u2014 log.example AAAAAAAA\n';

function note(size = '43', root = ROOT64, extensions = ''): string {
  return `log.example\n${size}\n${root}\n${extensions}\n${SIGNED}`;
}

/** Some reader takes each of them for the checkpoint of the entry. */
const CHECKPOINTS: readonly (readonly [defect: string, checkpoint: string])[] =
  [
    ['a blank line in front', `\n${note()}`],
    ['an empty origin', note().replace('log.example', '')],
    ['a size with a blank', note(' 43')],
    ['a size with a sign', note('+43')],
    ['a size with a zero in front', note('043')],
    ['a hexadecimal size', note('0x2b')],
    ['a size of 20 digits', note('1'.repeat(20))],
    ['no size', note('')],
    ['a root of the other base64 alphabet', note('43', `_${ROOT64.slice(1)}`)],
    ['a root with three padding signs', note('43', `${ROOT64}==`)],
    ['no root', note('43', '')],
    ['no blank line', note().replace('\n\n', '\n')],
    ['two blank lines', note().replace('\n\n', '\n\n\n')],
    ['a blank line among its extensions', note('43', ROOT64, 'a\n\nb\n')],
    ['no signature', `log.example\n43\n${ROOT64}\n\n`],
    ['a signature without a line end', note().slice(0, -1)],
    ['text behind the signatures', `${note()}text`],
    ['a line behind the signatures', `${note()}text\n`],
    ['a line before the signatures', note().replace('\u2014', 'x\n\u2014')],
    ['a hyphen in place of the dash', note().replace('\u2014', '-')],
    ['two blanks behind the dash', note().replace('\u2014 ', '\u2014  ')],
    ['no signer’s name', note().replace('log.example AAAA', 'AAAA')],
    [
      'a plus sign in the signer’s name',
      note().replace('\u2014 log', '\u2014 l+g'),
    ],
    ['a blank behind the signature', note().replace(/\n$/, ' \n')],
    ['junk in the signature', note().replace('AAAAAAAA', 'AAAA!AAA')],
    ['a signature without its padding', note().replace('AAAAAAAA', 'AAAAAA')],
    ['too much padding', note().replace('AAAAAAAA', 'AAAAAAAA=')],
    [
      'bits in a signature that decode to nothing',
      note().replace('AAAAAAAA', 'AAAAAB=='),
    ],
    [
      'a second signature that is not canonical',
      `${note()}\u2014 log.example AAAAAB==\n`,
    ],
    ['line ends of another system', note().replaceAll('\n', '\r\n')],
  ];

describe('several entries', () => {
  it.each<[string, Partial<LogEntry>]>([
    ['at another index', { logIndex: '1001' }],
    ['in another log', { logId: Buffer.alloc(32, 2) }],
  ])('accepts a second one %s', (_what, change) => {
    expect(codeOf(ENTRY, { ...ENTRY, ...change })).toBeNull();
  });

  it('accepts two whose id and index only read alike put together', () => {
    const first = { ...ENTRY, logId: Buffer.of(0x01), logIndex: '111' };
    const second = { ...ENTRY, logId: Buffer.of(0x01, 0x11), logIndex: '1' };
    expect(codeOf(first, second)).toBeNull();
  });

  it('tells those without a promise apart by their place in the tree', () => {
    const proven = { ...ENTRY, isPromised: false };
    const { proof } = ENTRY;
    if (proof === null) throw new Error('no proof');
    const elsewhere = { ...proven, proof: { ...proof, logIndex: '13' } };
    expect(codeOf(proven, elsewhere)).toBeNull();
    expect(codeOf(proven, { ...proven, logIndex: '7' })).toBe('log-entry');
  });

  it('rejects the same one twice, whatever else differs', () => {
    expect(codeOf(ENTRY, ENTRY)).toBe('log-entry');
    expect(codeOf(ENTRY, { ...ENTRY, proof: null })).toBe('log-entry');
  });

  it('looks at all of them', () => {
    const bad = { ...withBody(dsse(pem(ANOTHER))), logIndex: '1001' };
    expect(codeOf(ENTRY, bad)).toBe('log-entry');
  });
});

describe('an index that nobody signed', () => {
  const raw = { rawBytes: SIGNER.toString('base64') };
  const unpromised = { ...ENTRY, isPromised: false };
  const body = hashedrekord({ x509Certificate: raw });

  it.each<[string, LogEntry, string | null]>([
    ['of one tree, as proven', { ...unpromised, logIndex: '12' }, null],
    ['of one tree, another', unpromised, 'log-entry'],
    ['of one tree, signed with a promise', ENTRY, null],
  ])('%s', (_what, entry, code) => {
    expect(codeOf({ ...entry, canonicalizedBody: body })).toBe(code);
  });

  it('is refused with both sides', () => {
    const entry = { ...unpromised, canonicalizedBody: body };
    const checks = checkLogEntries([entry], SIGNER, NOW);
    expect(checkOf(checks, 'log-proof')).toMatchObject({
      outcome: 'failed',
      message: 'the log index is not the one that the inclusion proof is for',
      expected: '12',
      found: '1000',
    });
  });

  it('is not held against entries of logs with several trees', () => {
    expect(codeOf(unpromised)).toBeNull();
  });

  it('is not the one that is proven', () => {
    expect(provenLogIndex(ENTRY)).toBe('1000');
    expect(provenLogIndex(unpromised)).toBe('12');
    expect(provenLogIndex({ ...unpromised, proof: null })).toBeNull();
  });
});

describe('time', () => {
  it('that nobody signed is not looked at', () => {
    const unsigned = { ...ENTRY, isPromised: false, integratedTime: '1' };
    expect(codeOf(unsigned)).toBeNull();
    expect(codeOf({ ...unsigned, isPromised: true })).toBe('log-entry');
  });

  it.each([
    ['now', String(SECONDS)],
    ['an hour ahead', String(SECONDS + 3_600)],
    ['the day the log began', '1610409600'],
    ['no time, as in the second log', '0'],
    ['no time at all', ''],
  ])('accepts %s', (_what, integratedTime) => {
    expect(codeOf({ ...ENTRY, integratedTime })).toBeNull();
  });

  it.each([
    ['a second more than an hour ahead', String(SECONDS + 3_601)],
    ['the second before the log began', '1610409599'],
    ['the first second of all', '1'],
    ['a time before 1970', '-1'],
    ['milliseconds in place of seconds', String(NOW.getTime())],
    ['a time past all calendars', '9'.repeat(20)],
    ['a number past all numbers', '9'.repeat(400)],
    ['no number', 'now'],
  ])('rejects %s', (_defect, integratedTime) => {
    expect(codeOf({ ...ENTRY, integratedTime })).toBe('log-entry');
  });
});

describe('inclusion proof', () => {
  const { proof } = ENTRY;
  if (proof === null) throw new Error('no proof');

  it.each<[string, string, string?]>([
    ['extension lines', note('43', ROOT64, 'Timestamp: 1\nanother line\n')],
    ['two signatures', `${note()}${SIGNED}`],
    [
      'a signer’s name with slashes and a key id’s padding',
      note().replaceAll('\u2014 log.example', '\u2014 log.example/v1'),
    ],
    ['base64 with one padding sign', note().replace('AAAAAAAA', 'AAAAAAA=')],
    ['base64 with two padding signs', note().replace('AAAAAAAA', 'AAAAAA==')],
    ['the size 0', note('0'), '0'],
    ['a size of 19 digits', note('9'.repeat(19)), '9'.repeat(19)],
  ])('accepts a checkpoint with %s', (_what, checkpoint, treeSize = '43') => {
    const whole = { ...proof, checkpoint, treeSize };
    expect(codeOf({ ...ENTRY, proof: whole })).toBeNull();
  });

  it('may have a root of any length', () => {
    const rootHash = Buffer.alloc(31, 7);
    const checkpoint = note('43', rootHash.toString('base64'));
    const other = { ...proof, rootHash, checkpoint };
    expect(codeOf({ ...ENTRY, proof: other })).toBeNull();
    const short = Buffer.alloc(33, 7);
    const unpadded = note('43', short.toString('base64'));
    expect(
      codeOf({
        ...ENTRY,
        proof: { ...proof, rootHash: short, checkpoint: unpadded },
      }),
    ).toBeNull();
  });

  it('may be missing', () => {
    expect(codeOf({ ...ENTRY, proof: null })).toBeNull();
  });

  it.each<[string, Partial<NonNullable<LogEntry['proof']>>]>([
    ['another size than its checkpoint', { treeSize: '44' }],
    ['the size spelled otherwise', { treeSize: '043' }],
    ['another root hash', { rootHash: Buffer.alloc(32, 8) }],
    ['no root hash', { rootHash: Buffer.alloc(0) }],
    ['an empty checkpoint', { checkpoint: '' }],
    ['a checkpoint without a root', { checkpoint: 'log.example\n43' }],
    ['a checkpoint with other line ends', { checkpoint: 'log\r\n43\r\nx\r\n' }],
    ...CHECKPOINTS.map(
      ([what, checkpoint]): [string, { checkpoint: string }] => [
        `a checkpoint with ${what}`,
        { checkpoint },
      ],
    ),
  ])('rejects %s', (_defect, change) => {
    expect(codeOf({ ...ENTRY, proof: { ...proof, ...change } })).toBe(
      'log-entry',
    );
  });
});

describe('what is recorded', () => {
  const { proof } = ENTRY;
  if (proof === null) throw new Error('no proof');
  const check = (change: Partial<LogEntry>, id: CheckId) =>
    checkOf(checkLogEntries([{ ...ENTRY, ...change }], SIGNER, NOW), id);

  it('of an entry that holds', () => {
    const size = `size 43, root ${ROOT64}`;
    const common = { outcome: 'passed', attestation: null };
    expect(checkLogEntries([ENTRY], SIGNER, NOW)).toEqual([
      {
        ...common,
        check: 'log-entry-distinct',
        expected: null,
        found: 'log index 1000',
      },
      {
        ...common,
        check: 'log-time',
        expected:
          'between 2021-01-12T00:00:00.000Z and 2026-06-01T13:00:00.000Z',
        found: '2026-06-01T12:00:00.000Z',
      },
      { ...common, check: 'log-proof', expected: size, found: size },
      { ...common, check: 'log-signer', expected: null, found: null },
    ]);
  });

  it('of each entry, by itself', () => {
    const second = { ...ENTRY, logIndex: '1001', proof: null };
    const checks = checkLogEntries([ENTRY, second], SIGNER, NOW);
    expect(outcomesOf(checks)).toEqual([
      'log-entry-distinct: passed',
      'log-time: passed',
      'log-proof: passed',
      'log-signer: passed',
      'log-time: passed',
      'log-proof: not-made',
      'log-signer: passed',
    ]);
    expect(checks[0]?.found).toBe('log index 1000, log index 1001');
  });

  it.each<[string, Partial<LogEntry>, CheckId, object]>([
    [
      'no time',
      { integratedTime: '0' },
      'log-time',
      {
        outcome: 'not-made',
        message: 'the log has signed no time of this entry',
      },
    ],
    [
      'a time of long ago',
      { integratedTime: '1' },
      'log-time',
      {
        outcome: 'failed',
        kind: 'invalid',
        message: 'the log time is implausible',
        expected:
          'between 2021-01-12T00:00:00.000Z and 2026-06-01T13:00:00.000Z',
        found: '1970-01-01T00:00:01.000Z',
      },
    ],
    [
      'a time past all calendars',
      { integratedTime: '9'.repeat(19) },
      'log-time',
      { outcome: 'failed', found: String(Number('9'.repeat(19)) * 1000) },
    ],
    [
      'a time that is no number',
      { integratedTime: 'now' },
      'log-time',
      { outcome: 'failed', found: 'now' },
    ],
    [
      'a time that the log has not signed',
      { isPromised: false },
      'log-time',
      {
        outcome: 'not-made',
        message: 'the log has signed no time of this entry',
      },
    ],
    [
      'an index that the log has not signed: that of the proof',
      { isPromised: false },
      'log-entry-distinct',
      { outcome: 'passed', found: 'log index 12' },
    ],
    [
      'no index that the log has signed',
      { isPromised: false, proof: null },
      'log-entry-distinct',
      { outcome: 'passed', found: 'log index (none)' },
    ],
    [
      'no proof',
      { proof: null },
      'log-proof',
      {
        outcome: 'not-made',
        message: 'a bundle from before proofs were stored',
      },
    ],
    [
      'another form',
      { proof: { ...proof, checkpoint: 'x' } },
      'log-proof',
      {
        outcome: 'failed',
        message: 'the checkpoint is not of a checkpoint’s form',
        expected: null,
        found: null,
      },
    ],
    [
      'another size',
      { proof: { ...proof, treeSize: '44' } },
      'log-proof',
      {
        outcome: 'failed',
        message: 'the inclusion proof and its checkpoint differ in size',
        expected: `size 43, root ${ROOT64}`,
        found: `size 44, root ${ROOT64}`,
      },
    ],
    [
      'another root',
      { proof: { ...proof, rootHash: Buffer.from('x') } },
      'log-proof',
      {
        outcome: 'failed',
        message: 'the inclusion proof and its checkpoint differ in root hash',
        found: 'size 43, root eA==',
      },
    ],
    [
      'another signer',
      { canonicalizedBody: dsse(pem(ANOTHER)) },
      'log-signer',
      {
        outcome: 'failed',
        message: 'the log entry names another signer than the bundle',
      },
    ],
  ])('%s', (_what, change, id, recorded) => {
    expect(check(change, id)).toMatchObject(recorded);
  });

  it('of the same entry twice', () => {
    const checks = checkLogEntries([ENTRY, ENTRY], SIGNER, NOW);
    expect(checkOf(checks, 'log-entry-distinct')).toMatchObject({
      outcome: 'failed',
      kind: 'invalid',
      message: 'the same log entry occurs twice',
    });
  });
});

describe('signer', () => {
  const raw = { rawBytes: SIGNER.toString('base64') };

  it.each<[string, Buffer]>([
    ['dsse, a certificate', dsse(pem(SIGNER))],
    ['dsse, a key', dsse(pem(SIGNER, 'PUBLIC KEY'))],
    ['dsse, without a line end', dsse(pem(SIGNER).trimEnd())],
    ['intoto', intoto(pem(SIGNER))],
    ['hashedrekord, a certificate', hashedrekord({ x509Certificate: raw })],
    ['hashedrekord, a key', hashedrekord({ publicKey: raw })],
  ])('accepts the bundle’s: %s', (_what, body) => {
    expect(codeOf(withBody(body))).toBeNull();
  });

  it.each<[string, Buffer]>([
    ['another certificate', dsse(pem(ANOTHER))],
    ['another key in an intoto entry', intoto(pem(ANOTHER, 'PUBLIC KEY'))],
    [
      'another certificate in a hashedrekord entry',
      hashedrekord({
        x509Certificate: { rawBytes: ANOTHER.toString('base64') },
      }),
    ],
    [
      'another certificate, and the bundle’s as a key',
      hashedrekord({
        x509Certificate: { rawBytes: ANOTHER.toString('base64') },
        publicKey: raw,
      }),
    ],
    ['two signers, ours first', dsse(pem(SIGNER), pem(ANOTHER))],
    ['two signers, ours last', intoto(pem(ANOTHER), pem(SIGNER))],
    ['two blocks in one text', dsse(pem(SIGNER) + pem(ANOTHER))],
    ['another kind of block', dsse(pem(SIGNER, 'PRIVATE KEY'))],
    ['text before the block', dsse(`x\n${pem(SIGNER)}`)],
    ['an empty block', dsse(pem(Buffer.alloc(0)))],
    ['no signer', dsse()],
    ['a signer that is no text', dsse(1)],
    ['a signer that is null', dsse(null)],
    ['no body', Buffer.alloc(0)],
    ['a body that is not JSON', Buffer.from('dsse')],
    ['a body that is null', json(null)],
    [
      'a body nested deeper than 16',
      Buffer.from(
        dsse(pem(SIGNER))
          .toString()
          .replace('{', `{"x":${'['.repeat(16)}${']'.repeat(16)},`),
      ),
    ],
    [
      'a body larger than 4 MiB',
      Buffer.concat([dsse(pem(SIGNER)), Buffer.alloc(4 << 20, ' ')]),
    ],
    [
      'what a hashedrekord entry holds, in an entry of another kind',
      json({
        kind: 'x',
        spec: {
          hashedRekordV002: { signature: { verifier: { publicKey: raw } } },
        },
      }),
    ],
    ['a body that is a list', json([{ kind: 'dsse' }])],
    ['a body of an unknown kind', json({ kind: 'rekord', spec: {} })],
    ['a body of a kind that objects inherit', json({ kind: 'constructor' })],
    [
      'a member twice in the body',
      Buffer.from(
        dsse(pem(SIGNER)).toString().replace('{', '{"kind":"intoto",'),
      ),
    ],
    [
      'signatures that are an object',
      json({ kind: 'dsse', spec: { signatures: { 0: {} } } }),
    ],
    ['no verifier in a hashedrekord entry', hashedrekord(null)],
  ])('rejects %s', (_defect, body) => {
    expect(codeOf(withBody(body))).toBe('log-entry');
  });
});

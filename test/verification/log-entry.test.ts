import { describe, expect, it } from 'vitest';
import {
  findLogEntryProblem,
  type LogEntry,
} from '../../src/verification/log-entry.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const SIGNER = Buffer.from('the certificate, as DER');
const ANOTHER = Buffer.from('the certificate of somebody else');
const ROOT = Buffer.alloc(32, 7);
const SECONDS = NOW.getTime() / 1000;

const ENTRY: LogEntry = {
  logId: Buffer.alloc(32, 1),
  logIndex: '1000',
  integratedTime: String(SECONDS),
  canonicalizedBody: dsse(pem(SIGNER)),
  proof: {
    rootHash: ROOT,
    treeSize: '43',
    checkpoint: `log.example\n43\n${ROOT.toString('base64')}\n\nsignature\n`,
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
  return findLogEntryProblem(entries, SIGNER, NOW)?.code ?? null;
}

function withBody(canonicalizedBody: Buffer): LogEntry {
  return { ...ENTRY, canonicalizedBody };
}

describe('several entries', () => {
  it.each<[string, Partial<LogEntry>]>([
    ['at another index', { logIndex: '1001' }],
    ['in another log', { logId: Buffer.alloc(32, 2) }],
  ])('accepts a second one %s', (_what, change) => {
    expect(codeOf(ENTRY, { ...ENTRY, ...change })).toBeNull();
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

describe('time', () => {
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
  ])('rejects %s', (_defect, change) => {
    expect(codeOf({ ...ENTRY, proof: { ...proof, ...change } })).toBe(
      'log-entry',
    );
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

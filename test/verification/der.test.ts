import { describe, expect, it } from 'vitest';
import {
  DerError,
  readElement,
  readSequence,
} from '../../src/verification/der.js';

const hex = (text: string): Buffer =>
  Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('one element', () => {
  it.each([
    ['empty', '0c 00', 0x0c, ''],
    ['short', '0c 02 6869', 0x0c, '6869'],
    ['of 127 bytes', `04 7f ${'aa'.repeat(127)}`, 0x04, 'aa'.repeat(127)],
    ['of 128 bytes', `04 8180 ${'aa'.repeat(128)}`, 0x04, 'aa'.repeat(128)],
    ['of 255 bytes', `04 81ff ${'aa'.repeat(255)}`, 0x04, 'aa'.repeat(255)],
    ['of 256 bytes', `04 820100 ${'aa'.repeat(256)}`, 0x04, 'aa'.repeat(256)],
    ['context-specific', '86 01 61', 0x86, '61'],
  ])('%s', (_what, text, tag, content) => {
    const der = hex(text);
    expect(readElement(der)).toEqual({
      tag,
      content: hex(content),
      bytes: der,
    });
  });

  it.each([
    ['no bytes', ''],
    ['a tag alone', '0c'],
    ['trailing bytes', '0c 01 61 00'],
    ['a second element', '0c 01 61 0c 01 62'],
    ['an indefinite length', '30 80 0c 01 61 00 00'],
    [
      'an indefinite length before as many bytes as its sign says',
      `0c 80 ${'61'.repeat(128)}`,
    ],
    ['a primitive of indefinite length', '0c 80 61 00 00'],
    ['a length longer than the bytes', '0c 02 61'],
    ['a length of which bytes are missing', '0c 82 01'],
    ['a long form for a short length', '0c 81 01 61'],
    ['two length bytes where one suffices', `04 8200ff ${'aa'.repeat(255)}`],
    ['three length bytes', `04 83000100 ${'aa'.repeat(256)}`],
    ['a reserved length', '0c ff'],
    ['a tag of several bytes', '1f 1f 01 61'],
    ['one that reads as a tag and a length', 'bf 01 61'],
    ['a tag alone behind an element', '0c 01 61 0c'],
  ])('refuses %s', (_defect, text) => {
    expect(() => readElement(hex(text))).toThrow(DerError);
  });
});

it('is a defect with a name', () => {
  expect(() => readElement(hex(''))).toThrow(
    expect.objectContaining({ name: 'DerError', message: 'not valid DER' }),
  );
});

describe('a sequence', () => {
  it('has its elements in order', () => {
    const elements = readSequence(hex('30 07 0c 01 61 02 02 0102'));
    expect(elements.map(({ tag }) => tag)).toEqual([0x0c, 0x02]);
    expect(elements.map(({ bytes }) => bytes.toString('hex'))).toEqual([
      '0c0161',
      '02020102',
    ]);
  });

  it('may be empty', () => {
    expect(readSequence(hex('30 00'))).toEqual([]);
  });

  it.each([
    ['a set', '31 03 0c 01 61'],
    ['a text', '0c 01 61'],
    ['bytes behind it', '30 03 0c 01 61 00'],
    ['an element that ends behind it', '30 03 0c 02 61'],
    ['bytes inside that are no element', '30 04 0c 01 61 0c'],
    ['nothing', ''],
  ])('refuses %s', (_defect, text) => {
    expect(() => readSequence(hex(text))).toThrow(DerError);
  });
});

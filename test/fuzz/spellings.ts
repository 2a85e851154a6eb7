import fc from 'fast-check';
import { mutated, type Mutated } from './arbitraries.js';
import { toBody } from './harness.js';
import { formatPath, pathsOf, replaceAt, type Path } from './json.js';
import { base64Paths, textAt } from './signed-fields.js';

const NUMBERS: readonly string[] = ['logIndex', 'treeSize', 'integratedTime'];
/** What lenient decoders of base64 skip, or stop at. */
const JUNK: readonly string[] = [
  '\n',
  '\r\n',
  '\t',
  ' ',
  '\u0000',
  '\u00a0',
  '#',
  '.',
  '*',
  ',',
  '-',
  '_',
  '=',
  '\u00e9',
  '\u2028',
];
const ALPHABET =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * The same value of a document in another spelling: base64 with what some
 * decoders skip, without padding, with more of it, URL-safe, with unused bits
 * set; numbers with signs, zeros, blanks, exponents, or as JSON numbers.
 */
export function respelled(document: unknown): fc.Arbitrary<Mutated> {
  const texts = [
    ...base64Paths(document).map((path) => ({ path, spell: respellBase64 })),
    ...pathsOf(document)
      .filter((path) => path.at(-1) === 'envelope')
      .map((path) => ({ path, spell: respellCheckpoint })),
    ...pathsOf(document)
      .filter((path) => NUMBERS.includes(path.at(-1) ?? ''))
      .map((path) => ({ path, spell: respellNumber })),
  ];
  return fc
    .record({
      text: fc.constantFrom(...texts),
      kind: fc.nat(1_000),
      at: fc.nat(1_000_000),
    })
    .map(({ text: { path, spell }, kind, at }) => {
      const other = spell(textAt(document, path), kind, at);
      return mutated(withValue(document, path, other), say(path, kind));
    });
}

function withValue(document: unknown, path: Path, value: unknown): Buffer {
  return toBody(replaceAt(document, path, value));
}

function say(path: Path, kind: number): string {
  return `${formatPath(path)}, spelling ${kind}`;
}

function respellBase64(base64: string, kind: number, at: number): string {
  const spellings = [
    base64.replace(/=+$/, ''),
    `${base64}=`,
    `${base64}====`,
    base64.replaceAll('+', '-').replaceAll('/', '_'),
    withUnusedBits(base64),
    base64.slice(0, -1),
    encodeURIComponent(base64),
    base64.replaceAll(/.{64}/g, '$&\n'),
    `data:;base64,${base64}`,
  ];
  const position = at % (base64.length + 1);
  const junk = JUNK.map(
    (each) => base64.slice(0, position) + each + base64.slice(position),
  );
  const all = [...spellings, ...junk, ...JUNK.map((each) => base64 + each)];
  return all[kind % all.length] ?? '';
}

/** The last character before the padding has bits that no byte is made of. */
function withUnusedBits(base64: string): string {
  const end = base64.replace(/=+$/, '').length - 1;
  if (end === base64.length - 1) return base64;
  const value = ALPHABET.indexOf(base64[end] ?? '');
  return (
    base64.slice(0, end) + (ALPHABET[value + 1] ?? '') + base64.slice(end + 1)
  );
}

/** The signature or the root hash in it, in another spelling. */
function respellCheckpoint(text: string, kind: number, at: number): string {
  const lines = text.split('\n');
  const index = kind % 2 === 0 ? 2 : lines.length - 2;
  const [, before = '', base64 = ''] =
    /^(.* )?([^ ]*)$/.exec(lines[index] ?? '') ?? [];
  const other = respellBase64(base64, Math.floor(kind / 2), at);
  return lines.with(index, before + other).join('\n');
}

function respellNumber(text: string, kind: number): unknown {
  const all = [
    Number(text),
    `+${text}`,
    `-${text}`,
    `0${text}`,
    ` ${text}`,
    `${text} `,
    `${text}\n`,
    `${text}.0`,
    `${text}e0`,
    `0x${BigInt(text).toString(16)}`,
    `${text}n`,
    String(BigInt(text) + 2n ** 64n),
    text.replaceAll(/\d/g, (digit) =>
      String.fromCharCode(0x660 + Number(digit)),
    ),
  ];
  return all[kind % all.length];
}

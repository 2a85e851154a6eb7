/** One DER element. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** Tag, length and content. */
  readonly bytes: Buffer;
}

/** Thrown for bytes that are not strict DER. */
export class DerError extends Error {
  constructor() {
    super('not valid DER');
    this.name = 'DerError';
  }
}

/** The one DER element that fills `der` exactly. */
export function readElement(der: Buffer): DerElement {
  const [element, ...others] = readElements(der);
  if (element === undefined || others.length > 0) throw new DerError();
  return element;
}

/** The elements inside the one SEQUENCE that fills `der` exactly. */
export function readSequence(der: Buffer): readonly DerElement[] {
  const { tag, content } = readElement(der);
  if (tag !== 0x30) throw new DerError();
  return readElements(content);
}

/** Sibling DER elements; X.690 section 10.1: definite, shortest lengths. */
function readElements(der: Buffer): readonly DerElement[] {
  const elements: DerElement[] = [];
  let start = 0;
  while (start < der.length) {
    const tag = der[start];
    const first = der[start + 1];
    if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) {
      throw new DerError();
    }
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || lengthBytes > 2) throw new DerError();
    const header = 2 + lengthBytes;
    if (start + header > der.length) throw new DerError();
    const length =
      lengthBytes === 0 ? first : der.readUIntBE(start + 2, lengthBytes);
    const isShortest =
      lengthBytes === 0 || length >= (lengthBytes === 1 ? 0x80 : 0x100);
    const end = start + header + length;
    if (!isShortest || end > der.length) throw new DerError();
    elements.push({
      tag,
      content: der.subarray(start + header, end),
      bytes: der.subarray(start, end),
    });
    start = end;
  }
  return elements;
}

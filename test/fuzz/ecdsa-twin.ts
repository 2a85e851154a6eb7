/** Order of the group of P-256 (SEC 2, section 2.4.2): the logs' curve. */
const ORDER =
  0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * The other signature that says the same: with (r, s), anybody can write down
 * (r, n − s), and every verifier accepts both. `signature` is DER, on P-256.
 */
export function twinOf(signature: Buffer): Buffer {
  const length = signature[3] ?? 0;
  const r = signature.subarray(4, 4 + length);
  const s = signature.subarray(4 + length + 2);
  if (r.length === 0 || s.length === 0) return signature;
  const first = integer(toNumber(r));
  const other = integer(ORDER - toNumber(s));
  return Buffer.concat([
    Buffer.from([0x30, first.length + other.length]),
    first,
    other,
  ]);
}

function toNumber(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

/** A positive DER INTEGER. */
function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  const bytes = Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
  return Buffer.concat([Buffer.from([0x02, bytes.length]), bytes]);
}

/** The same in base64. */
export function twinOfBase64(base64: string): string {
  return twinOf(Buffer.from(base64, 'base64')).toString('base64');
}

/** A checkpoint whose last signature is the other one; its key id stays. */
export function twinOfCheckpoint(checkpoint: string): string {
  return checkpoint.replace(/[^ \n]+(?=\n$)/, (base64) => {
    const bytes = Buffer.from(base64, 'base64');
    const twin = twinOf(bytes.subarray(4));
    return Buffer.concat([bytes.subarray(0, 4), twin]).toString('base64');
  });
}

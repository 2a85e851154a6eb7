import { createPublicKey } from 'node:crypto';
import { member } from './member.js';

/**
 * Names a role in which one key stands under two ids, in metadata that tuf-js
 * has verified (root or targets); null if there is none.
 *
 * tuf-js counts ids towards a role's threshold and does not look at what they
 * stand for, so the holder of one such key would count twice (TUF 1.0.31, 4.2:
 * a threshold is one of unique keys; as in GHSA-pwqf-9h7j-7mv8).
 */
export function findRepeatedKey(metadata: Uint8Array): string | null {
  const value: unknown = JSON.parse(Buffer.from(metadata).toString('utf8'));
  const signed = member(value, 'signed');
  return (
    findIn(member(signed, 'keys'), member(signed, 'roles')) ??
    findIn(
      member(member(signed, 'delegations'), 'keys'),
      member(member(signed, 'delegations'), 'roles'),
    )
  );
}

/** `roles`: an object by name in a root, a list of roles in targets. */
function findIn(keys: unknown, roles: unknown): string | null {
  if (typeof roles !== 'object' || roles === null) return null;
  for (const [name, role] of Object.entries<unknown>({ ...roles })) {
    const ids = member(role, 'keyids');
    if (!Array.isArray(ids)) continue;
    const holders = ids.flatMap((id) => holderOf(member(keys, String(id))));
    if (new Set(holders).size < holders.length) {
      const own = member(role, 'name');
      return typeof own === 'string' ? own : name;
    }
  }
  return null;
}

/**
 * What all spellings of a key have in common: the modulus, or the X coordinate
 * of the point (whoever has the key of one point of an X has that of both).
 * None for a key that tuf-js could not use either.
 */
function holderOf(key: unknown): readonly string[] {
  const text = member(member(key, 'keyval'), 'public');
  if (typeof text !== 'string') return [];
  if (/^[0-9a-f]+$/i.test(text)) return [coordinateOf(text.toLowerCase())];
  try {
    const { x, n } = createPublicKey(text).export({ format: 'jwk' });
    return [Buffer.from(x ?? n ?? '', 'base64url').toString('hex')];
  } catch {
    return [];
  }
}

/** Of a point with its form in front, or an Ed25519 key, which has none. */
function coordinateOf(hex: string): string {
  if (hex.length % 64 === 0) return hex;
  const form = hex.slice(0, 2);
  return form === '04' ? hex.slice(2, 1 + hex.length / 2) : hex.slice(2);
}

import { isJsonObject, type JsonValue } from '../json/strict-json.js';

/**
 * The bytes that the envelope in the JSON of a bundle holds as signed; null without
 * any. Claimed: of a verified bundle they are those whose signature was verified,
 * which `verifyBundle` makes sure of.
 */
export function envelopePayload(bundle: JsonValue): Buffer | null {
  const envelope = isJsonObject(bundle) ? bundle['dsseEnvelope'] : undefined;
  const payload = isJsonObject(envelope) ? envelope['payload'] : undefined;
  return typeof payload === 'string' ? Buffer.from(payload, 'base64') : null;
}

import { isJsonObject, type JsonObject } from '../json/strict-json.js';

/**
 * How a registry says that a version was published, without signing it: by a
 * trusted publisher, or `staged`, approved by a person after the upload.
 */
export type ClaimedPublication = 'trusted-publisher' | 'staged';

/** The members of a manifest's `_npmUser` that `readPublication` looks at. */
export const PUBLICATION_MEMBERS = ['trustedPublisher', 'approver'] as const;

/**
 * What a version's manifest, untrusted, claims of its publication; null where it
 * claims neither, or in another shape than npm's registry does: an object each.
 *
 * Source: the manifests that npm's registry serves.
 */
export function readPublication(
  manifest: JsonObject,
): ClaimedPublication | null {
  const publisher = manifest['_npmUser'];
  if (!isJsonObject(publisher)) return null;
  if (isJsonObject(publisher['approver'])) return 'staged';
  return isJsonObject(publisher['trustedPublisher'])
    ? 'trusted-publisher'
    : null;
}

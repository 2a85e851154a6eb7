const MESSAGE_SIGNATURE =
  'signs an artifact directly; an npm attestation is always a DSSE envelope with an in-toto statement, and nothing else is accepted';

const MANAGED_KEY =
  "signs an artifact directly, with a key that the user names; here only DSSE envelopes are accepted, and keys only from the trust root's list of the registry's keys";

/**
 * Why a case that must verify says nothing about this program, by its name. An
 * entry excuses no other refusal than that of a message signature (`judgeCase`),
 * and no case that must fail.
 */
export const NOT_APPLICABLE: ReadonlyMap<string, string> = new Map([
  ['bundle-with-sct-with-extensions', MESSAGE_SIGNATURE],
  ['happy-path-v0.1', MESSAGE_SIGNATURE],
  ['happy-path-v0.2', MESSAGE_SIGNATURE],
  ['happy-path-v0.3', MESSAGE_SIGNATURE],
  ['happy-path-v0.3-new-mediaType', MESSAGE_SIGNATURE],
  ['managed-key-and-trusted-root', MANAGED_KEY],
  ['managed-key-happy-path', MANAGED_KEY],
  ['rekor2-checkpoint-cosigned', MESSAGE_SIGNATURE],
  ['rekor2-checkpoint-multiple-cosigs', MESSAGE_SIGNATURE],
  ['rekor2-checkpoint-origin-not-first', MESSAGE_SIGNATURE],
  ['rekor2-checkpoint-two-sigs-cosigned', MESSAGE_SIGNATURE],
  ['rekor2-checkpoint-two-sigs-from-origin', MESSAGE_SIGNATURE],
  ['rekor2-happy-path', MESSAGE_SIGNATURE],
  ['rekor2-timestamp-with-embedded-cert', MESSAGE_SIGNATURE],
  ['rekor2-timestamp-with-expired-cert-chain', MESSAGE_SIGNATURE],
  ['rekor2-timestamp-without-embedded-cert', MESSAGE_SIGNATURE],
  ['trust-root-tlog-validity-end-inclusive', MESSAGE_SIGNATURE],
  ['trust-root-tsa-validity-end-inclusive', MESSAGE_SIGNATURE],
]);

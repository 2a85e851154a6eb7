/** A policy file as it was read. Untrusted. */
export interface PolicyFile {
  /** What it is called in messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** `package.json`: its member `provenanceAudit`. */
  readonly kind: 'yaml' | 'json' | 'package.json';
}

/** Largest accepted policy. */
export const MAX_POLICY_BYTES = 1024 * 1024;
/** The member of a package.json that holds a policy. */
export const PACKAGE_JSON_KEY = 'provenanceAudit';

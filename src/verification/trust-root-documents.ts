/**
 * The documents everything is verified against, as bytes, with where they come
 * from. Whoever makes one vouches for them: a file the user named, or targets
 * whose hashes a complete TUF refresh has verified.
 */
export interface TrustRootDocuments {
  /** `cache`: verified by an earlier TUF refresh, not by one of this run. */
  readonly origin: 'tuf' | 'cache' | 'file';
  /** Sigstore `trusted_root.json`. */
  readonly trustedRoot: Uint8Array;
  /**
   * Registry keys in the format of the TUF target `HOST/keys.json`: one file
   * for every registry (`--npm-keys`), or one per registry host, with port.
   * A host without an entry has no keys: what they would verify is unverifiable.
   */
  readonly registryKeys:
    | { readonly scope: 'every-registry'; readonly keys: Uint8Array }
    | {
        readonly scope: 'by-host';
        readonly keys: ReadonlyMap<string, Uint8Array>;
      };
  /** Version and expiry of the TUF root; null for files. */
  readonly rootVersion: number | null;
  readonly expires: Date | null;
  /** When TUF last verified these documents; null for files. */
  readonly refreshedAt: Date | null;
  /** The repository they were verified with; null for files. */
  readonly tuf: TufState | null;
}

/** What a report says of the TUF repository beside its root. */
export interface TufState {
  /** Base URL, as configured or embedded. */
  readonly mirrorUrl: string;
  /** All metadata and targets, as a cache keeps them: untrusted elsewhere. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
  readonly timestampVersion: number;
  /** Expiry of the timestamp: until when the state is signed as current. */
  readonly signedUntil: Date;
  /** The root that the walk began with. */
  readonly firstRoot: {
    /**
     * `library`: shipped with the TUF library; `release`: with this program, as
     * a newer one; `file`: named by the user.
     */
    readonly origin: 'library' | 'release' | 'file';
    readonly version: number;
    /** May be past: only the last root of the walk must not be. */
    readonly expires: Date;
  };
}

/**
 * The port through which the trust root is had.
 *
 * `registryHosts` are the hosts (with port) whose keys are wanted. Throws an
 * `AuditError` with `TRUST_ROOT_INVALID` or `TRUST_ROOT_UNAVAILABLE`.
 */
export interface TrustRootSource {
  /** The documents, whole; never some without the others. */
  load(
    registryHosts: readonly string[],
    signal: AbortSignal,
  ): Promise<TrustRootDocuments>;
}

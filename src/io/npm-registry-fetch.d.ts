/**
 * The parts of npm-registry-fetch 20 that src/io uses: npm's own rules, without
 * the client that is built on them.
 */
declare module 'npm-registry-fetch/lib/auth.js' {
  interface Auth {
    readonly token: string | null;
    /** Base64 of `user:password`. */
    readonly auth: string | null;
    /** PEM of a client certificate and its key. */
    readonly cert: string | null;
    readonly key: string | null;
  }

  /** Reads certificate files; throws when one cannot be read. */
  export default function getAuth(
    uri: string,
    options: Readonly<Record<string, unknown>>,
  ): Auth;
}

declare module 'npm-registry-fetch/lib/default-opts.js' {
  const defaults: { readonly registry: string };
  export default defaults;
}

/** The part of npm-registry-fetch 20 that src/io uses. */
declare module 'npm-registry-fetch' {
  interface Auth {
    readonly token: string | null;
    /** Base64 of `user:password`. */
    readonly auth: string | null;
    /** PEM of a client certificate and its key. */
    readonly cert: string | null;
    readonly key: string | null;
  }

  interface RegistryFetch {
    pickRegistry(
      spec: string,
      options?: Readonly<Record<string, unknown>>,
    ): string;
    /** Reads certificate files; throws when one cannot be read. */
    getAuth(uri: string, options: Readonly<Record<string, unknown>>): Auth;
  }

  const registryFetch: RegistryFetch;
  export default registryFetch;
}

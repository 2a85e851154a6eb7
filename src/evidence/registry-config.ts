/** Which registries npm is configured for. From outside the lockfile. */
export interface RegistryConfig {
  /** Base URL of the public npm registry, ending in `/`. */
  readonly publicRegistry: string;
  /** npm's `registry` setting, ending in `/`. */
  readonly defaultRegistry: string;
  /** npm's `@scope:registry` settings; keys with `@`, values ending in `/`. */
  readonly scopes: ReadonlyMap<string, string>;
  /**
   * Those of the above that only the audited project's own .npmrc names. Its
   * author may be who is to be guarded against.
   */
  readonly namedByProject: ReadonlySet<string>;
}

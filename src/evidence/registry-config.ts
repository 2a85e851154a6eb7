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
  /**
   * npm's `replace-registry-host`: entries of this host are asked about at the
   * configured registry. `npmjs`, which is the default, `never`, `always`, or a
   * host.
   */
  readonly replacedHost?: string;
  /** What a policy says about registries, by base URL ending in `/`. */
  readonly roles?: ReadonlyMap<string, RegistryRole>;
}

/** What is known about a registry that npm's configuration does not say. */
export interface RegistryRole {
  /** Base URL of the registry whose packages it serves; null: its own. */
  readonly mirrorOf: string | null;
  /** Its packages are out of scope, and nobody is asked about them. */
  readonly hasNoEvidence: boolean;
  /** Base URL of the registry that is asked in its place; null: itself. */
  readonly evidenceFrom: string | null;
  /**
   * Whether only the audited project says so, of a registry that nothing else
   * names either.
   */
  readonly isProjectsWord: boolean;
}

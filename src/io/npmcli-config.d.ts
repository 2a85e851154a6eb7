/** The part of @npmcli/config 11 that src/io/npm-config-layers.ts uses. */
declare module '@npmcli/config' {
  interface ConfigLayer {
    /** Typed values, environment references replaced. */
    readonly data: Readonly<Record<string, unknown>>;
    /** Values as the file has them. */
    readonly raw: Readonly<Record<string, unknown>>;
    readonly source: string | null;
    /** Why the file could not be read. */
    readonly loadError?: unknown;
  }

  interface ConfigOptions {
    readonly definitions: Readonly<Record<string, unknown>>;
    readonly shorthands: Readonly<Record<string, readonly string[]>>;
    readonly flatten: unknown;
    readonly nerfDarts: readonly string[];
    /** npm's own folder; its `npmrc` is the builtin configuration. */
    readonly npmPath: string;
    /** Written to: pass a copy. */
    readonly env: Record<string, string | undefined>;
    readonly argv: readonly string[];
    readonly cwd: string;
    readonly warn: boolean;
  }

  export default class Config {
    constructor(options: ConfigOptions);
    readonly cwd: string;
    localPrefix: string | null;
    localPackage: boolean | null;
    readonly data: ReadonlyMap<string, ConfigLayer>;
    load(): Promise<void>;
    get(key: string): unknown;
    protected loadBuiltinConfig(): Promise<void>;
    protected loadLocalPrefix(): Promise<void>;
    protected loadProjectConfig(): Promise<void>;
    protected loadUserConfig(): Promise<void>;
    protected loadGlobalConfig(): Promise<void>;
  }
}

declare module '@npmcli/config/lib/definitions/index.js' {
  interface Definitions {
    readonly definitions: Readonly<Record<string, unknown>>;
    readonly nerfDarts: readonly string[];
    /** Adds one layer's settings to `flat`, in the names requests use. */
    readonly flatten: (
      layer: Readonly<Record<string, unknown>>,
      flat: Record<string, unknown>,
    ) => Record<string, unknown>;
  }

  const definitions: Definitions;
  export default definitions;
}

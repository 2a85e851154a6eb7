/** A value as JSON can say it. Objects have no inherited surprises to rely on. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Why a text is not accepted. `position` is a 0-based character offset. */
export interface JsonProblem {
  readonly code:
    | 'too-large'
    | 'not-utf8'
    | 'not-json'
    | 'too-deep'
    | 'duplicate-key'
    | 'forbidden-key';
  readonly message: string;
  readonly position: number | null;
}

export type JsonResult =
  | { readonly status: 'ok'; readonly value: JsonValue }
  | { readonly status: 'error'; readonly problem: JsonProblem };

export interface JsonLimits {
  /** Largest accepted size in bytes. */
  readonly maxBytes: number;
  /** Deepest accepted nesting of objects and arrays. */
  readonly maxDepth: number;
}

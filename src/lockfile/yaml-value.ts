/**
 * A value of a YAML document: text as it stands there whatever a schema would
 * make of it (`5.4` and `true` are text), null where there is nothing.
 */
export type YamlValue = string | null | YamlMap | readonly YamlValue[];

/** A map of text keys, none twice, in the order of the document. */
export type YamlMap = ReadonlyMap<string, YamlMember>;

/** One member of a map. */
export interface YamlMember {
  /** 0-based, of the key in the text. */
  readonly offset: number;
  readonly value: YamlValue;
}

/** Whether a value is a map. */
export function isYamlMap(value: YamlValue | undefined): value is YamlMap {
  return value instanceof Map;
}

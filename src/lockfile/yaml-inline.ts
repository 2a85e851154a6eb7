import type { YamlMap, YamlMember, YamlValue } from './yaml-value.js';

/** Plain scalars, of which YAML knows more; these begin with no indicator. */
const PLAIN = /^[A-Za-z0-9_./^~<=$(+\\][^]*$/;
const QUOTED = /^'[^']*'$/;
const DOUBLE_QUOTED = /^"(?:[^"\\]|\\["\\nt])*"$/;

/**
 * Reads a scalar that stands on one line of block YAML; null for what is not
 * known here. Text it is, whatever it looks like.
 */
export function readYamlScalar(text: string): string | null {
  if (text.startsWith("'")) return QUOTED.test(text) ? text.slice(1, -1) : null;
  if (DOUBLE_QUOTED.test(text)) {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : null;
  }
  const isPlain =
    PLAIN.test(text) &&
    !text.includes(': ') &&
    !text.includes(' #') &&
    !text.endsWith(':') &&
    !text.endsWith(' ');
  return isPlain ? text : null;
}

/** The same for what may also be a flow map or a flow list of scalars. */
export function readYamlInline(text: string): YamlValue {
  if (text === '{}') return new Map();
  if (text === '[]') return [];
  if (/^\{[^{}]*\}$/.test(text)) return readFlowMap(text.slice(1, -1));
  if (/^\[[^[\]]*\]$/.test(text)) return readFlowList(text.slice(1, -1));
  return readYamlScalar(text);
}

const FLOW_MEMBER = /^([A-Za-z0-9_]+|'[^']*'): (.*)$/s;

/** Members of one flow map: pnpm gives them a space after each comma. */
function readFlowMap(text: string): YamlMap | null {
  const members = new Map<string, YamlMember>();
  for (const part of splitFlow(text)) {
    const [, key = '', written = ''] = FLOW_MEMBER.exec(part) ?? [];
    const name = key === '' ? null : readYamlScalar(key);
    const value = readFlowScalar(written);
    if (name === null || value === null || members.has(name)) return null;
    members.set(name, { offset: -1, value });
  }
  return members;
}

function readFlowList(text: string): readonly string[] | null {
  const values: string[] = [];
  for (const part of splitFlow(text)) {
    const value = readFlowScalar(part);
    if (value === null) return null;
    values.push(value);
  }
  return values;
}

/** A plain scalar ends at more characters in here than elsewhere. */
function readFlowScalar(text: string): string | null {
  const isQuoted = text.startsWith("'") || text.startsWith('"');
  return isQuoted || !/[,[\]{}]|:$/.test(text) ? readYamlScalar(text) : null;
}

/** Parts between commas, those in quotes left out of account. */
function splitFlow(text: string): readonly string[] {
  if (!text.includes(',')) return [text];
  const parts = text.match(/(?:'[^']*'|"[^"]*"|[^,'"])+(?:, |$)/g) ?? [];
  if (parts.join('') !== text) return [''];
  return parts.map((part) => (part.endsWith(', ') ? part.slice(0, -2) : part));
}

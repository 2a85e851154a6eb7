import { escapeTerminal } from '../escape.js';

/**
 * Outside text for Markdown that a code host renders: every ASCII character but
 * letters, digits, blanks, commas and hyphens becomes a character reference,
 * which means itself and begins nothing: no link, image, element, table cell,
 * code or emphasis. `@name` and `#1`, which hosts look for after rendering, are
 * broken by a character without width. Source: CommonMark 0.31, section 2.5.
 */
export function escapeMarkdown(text: string, maxCodePoints?: number): string {
  return toReferences(escapeTerminal(text, maxCodePoints)).replace(
    /&#(?:64|35);/g,
    '$&&#8203;',
  );
}

/** The same as code, in which hosts look for nothing. */
export function markdownCode(text: string, maxCodePoints?: number): string {
  return `<code>${toReferences(escapeTerminal(text, maxCodePoints))}</code>`;
}

function toReferences(text: string): string {
  return text.replace(
    /[!-+./:-@[-`{-~]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}

/**
 * Outside text for XML, as text or in a quoted attribute. What XML 1.0 cannot
 * hold is made visible before: control characters, surrogates, U+FFFE. Source:
 * XML 1.0 section 2.2, whose characters these are. A log would obey `##[`.
 */
export function escapeXml(text: string, maxCodePoints?: number): string {
  return escapeTerminal(text, maxCodePoints)
    .replace(/[\ufffe\uffff]/g, '\u{fffd}')
    .replace(/[&<>"'#]/g, (character) => `&#${character.charCodeAt(0)};`);
}

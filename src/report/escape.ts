const ELLIPSIS = '…';

/**
 * What a terminal or a log would obey, hide or reorder instead of showing: C0,
 * C1 and DEL; line and paragraph separators; every format character (bidi
 * controls, zero width, tag characters); what Unicode calls default ignorable
 * (variation selectors and their supplement, fillers); lone surrogates; and
 * blanks that are not U+0020. Sources: Unicode Standard sections 23.1 to 23.9,
 * UAX #44, Trojan Source (CVE-2021-42574).
 */
const UNSAFE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u;

/**
 * Makes outside text fit to be printed as one field of one line: what could
 * steer or deceive becomes visible as `\u{1b}`, newlines too, and the result
 * has at most `maxCodePoints` code points, an ellipsis included.
 *
 * For people only: text that already spells `\u{1b}` comes out alike. Letters
 * of right-to-left scripts stay as they are.
 */
export function escapeTerminal(text: string, maxCodePoints = 256): string {
  // Nearly every text, and there are many in a long report.
  if (text.length <= maxCodePoints && isPrintable(text)) return text;
  let shown = '';
  let length = 0;
  // Where to cut, should the rest not fit: never inside an escape.
  let cut = '';
  for (const character of text) {
    const visible = escapeCharacter(character);
    length += visible === character ? 1 : visible.length;
    if (length > maxCodePoints) return `${cut}${ELLIPSIS}`;
    shown += visible;
    if (length < maxCodePoints) cut = shown;
  }
  return shown;
}

/**
 * Makes one line fit for the log of a GitHub workflow, which obeys commands in
 * what a step prints: no line starts with `::`, even after blanks, none holds
 * `##[` anywhere, and `\r` cannot start a new one. Colour codes become visible.
 * Source: the runner's parsing of both command forms, and of Azure's `##vso[`.
 */
export function escapeLogLine(line: string): string {
  return escapeTerminal(line, Infinity)
    .replace(/^( *)::/, '$1\\u{3a}:')
    .replace(/##(?=\[|vso\[)/gi, '#\\u{23}');
}

/** Whether a terminal would show `text` as it is: nothing in it needs escaping. */
export function isPrintable(text: string): boolean {
  return !UNSAFE.test(text);
}

function escapeCharacter(character: string): string {
  if (!UNSAFE.test(character)) return character;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

import stringWidth from 'string-width';

/** What a piece of text says, for the colour that repeats it. */
export type Tone = 'plain' | 'strong' | 'faint' | 'good' | 'bad' | 'warn';

/** Text that is already escaped, without a newline. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One line of output. */
export type Line = readonly Span[];

/** Where a paragraph stands: columns to its left, and the line's full width. */
export interface Place {
  readonly indent: number;
  readonly width: number;
}

/** The line between two blocks. */
export const BLANK: Line = [];

/** Prose wider than this is hard to read. */
const MAX_PROSE = 100;

/** The width of prose on a line of `width` columns. */
export function proseWidth(width: number): number {
  return Math.min(width, MAX_PROSE);
}

/** A piece of text in a tone. */
export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone };
}

/** The columns a line takes. */
export function lineWidth(line: Line): number {
  return stringWidth(line.map(({ text }) => text).join(''));
}

/** `text` followed by blanks up to `columns`. Longer text stays whole. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}

/** Lines of `text` at `place`, broken at blanks, and within words at need. */
export function paragraph(
  text: string,
  place: Place,
  tone: Tone = 'plain',
): Line[] {
  return flow(text.split(' '), place, tone);
}

/**
 * Lines of `words` at `place`. A word is kept together, even one with blanks,
 * unless it is wider than a line.
 */
export function flow(
  words: readonly string[],
  place: Place,
  tone: Tone = 'plain',
): Line[] {
  const room = Math.max(1, place.width - place.indent);
  return wrap(words, room).map((text) => [
    span(' '.repeat(place.indent)),
    span(text, tone),
  ]);
}

/**
 * A label, and lines of `text` in a column that starts `labelWidth` after it.
 * Words given one by one are kept together as in `flow`.
 */
export function labelled(
  label: Span,
  text: string | readonly string[],
  place: Place & { readonly labelWidth: number; readonly tone?: Tone },
): Line[] {
  const { indent, width, labelWidth, tone } = place;
  const words = typeof text === 'string' ? text.split(' ') : text;
  const column = { indent: indent + labelWidth, width };
  const [first = [], ...rest] = flow(words, column, tone);
  const padded = span(pad(label.text, labelWidth), label.tone);
  return [[span(' '.repeat(indent)), padded, ...first.slice(1)], ...rest];
}

/** Texts of at most `room` columns, made of `words` in their order. */
export function wrap(words: readonly string[], room: number): string[] {
  const lines: string[] = [];
  let line: string | null = null;
  for (const word of words) {
    const joined: string = line === null ? word : `${line} ${word}`;
    if (stringWidth(joined) <= room) {
      line = joined;
      continue;
    }
    if (line !== null) lines.push(line);
    const pieces = breakWord(word, room);
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  return line === null ? lines : [...lines, line];
}

function breakWord(word: string, room: number): string[] {
  const pieces: string[] = [];
  let [piece, last, position] = ['', '', 0];
  for (const character of word) {
    if (piece !== '' && stringWidth(piece + character) > room) {
      // At the start of a line `::` is a command to a CI log, and would become
      // longer when it is defused: its neighbour goes before it.
      const moved =
        word.startsWith('::', position) && piece !== last ? last : '';
      pieces.push(piece.slice(0, piece.length - moved.length));
      piece = moved;
    }
    piece += character;
    last = character;
    position += character.length;
  }
  return [...pieces, piece];
}

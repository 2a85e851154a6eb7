import { html, html as write, join, NOTHING, type Markup } from './markup.js';

/**
 * A table that scrolls by itself where it is too wide. The caption names it, and no
 * other may have the same; the first cell of a row names the row.
 */
export function plainTable(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Markup[])[],
): Markup {
  return html`<div
    class="scroll"
    role="region"
    aria-label="${caption}"
    tabindex="0"
  >
    <table class="plain">
      <caption class="vh">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${join(columns.map((title) => html`<th scope="col">${title}</th>`))}
        </tr>
      </thead>
      <tbody>
        ${join(
          rows.map(([head = NOTHING, ...cells]) => {
            const others = join(cells.map((cell) => write`<td>${cell}</td>`));
            return write`<tr><th scope="row">${head}</th>${others}</tr>\n`;
          }),
        )}
      </tbody>
    </table>
  </div>`;
}

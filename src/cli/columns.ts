/** Where the terminal does not say, as in CI. */
const USUAL_COLUMNS = 80;

/** Width of a stream in columns. Some terminals say 0 when they do not know. */
export function columnsOf({
  columns,
}: {
  readonly columns?: number | undefined;
}): number {
  return columns === undefined || columns < 1 ? USUAL_COLUMNS : columns;
}

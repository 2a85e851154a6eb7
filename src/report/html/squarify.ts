/** A rectangle, in units of the drawing. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Divides `box` among `weights`, each its share of the area, as near to squares
 * as rows along the shorter side allow. In the order of the weights, which are
 * best given from large to small; all are above 0.
 *
 * Source: Bruls, Huizing, van Wijk, "Squarified Treemaps", 2000.
 */
export function squarify(weights: readonly number[], box: Box): Box[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const scale = (box.width * box.height) / total;
  const boxes: Box[] = [];
  let rest = box;
  let row: number[] = [];
  let sum = 0;
  for (const weight of weights) {
    const area = weight * scale;
    const side = Math.min(rest.width, rest.height);
    const isBetter =
      row.length === 0 ||
      worst([...row.slice(0, 1), area], sum + area, side) <=
        worst([row[0] ?? area, row.at(-1) ?? area], sum, side);
    if (!isBetter) {
      rest = layRow(row, sum, rest, boxes);
      [row, sum] = [[], 0];
    }
    row.push(area);
    sum += area;
  }
  if (row.length > 0) layRow(row, sum, rest, boxes);
  return boxes;
}

/** The worst ratio of sides in a row, which its extremes have. */
function worst(areas: readonly number[], sum: number, side: number): number {
  return Math.max(
    ...areas.map((area) => {
      const ratio = (side * side * area) / (sum * sum);
      return Math.max(ratio, 1 / ratio);
    }),
  );
}

/** Puts a row along the shorter side; what is left of the box. */
function layRow(
  areas: readonly number[],
  sum: number,
  { x, y, width, height }: Box,
  boxes: Box[],
): Box {
  const isUpright = width >= height;
  const depth = sum / Math.max(isUpright ? height : width, Number.EPSILON);
  let offset = 0;
  for (const area of areas) {
    const length = area / Math.max(depth, Number.EPSILON);
    boxes.push(
      isUpright
        ? { x, y: y + offset, width: depth, height: length }
        : { x: x + offset, y, width: length, height: depth },
    );
    offset += length;
  }
  return isUpright
    ? { x: x + depth, y, width: Math.max(0, width - depth), height }
    : { x, y: y + depth, width, height: Math.max(0, height - depth) };
}

/** Numbers on a grid of pixels, row by row. */

export type Values = Uint8Array | Int32Array | Float32Array | Float64Array;

export interface Grid<T extends Values = Values> {
  height: number;
  width: number;
  data: T;
}

/** Truth values, 0 or 1. */
export type Mask = Grid<Uint8Array>;
export type Reals = Grid<Float32Array>;
/** Numbers of regions. */
export type Labels = Grid<Int32Array>;

/** An image of 1, 3 or 4 bytes a pixel: grey, RGB or RGBA, not premultiplied. */
export interface Picture {
  width: number;
  height: number;
  channels: number;
  data: Uint8Array;
}

/** A part of an image, in its pixels; right and bottom lie outside. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export function maskOf(grid: { height: number; width: number }, at: (i: number) => boolean): Mask {
  const data = new Uint8Array(grid.height * grid.width);
  for (let i = 0; i < data.length; i++) data[i] = at(i) ? 1 : 0;
  return { height: grid.height, width: grid.width, data };
}

export function realsOf(grid: { height: number; width: number }, at: (i: number) => number): Reals {
  const data = new Float32Array(grid.height * grid.width);
  for (let i = 0; i < data.length; i++) data[i] = at(i);
  return { height: grid.height, width: grid.width, data };
}

export function picture(width: number, height: number, channels: number, fill = 255): Picture {
  return { width, height, channels, data: new Uint8Array(width * height * channels).fill(fill) };
}

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

export function largest(values: ArrayLike<number>, start = -Infinity): number {
  let most = start;
  for (let i = 0; i < values.length; i++) if (values[i]! > most) most = values[i]!;
  return most;
}

/** How many pixels bear each number, from 0 to `most`; each counts as `weights` say, or once. */
export function countLabels(labels: Int32Array, most: number, weights?: ArrayLike<number>): Float64Array {
  const counts = new Float64Array(most + 1);
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]! += weights ? weights[i]! : 1;
  return counts;
}

/** The value below which this share of all lies, between two of them in a straight line. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = new Float64Array(values).sort();
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + (at - below) * (high - low);
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** A rectangle of a grid. */
export function crop<T extends Values>(grid: Grid<T>, box: Box): Grid<T> {
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const data = new (grid.data.constructor as new (n: number) => T)(width * height);
  for (let y = 0; y < height; y++) {
    const from = (box.top + y) * grid.width + box.left;
    data.set(grid.data.subarray(from, from + width), y * width);
  }
  return { height, width, data };
}

/** A grid with a rim of one value around it. */
export function pad<T extends Values>(grid: Grid<T>, rim: number, value: number | "edge"): Grid<T> {
  const [width, height] = [grid.width + 2 * rim, grid.height + 2 * rim];
  const data = new (grid.data.constructor as new (n: number) => T)(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [row, column] = [y - rim, x - rim];
      const inside = row >= 0 && column >= 0 && row < grid.height && column < grid.width;
      const near =
        clamp(row, 0, grid.height - 1) * grid.width + clamp(column, 0, grid.width - 1);
      data[y * width + x] = inside || value === "edge" ? grid.data[near]! : value;
    }
  }
  return { height, width, data };
}

/** `pad`, undone. */
export function unpad<T extends Values>(grid: Grid<T>, rim: number): Grid<T> {
  return crop(grid, { left: rim, top: rim, right: grid.width - rim, bottom: grid.height - rim });
}

export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

/**
 * One value for each square block, as many as fit into `side` along the longer side, and how wide a
 * block is. What lies beyond the edge is as the edge is.
 */
export function reduceBlocks(
  grid: Grid,
  side: number,
  how: "max" | "min" | "mean",
): { small: Reals; step: number } {
  const step = Math.ceil(Math.max(grid.height, grid.width) / side);
  const height = Math.ceil(grid.height / step);
  const width = Math.ceil(grid.width / step);
  const data = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let found = how === "max" ? -Infinity : how === "min" ? Infinity : 0;
      for (let dy = 0; dy < step; dy++) {
        const row = Math.min(y * step + dy, grid.height - 1) * grid.width;
        for (let dx = 0; dx < step; dx++) {
          const value = grid.data[row + Math.min(x * step + dx, grid.width - 1)]!;
          if (how === "mean") found += value;
          else if (how === "max" ? value > found : value < found) found = value;
        }
      }
      data[y * width + x] = how === "mean" ? found / step ** 2 : found;
    }
  }
  return { small: { height, width, data }, step };
}

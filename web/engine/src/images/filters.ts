/** Filters over windows (Serra 1982), as scipy.ndimage has them; beyond an edge the image is mirrored. */

import type { Grid, Mask, Reals, Values } from "./grid";

type Edge = "reflect" | "zero" | "nearest";

/** The pixel that stands for one beyond the edge; -1 for a zero. */
function inside(at: number, size: number, edge: Edge): number {
  if (at >= 0 && at < size) return at;
  if (edge === "zero") return -1;
  if (edge === "nearest") return at < 0 ? 0 : size - 1;
  const turn = ((at % (2 * size)) + 2 * size) % (2 * size);
  return turn < size ? turn : 2 * size - 1 - turn;
}

/** Of a square window; `sign` 1 finds the largest value, -1 the smallest. */
function extreme<T extends Values>(grid: Grid<T>, side: number, sign: 1 | -1, edge: Edge): Grid<T> {
  const rows = along(grid, side, sign, edge, grid.height, grid.width, 1);
  return along(rows, side, sign, edge, grid.width, 1, grid.width);
}

/** One axis, by van Herk's and Gil's and Werman's method: blocks, from both their ends. */
function along<T extends Values>(
  grid: Grid<T>,
  side: number,
  sign: 1 | -1,
  edge: Edge,
  size: number,
  step: number,
  apart: number,
): Grid<T> {
  const half = Math.floor((sign === 1 ? side - 1 : side) / 2); // of an even side, as in grey_closing
  const blocks = Math.ceil((size + side - 1) / side) * side;
  const line = new Float64Array(blocks);
  const forward = new Float64Array(blocks);
  const backward = new Float64Array(blocks);
  const from = Int32Array.from({ length: size + side - 1 }, (_, i) => inside(i - half, size, edge));
  const data = new (grid.data.constructor as new (n: number) => T)(grid.data.length);
  for (let start = 0, n = grid.data.length / size; n > 0; n--, start += apart) {
    for (let i = 0; i < blocks; i++) {
      const at = i < from.length ? from[i]! : from[from.length - 1]!;
      line[i] = at < 0 ? 0 : sign * grid.data[start + at * step]!;
    }
    for (let i = 0; i < blocks; i++) {
      forward[i] = i % side === 0 ? line[i]! : Math.max(forward[i - 1]!, line[i]!);
    }
    for (let i = blocks - 1; i >= 0; i--) {
      backward[i] = i % side === side - 1 ? line[i]! : Math.max(backward[i + 1]!, line[i]!);
    }
    for (let i = 0; i < size; i++) {
      data[start + i * step] = sign * Math.max(backward[i]!, forward[i + side - 1]!);
    }
  }
  return { ...grid, data };
}

export function maximum<T extends Values>(grid: Grid<T>, side: number, edge: Edge = "reflect"): Grid<T> {
  return extreme(grid, side, 1, edge);
}

export function minimum<T extends Values>(grid: Grid<T>, side: number, edge: Edge = "reflect"): Grid<T> {
  return extreme(grid, side, -1, edge);
}

/** What is wider than the window stays. */
export function opening<T extends Values>(grid: Grid<T>, side: number): Grid<T> {
  return maximum(minimum(grid, side), side);
}

export function closing<T extends Values>(grid: Grid<T>, side: number): Grid<T> {
  return minimum(maximum(grid, side), side);
}

/** The largest value within a disk. */
export function dilateBall(grid: Reals, radius: number): Reals {
  if (radius === 0) return grid;
  const { width, height } = grid;
  const widths: number[] = [];
  for (let y = 0; y <= radius; y++) {
    widths.push(Math.floor(Math.sqrt(radius * radius + 0.5 - y * y)));
  }
  const data = new Float32Array(grid.data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let most = -Infinity;
      for (let dy = -radius; dy <= radius; dy++) {
        const row = inside(y + dy, height, "reflect") * width;
        const half = widths[Math.abs(dy)]!;
        for (let dx = -half; dx <= half; dx++) {
          const value = grid.data[row + inside(x + dx, width, "reflect")]!;
          if (value > most) most = value;
        }
      }
      data[y * width + x] = most;
    }
  }
  return { ...grid, data };
}

/** The four neighbors of a pixel, or all eight. */
export type Neighbors = "cross" | "square";

/** Grow by so many pixels; `border` stands for what is beyond the edge, 0 or 1. */
export function dilate(mask: Mask, neighbors: Neighbors, times = 1, border: 0 | 1 = 0): Mask {
  let now = mask;
  for (let i = 0; i < times; i++) now = step(now, neighbors, border, 1);
  return now;
}

export function erode(mask: Mask, neighbors: Neighbors, times = 1, border: 0 | 1 = 0): Mask {
  let now = mask;
  for (let i = 0; i < times; i++) now = step(now, neighbors, border, 0);
  return now;
}

/** Pixels beside which `found` is become `found`. */
function step(mask: Mask, neighbors: Neighbors, border: 0 | 1, found: 0 | 1): Mask {
  const { width, height, data } = mask;
  const grown = data.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (data[at] === found) continue;
      search: for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if (neighbors === "cross" && dy !== 0 && dx !== 0) continue;
          const [row, column] = [y + dy, x + dx];
          const off = row < 0 || column < 0 || row >= height || column >= width;
          if ((off ? border : data[row * width + column]!) === found) {
            grown[at] = found;
            break search;
          }
        }
      }
    }
  }
  return { ...mask, data: grown };
}

/** Normal weights of this standard deviation, up to four of them away. */
export function gaussian<T extends Float32Array | Float64Array>(
  grid: Grid<T>,
  deviation: number,
  edge: "reflect" | "nearest" = "reflect",
): Grid<T> {
  const radius = Math.trunc(4 * deviation + 0.5);
  const weights = Array.from({ length: radius + 1 }, (_, i) => Math.exp((-0.5 / deviation ** 2) * i * i));
  const total = 2 * weights.reduce((a, b) => a + b) - weights[0]!;
  const { width, height } = grid;
  let now = grid.data;
  for (const [size, step, apart] of [[height, width, 1], [width, 1, width]] as const) {
    const next = new (now.constructor as new (n: number) => T)(now.length);
    const from = Int32Array.from({ length: size + 2 * radius }, (_, i) => inside(i - radius, size, edge));
    for (let start = 0, n = now.length / size; n > 0; n--, start += apart) {
      for (let i = 0; i < size; i++) {
        let found = (weights[0]! / total) * now[start + i * step]!;
        for (let k = 1; k <= radius; k++) {
          const pair = now[start + from[i + radius - k]! * step]! + now[start + from[i + radius + k]! * step]!;
          found += (weights[k]! / total) * pair;
        }
        next[start + i * step] = found;
      }
    }
    now = next;
  }
  return { ...grid, data: now };
}

/** Euclidean distances and nearest pixels (Maurer, Qi and Raghavan 2003). */

import type { Grid, Mask } from "./grid";

/**
 * The nearest pixel where the mask is 0, as an index, for each pixel; -1 where there is none at all.
 * Of two that are as near, it is the one that scipy.ndimage gives.
 */
export function nearestOff(mask: Mask): Grid<Int32Array> {
  const { width, height } = mask;
  const rows = nearestInColumns(mask);
  const data = new Int32Array(width * height).fill(-1);
  const sites = new Int32Array(width);
  for (let y = 0; y < height; y++) {
    const off = (x: number) => (rows[y * width + x]! - y) ** 2; // down to the site of a column
    let last = -1;
    for (let x = 0; x < width; x++) {
      if (rows[y * width + x]! < 0) continue;
      while (last >= 1) {
        const [left, middle] = [sites[last - 1]!, sites[last]!];
        const [a, b, c] = [middle - left, x - middle, x - left];
        // whether the middle site is nearest nowhere
        if (c * off(middle) - b * off(left) - a * off(x) - a * b * c <= 0) break;
        last--;
      }
      sites[++last] = x;
    }
    if (last < 0) continue;
    for (let x = 0, now = 0; x < width; x++) {
      let apart = (sites[now]! - x) ** 2 + off(sites[now]!);
      while (now < last) {
        const next = (sites[now + 1]! - x) ** 2 + off(sites[now + 1]!);
        if (apart <= next) break;
        apart = next;
        now++;
      }
      data[y * width + x] = rows[y * width + sites[now]!]! * width + sites[now]!;
    }
  }
  return { width, height, data };
}

/** The row of the nearest pixel that is 0 in the same column, the upper of two; -1 for none. */
function nearestInColumns({ width, height, data }: Mask): Int32Array {
  const rows = new Int32Array(width * height).fill(-1);
  for (let x = 0; x < width; x++) {
    let above = -1;
    for (let y = 0; y < height; y++) {
      if (!data[y * width + x]) above = y;
      rows[y * width + x] = above;
    }
    let below = -1;
    for (let y = height - 1; y >= 0; y--) {
      if (!data[y * width + x]) below = y;
      const up = rows[y * width + x]!;
      if (below >= 0 && (up < 0 || below - y < y - up)) rows[y * width + x] = below;
    }
  }
  return rows;
}

/** The distance to the nearest pixel where the mask is 0; to one above the first if there is none. */
export function distanceOff(mask: Mask): Grid<Float64Array> {
  const { width, height } = mask;
  const nearest = nearestOff(mask).data;
  const data = new Float64Array(nearest.length);
  for (let i = 0; i < data.length; i++) {
    const at = nearest[i]!;
    const [x, y] = [i % width, Math.floor(i / width)];
    data[i] = at < 0 ? Math.hypot(x, y + 1) : Math.sqrt((x - (at % width)) ** 2 + (y - Math.floor(at / width)) ** 2);
  }
  return { width, height, data };
}

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
  const off = new Float64Array(width); // down to the site of a column, squared
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let last = -1;
    for (let x = 0; x < width; x++) {
      const site = rows[row + x]!;
      if (site < 0) continue;
      off[x] = (site - y) * (site - y);
      while (last >= 1) {
        const left = sites[last - 1]!;
        const middle = sites[last]!;
        const a = middle - left;
        const b = x - middle;
        const c = x - left;
        // whether the middle site is nearest nowhere
        if (c * off[middle]! - b * off[left]! - a * off[x]! - a * b * c <= 0) break;
        last--;
      }
      sites[++last] = x;
    }
    if (last < 0) continue;
    for (let x = 0, now = 0; x < width; x++) {
      let site = sites[now]!;
      let apart = (site - x) * (site - x) + off[site]!;
      while (now < last) {
        const other = sites[now + 1]!;
        const next = (other - x) * (other - x) + off[other]!;
        if (apart <= next) break;
        apart = next;
        site = other;
        now++;
      }
      data[row + x] = rows[row + site]! * width + site;
    }
  }
  return { width, height, data };
}

/** The row of the nearest pixel that is 0 in the same column, the upper of two; -1 for none. */
function nearestInColumns({ width, height, data }: Mask): Int32Array {
  const rows = new Int32Array(width * height);
  for (let i = 0; i < rows.length; i++) {
    rows[i] = !data[i] ? Math.floor(i / width) : i < width ? -1 : rows[i - width]!;
  }
  const below = new Int32Array(width).fill(-1);
  for (let y = height - 1; y >= 0; y--) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (!data[at]) below[x] = y;
      const under = below[x]!;
      const up = rows[at]!;
      if (under >= 0 && (up < 0 || under - y < y - up)) rows[at] = under;
    }
  }
  return rows;
}

/** The distance to the nearest pixel where the mask is 0; to one above the first if there is none. */
export function distanceOff(mask: Mask): Grid<Float64Array> {
  const { width, height } = mask;
  const nearest = nearestOff(mask).data;
  const data = new Float64Array(nearest.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const at = nearest[i]!;
      const row = at < 0 ? -1 : Math.floor(at / width);
      const dx = at < 0 ? x : x - (at - row * width);
      data[i] = Math.sqrt(dx * dx + (y - row) * (y - row));
    }
  }
  return { width, height, data };
}

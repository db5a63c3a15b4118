/** Connected parts of masks and what can be counted of them. */

import type { Box, Labels, Mask } from "./grid";
import type { Neighbors } from "./filters";

/** Number the parts of a mask from 1 on, by their first pixels; 0 elsewhere. */
export function label(mask: Mask, neighbors: Neighbors = "cross"): Labels & { count: number } {
  const { width, height, data } = mask;
  const labels = new Int32Array(data.length);
  const stack = new Int32Array(data.length);
  let count = 0;
  for (let first = 0; first < data.length; first++) {
    if (!data[first] || labels[first]) continue;
    count++;
    labels[first] = count;
    let depth = 0;
    stack[depth++] = first;
    while (depth) {
      const at = stack[--depth]!;
      const x = at % width;
      const y = (at - x) / width;
      for (let dy = -1; dy <= 1; dy++) {
        const row = y + dy;
        if (row < 0 || row >= height) continue;
        for (let dx = -1; dx <= 1; dx++) {
          const column = x + dx;
          if (column < 0 || column >= width || (neighbors === "cross" && dx !== 0 && dy !== 0)) continue;
          const next = row * width + column;
          if (!data[next] || labels[next]) continue;
          labels[next] = count;
          stack[depth++] = next;
        }
      }
    }
  }
  return { width, height, data: labels, count };
}

/** The box around each numbered part, that of 1 first; null where a number does not occur. */
export function findBoxes(labels: Labels, count: number): (Box | null)[] {
  const boxes: (Box | null)[] = new Array<Box | null>(count).fill(null);
  for (let y = 0; y < labels.height; y++) {
    for (let x = 0; x < labels.width; x++) {
      const number = labels.data[y * labels.width + x]!;
      if (!number) continue;
      const box = (boxes[number - 1] ??= { left: x, top: y, right: x + 1, bottom: y + 1 });
      if (x < box.left) box.left = x;
      if (x >= box.right) box.right = x + 1;
      box.bottom = y + 1;
    }
  }
  return boxes;
}

/** The largest value in each part, from 0 to `count`. */
export function largestIn(values: ArrayLike<number>, labels: Int32Array, count: number): Float64Array {
  const most = new Float64Array(count + 1).fill(-Infinity);
  for (let i = 0; i < labels.length; i++) {
    if (values[i]! > most[labels[i]!]!) most[labels[i]!] = values[i]!;
  }
  return most;
}

/** A mask without its holes. */
export function fillHoles(mask: Mask): Mask {
  const data = mask.data.map((value) => 1 - value);
  const outside = touchingBorder({ ...mask, data });
  return { ...mask, data: outside.data.map((value) => 1 - value) };
}

/** The parts of a mask that reach the border. */
export function touchingBorder(mask: Mask): Mask {
  const parts = label(mask);
  const kept = new Uint8Array(parts.count + 1);
  for (const at of border(mask)) kept[parts.data[at]!] = 1;
  kept[0] = 0;
  return { ...mask, data: Uint8Array.from(parts.data, (part) => kept[part]!) };
}

/** The pixels at the border: all four sides. */
export function border({ width, height }: { width: number; height: number }): number[] {
  const found: number[] = [];
  for (let x = 0; x < width; x++) found.push(x, (height - 1) * width + x);
  for (let y = 0; y < height; y++) found.push(y * width, y * width + width - 1);
  return found;
}

/** `from`, grown within `within` as far as it goes, by the four neighbors. */
export function propagate(from: Mask, within: Mask): Mask {
  const joined = { ...from, data: within.data.map((value, i) => value | from.data[i]!) };
  const parts = label(joined);
  const kept = new Uint8Array(parts.count + 1);
  from.data.forEach((value, i) => {
    if (value) kept[parts.data[i]!] = 1;
  });
  kept[0] = 0;
  return { ...from, data: Uint8Array.from(parts.data, (part) => kept[part]!) };
}

/** The watershed by image foresting (Lotufo and Falcao 2000), pixel for pixel as scipy.ndimage has it. */

import type { Grid, Labels } from "./grid";

const NONE = -1;

/**
 * Grow numbered seeds over all pixels along paths whose largest step in `cost` is least. Of equal
 * paths the one that was found last goes on first; pixels at the ends of rows are neighbors, which
 * changes little and is kept for the same answer.
 */
export function watershed(cost: Grid<Uint8Array>, seeds: Labels): Labels {
  const { width, data } = cost;
  const size = data.length;
  const most = data.reduce((a, b) => Math.max(a, b), 0);
  const labels = seeds.data.slice();
  const reached = new Int32Array(size).fill(most + 1);
  const next = new Int32Array(size).fill(NONE);
  const before = new Int32Array(size).fill(NONE);
  const done = new Uint8Array(size);
  const first = new Int32Array(most + 2).fill(NONE);

  const push = (level: number, at: number) => {
    const old = first[level]!;
    next[at] = old;
    before[at] = NONE;
    if (old !== NONE) before[old] = at;
    first[level] = at;
  };
  for (let at = 0; at < size; at++) {
    if (!labels[at]) continue;
    reached[at] = 0;
    push(0, at);
  }
  const around = [-width, -1, 1, width];
  for (let level = 0; level <= most; level++) {
    while (first[level] !== NONE) {
      const at = first[level]!;
      first[level] = next[at]!;
      if (first[level] !== NONE) before[first[level]!] = NONE;
      before[at] = next[at] = NONE;
      done[at] = 1;
      for (const step of around) {
        const other = at + step;
        if (other < 0 || other >= size || done[other]) continue;
        const old = reached[other]!;
        const now = Math.max(reached[at]!, Math.abs(data[other]! - data[at]!));
        if (now >= old) continue;
        reached[other] = now;
        labels[other] = labels[at]!;
        // one that is alone in its queue stays there, too, and is done a second time to no effect
        const [up, down] = [before[other]!, next[other]!];
        if (up !== NONE || down !== NONE) {
          if (first[old] === other) first[old] = down;
          if (up !== NONE) next[up] = down;
          if (down !== NONE) before[down] = up;
        }
        push(now, other);
      }
    }
  }
  return { ...seeds, data: labels };
}

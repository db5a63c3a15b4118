/** Moves fills to exact colors: pokecolor/coloring/exact_color.py. */

import { clamp, type Picture } from "../images/grid";
import { rint } from "../rounding";
import { apart, labOf, rgbOf, type Lab, type Rgb } from "./colors";

const NEAR = 30;

/** A color word of the model's prompt, and what was meant; null where the word means it. */
export interface RequestedColor {
  typical: Rgb;
  exact: Rgb | null;
}

/** Shift fills of an RGBA picture that took a word with an exact color so that their median is it. */
export function moveToExact(colors: Picture, wanted: RequestedColor[]): Picture {
  if (!wanted.some((each) => each.exact)) return colors;
  const counts = new Map<number, number>();
  const keyOf = (i: number) => (colors.data[i]! << 16) | (colors.data[i + 1]! << 8) | colors.data[i + 2]!;
  for (let i = 0; i < colors.data.length; i += 4) counts.set(keyOf(i), (counts.get(keyOf(i)) ?? 0) + 1);
  const typical = wanted.map((each) => labOf(each.typical));
  const unique = [...counts].sort((a, b) => a[0] - b[0]).map(([key, count]) => {
    const lab = labOf([key >> 16, (key >> 8) & 255, key & 255]);
    const away = typical.map((each) => apart(lab, each));
    const least = Math.min(...away);
    return { key, count, lab, taken: least <= NEAR ? away.indexOf(least) : -1 };
  });
  const moved = new Map<number, number[]>();
  wanted.forEach(({ exact }, number) => {
    const own = unique.filter((each) => each.taken === number);
    if (!exact || !own.length) return;
    const middle = [0, 1, 2].map((c) => middleOf(own.map((each) => [each.lab[c]!, each.count])));
    const target = labOf(exact);
    for (const { key, lab } of own) {
      const found = rgbOf(lab.map((value, c) => value + target[c]! - middle[c]!) as Lab);
      moved.set(key, found.map((part) => clamp(rint(part), 0, 255)));
    }
  });
  const data = colors.data.slice();
  for (let i = 0; i < data.length; i += 4) {
    const found = moved.get(keyOf(i));
    if (found) data.set(found, i);
  }
  return { ...colors, data };
}

/** The median of values that occur so often. */
function middleOf(values: [number, number][]): number {
  const sorted = [...values].sort((a, b) => a[0] - b[0]);
  const half = sorted.reduce((total, [, count]) => total + count, 0) / 2;
  let total = 0;
  return sorted.find(([, count]) => (total += count) >= half)![0];
}

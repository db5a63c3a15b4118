/** Transfers the model's colors to the sketch, along its lines: pokecolor/coloring/compositing.py. */

import { nearestOff } from "../images/distance";
import { clamp, largest, maskOf, picture, type Box, type Grid, type Labels, type Mask, type Picture, type Reals } from "../images/grid";
import { findBoxes } from "../images/labels";
import { rint } from "../rounding";
import { Cells } from "./cells";
import { findGround } from "./ground";
import { keepLinesVisible } from "./readable";
import { findColors, type RegionColors } from "./region_colors";
import { LINE, divide, findRegions } from "./regions";
import { spread } from "./spreading";

export const LOOKS = ["clean", "flat", "soft"] as const;
export type Look = (typeof LOOKS)[number];
const MOST_COLORS: Record<Look, number> = { clean: 3, flat: 1, soft: 1 };
/** Gaps in an outline up to this share of the longer side are closed. */
export const GAP = 1 / 50;
const SMALL = 4;

/** The colors below the lines, RGBA, of the ink's size; transparent where nothing is drawn. */
export function colorLayer(painted: Picture, ink: Reals, look: Look = "clean"): Picture {
  const cells = Cells.over(painted, ink);
  const open = maskOf(ink, (i) => ink.data[i]! < LINE);
  const { regions, ground } = divideDrawing(cells);
  const found = findColors(cells, regions, open, MOST_COLORS[look]);
  const colors = picture(ink.width, ink.height, 4);
  regions.data.forEach((region, i) => found[region - 1]!.colors[0]!.forEach((part, c) => {
    colors.data[4 * i + c] = rint(part);
  })); // prettier-ignore
  findBoxes(regions, largest(regions.data)).forEach((window, index) => {
    const of = found[index]!;
    const shaded = look === "soft" && of.area >= SMALL && !of.doubtful;
    if (!window || (!shaded && !of.shares)) return;
    const values = shaded ? shadesOf(cells, of, window) : partsOf(cells, of, window);
    const columns = window.right - window.left;
    for (let i = 0; i < values.length / 3; i++) {
      const at = (window.top + Math.floor(i / columns)) * ink.width + window.left + (i % columns);
      if (regions.data[at] === index + 1) colors.data.set(values.subarray(3 * i, 3 * i + 3), 4 * at);
    }
  });
  ground.data.forEach((is, i) => {
    if (is) colors.data.set([255, 255, 255, 0], 4 * i);
  });
  if (open.data.includes(1)) {
    const nearest = nearestOff(maskOf(open, (i) => !open.data[i])).data;
    const before = colors.data.slice();
    nearest.forEach((at, i) => {
      if (at !== i) colors.data.set(before.subarray(4 * at, 4 * at + 4), 4 * i);
    });
  }
  keepLinesVisible(colors);
  return colors;
}

/** The regions that get their colors one by one, lines included; and where nothing is drawn. */
export function divideDrawing(cells: Cells): { regions: Labels; ground: Mask } {
  const ground = findGround(cells);
  const { regions } = findRegions(cells.ink, GAP);
  return { regions: ground.data.includes(1) ? divide(regions, cells.ink, ground) : regions, ground };
}

function weightsOf(cells: Cells, of: RegionColors): Grid<Float64Array> {
  const data = new Float64Array(cells.width * cells.height);
  of.at.forEach((cell, i) => (data[cell] = of.weights[i]!));
  return { width: cells.width, height: cells.height, data };
}

/** All that was painted in a region, smoothed: RGB of the window. */
function shadesOf(cells: Cells, of: RegionColors, window: Box): Uint8Array {
  const weights = weightsOf(cells, of);
  const values = [0, 1, 2].map((c) => ({
    ...weights,
    data: weights.data.map((_, i) => cells.colors.data[3 * i + c]!),
  }));
  const found = spread(values, weights, window, cells.ink);
  return Uint8Array.from({ length: 3 * found[0]!.data.length }, (_, i) =>
    clamp(rint(found[i % 3]!.data[Math.floor(i / 3)]!), 0, 255),
  );
}

/** A region's few colors, with smooth edges between them: RGB of the window. */
function partsOf(cells: Cells, of: RegionColors, window: Box): Uint8Array {
  const count = of.colors.length;
  const weights = weightsOf(cells, of);
  const values = of.colors.map((_, number) => {
    const data = new Float64Array(weights.data.length);
    of.at.forEach((cell, i) => (data[cell] = of.shares![i * count + number]!));
    return { ...weights, data };
  });
  const found = spread(values, weights, window, cells.ink);
  const covers = found.map((own, number) => {
    const ahead = own.data.map((value, i) => {
      let other = -Infinity;
      found.forEach((each, k) => {
        if (k !== number && each.data[i]! > other) other = each.data[i]!;
      });
      return value - other;
    });
    // one pixel wide, however slowly the painting goes from one to the other
    const steep = steepness({ ...own, data: ahead });
    return ahead.map((value, i) => clamp(value / Math.max(steep[i]!, 1e-6) + 0.5, 0, 1));
  });
  return Uint8Array.from({ length: 3 * covers[0]!.length }, (_, i) => {
    const at = Math.floor(i / 3);
    let [mixed, total] = [0, 0];
    covers.forEach((cover, number) => {
      mixed += cover[at]! * of.colors[number]![i % 3]!;
      total += cover[at]!;
    });
    return rint(mixed / Math.max(total, 1e-6));
  });
}

/** The length of the gradient, by central differences, one-sided at the edges. */
function steepness({ width, height, data }: Reals): Float32Array {
  const slope = (at: number, place: number, size: number, step: number) => {
    if (size < 2) return 0;
    if (place === 0) return data[at + step]! - data[at]!;
    if (place === size - 1) return data[at]! - data[at - step]!;
    return (data[at + step]! - data[at - step]!) / 2;
  };
  return data.map((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return Math.hypot(slope(i, x, width, 1), slope(i, y, height, width));
  });
}

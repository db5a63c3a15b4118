/** Converts scans and photographs of paper to line art, as pokecolor/coloring/paper.py does. */

import { byte, channel, toGrey } from "../images/conversion";
import { nearestOff } from "../images/distance";
import { closing, dilate, erode, gaussian, maximum, minimum, opening } from "../images/filters";
import {
  clamp, largest, maskOf, median, picture, quantile, realsOf, reduceBlocks, sum,
  type Mask, type Picture, type Reals,
} from "../images/grid"; // prettier-ignore
import { fillHoles, findBoxes, label, propagate, touchingBorder } from "../images/labels";
import { resizeNearest, resizeReals, shrink } from "../images/resample";
import { rint } from "../rounding";

export const CLEAN_WHITE = 250 / 255;
const GRID = 256;
const GROUND_SHARE = 1 / 24;
const [AREA_SHARE, AREA_DARKNESS, BLACK] = [1 / 6, 0.6, 0.35];
const PAPER_NOISE = 0.06;
const CONTRAST = 0.15;
const ALL_THIN = 0.9;
const FULL_INK = 0.98;
const [FAINT, FIRM] = [0.12, 0.45];
const [SHEET_AREA, SMALL_SHEET_AREA, SHEET_SHAPE] = [0.3, 0.08, 0.88];
const TABLE = 0.75;
const OUTLINED = 0.6;
const PEN_GRID = 1024;
const PEN = [0.3, 0.5] as const;

/** The side of a window as wide as this share of a grid's longer side. */
function sideOf(grid: { height: number; width: number }, share: number, least: number): number {
  return Math.max(least, rint(Math.max(grid.height, grid.width) * share));
}

/** The same, odd. */
export function windowOf(grid: { height: number; width: number }, share: number, least: number): number {
  return sideOf(grid, share, least) | 1;
}

/** Whether light strokes lie on a dark ground: chalk on a blackboard, white on black. */
export function isLightOnDark(light: Reals): boolean {
  if (median(light.data) > 0.4) return false;
  const { small } = reduceBlocks(light, 4 * GRID, "mean");
  const reach = windowOf(small, GROUND_SHARE, 3);
  const opened = opening(small, reach).data;
  const bright = small.data.map((value, i) => value - opened[i]!);
  if (largest(bright) > CONTRAST && sum(bright) > ALL_THIN * sum(small.data)) return true;
  const closed = closing(small, reach).data;
  const dark = small.data.map((value, i) => closed[i]! - value);
  const strong = (values: Float32Array) => sum(values.filter((value) => value > CONTRAST));
  return strong(bright) > 2 * strong(dark);
}

/** The light of the ground, without strokes, on a small grid. */
function groundOf(light: Reals): Reals {
  const { small } = reduceBlocks(light, GRID, "max");
  return gaussian(minimum(closing(small, sideOf(small, GROUND_SHARE, 3)), 3), 1, "nearest");
}

const share = (mask: Mask) => sum(mask.data) / mask.data.length;
const where = (values: Float32Array, mask: Mask) => values.filter((_, i) => mask.data[i]);
const not = (mask: Mask) => maskOf(mask, (i) => !mask.data[i]);

/** The sheet of paper, if there is more in the picture: a white margin or a darker table. */
export function findSheet(light: Reals): Mask | null {
  const ground = groundOf(light);
  const margin = touchingBorder(maskOf(ground, (i) => ground.data[i]! >= CLEAN_WHITE));
  if (share(margin) > 0.02) {
    const sheet = largestPart(not(margin));
    const darkest = reduceBlocks(light, GRID, "min").small;
    const near = dilate(sheet, "cross", 3);
    const beside = darkest.data.some((value, i) => value < 1 - CONTRAST && !near.data[i]);
    if (!isSheet(sheet, beside ? SHEET_AREA : SMALL_SHEET_AREA)) return null;
    const middle = median(where(ground.data, sheet));
    if (!(middle > 0.3 && middle < CLEAN_WHITE)) return null;
    const edge = where(minimum(darkest, 7).data, edgeOf(sheet));
    const outlined = edge.filter((value) => value < TABLE * middle).length / edge.length;
    return outlined > OUTLINED ? null : inset(sheet);
  }
  const between = Math.sqrt(quantile(ground.data, 0.02) * quantile(ground.data, 0.9));
  const sheet = largestPart(maskOf(ground, (i) => ground.data[i]! > between));
  if (!isSheet(sheet, SHEET_AREA) || share(sheet) > 0.98) return null;
  if (median(where(ground.data, sheet)) >= CLEAN_WHITE) return null;
  const inside = maximum(realsOf(ground, (i) => (sheet.data[i] ? ground.data[i]! : 0)), 9).data;
  const outside = minimum(realsOf(ground, (i) => (sheet.data[i] ? 1 : ground.data[i]!)), 9).data;
  const edge = edgeOf(sheet);
  const sharp = maskOf(edge, (i) => edge.data[i] === 1 && outside[i]! < TABLE * inside[i]!);
  if (!(sum(sharp.data) / sum(edge.data) > 0.8)) return null;
  const table = narrowTable(light, sheet, between);
  return inset(maskOf(sheet, (i) => !!sheet.data[i] && !table.data[i]));
}

/** Line art on white, RGB, of what is drawn on paper; see `findSheet` for `sheet`. */
export function drawFromPaper(sketch: Picture, sheet: Mask | null = null): Picture {
  const { height, width } = sketch;
  const { color, pen } = pensOf(sketch, sheet);
  const grey = toGrey(sketch);
  const onPaper = onPaperOf(realsOf(grey, (i) => grey.data[i]! / 255), sheet);
  const darkness = onPaper.data.map((value) => 1 - value);
  if (pen) {
    const least = onPaper.data.slice();
    for (let c = 0; c < 3; c++) {
      const light = onPaperOf(channel(sketch, c), sheet).data;
      for (let i = 0; i < least.length; i++) least[i] = Math.min(least[i]!, light[i]!);
    }
    const large = resizeReals(pen, height, width).data;
    for (let i = 0; i < least.length; i++) darkness[i]! += large[i]! * (1 - least[i]! - darkness[i]!);
  }
  const marks = darkness.filter((value) => value > PAPER_NOISE);
  const full = marks.length ? Math.max(quantile(marks, FULL_INK), 2 * PAPER_NOISE) : 1;
  const ink = withoutFaint(
    realsOf(sketch, (i) => clamp((darkness[i]! - PAPER_NOISE) / (full - PAPER_NOISE), 0, 1)),
  );
  if (sheet) {
    const on = resizeNearest(sheet, height, width).data;
    for (let i = 0; i < on.length; i++) if (!on[i]) ink.data[i] = 0;
  }
  const drawn = picture(width, height, 3);
  const tints = color?.map((each) => resizeReals(each, height, width).data);
  for (let i = 0; i < ink.data.length; i++) {
    for (let c = 0; c < 3; c++) {
      drawn.data[3 * i + c] = byte(1 - ink.data[i]! * (tints ? 1 - tints[c]![i]! : 1));
    }
  }
  return drawn;
}

/** A channel divided by that of the paper under each pixel, 0 to 1. */
function onPaperOf(light: Reals, sheet: Mask | null): Reals {
  let ground = groundOf(light);
  if (sheet) {
    const on = resizeNearest(sheet, ground.height, ground.width);
    ground = fromNearest(ground, not(on));
  }
  const black = BLACK * quantile(ground.data, 0.9);
  ground = fromNearest(ground, maskOf(ground, (i) => ground.data[i]! < black));
  const wide = closing(ground, sideOf(ground, AREA_SHARE, 3)).data;
  const paper = realsOf(ground, (i) =>
    ground.data[i]! < AREA_DARKNESS * wide[i]! ? wide[i]! : ground.data[i]!,
  );
  const large = resizeReals(paper, light.height, light.width).data;
  return realsOf(light, (i) => clamp(light.data[i]! / Math.max(large[i]!, 1 / 255), 0, 1));
}

/** Values that are replaced by the nearest of the others. */
function fromNearest(values: Reals, at: Mask): Reals {
  if (!at.data.includes(1) || !at.data.includes(0)) return values;
  const wider = dilate(at, "square", 2);
  if (!wider.data.includes(0)) return values;
  const nearest = nearestOff(wider).data;
  return realsOf(values, (i) => values.data[nearest[i]!]!);
}

/** The color that strokes have, and where it is a pen's, 0 to 1; null where none is in color. */
function pensOf(sketch: Picture, sheet: Mask | null): { color: Reals[] | null; pen: Reals | null } {
  const small = thumbnail(sketch);
  const dark = [0, 1, 2].map((c) => onPaperOf(channel(small, c), sheet).data.map((value) => 1 - value));
  const weight = realsOf(small, (i) => {
    const most = Math.max(dark[0]![i]!, dark[1]![i]!, dark[2]![i]!);
    return most > 2 * PAPER_NOISE ? most : 0;
  });
  const total = gaussian(weight, 2).data;
  const hue = dark.map((each) => {
    const drawn = gaussian(realsOf(small, (i) => (weight.data[i]! > 0 ? each[i]! : 0)), 2).data;
    return drawn.map((value, i) => value / Math.max(total[i]!, 1e-6));
  });
  const pen = realsOf(small, (i) => {
    const most = Math.max(...hue.map((each) => each[i]!), 1e-6);
    for (const each of hue) each[i]! /= most;
    const least = Math.min(...hue.map((each) => each[i]!));
    return total[i]! > 1e-4 ? clamp((1 - least - PEN[0]) / (PEN[1] - PEN[0]), 0, 1) : 0;
  });
  const drawn = weight.data.filter((value) => value > 0).length;
  const colored = pen.data.filter((value, i) => value > 0.5 && weight.data[i]! > 0).length;
  if (colored <= 0.01 * drawn) return { color: null, pen: null };
  return { color: hue.map((each) => realsOf(small, (i) => pen.data[i]! * (1 - each[i]!))), pen };
}

/** At most `PEN_GRID` along the longer side, as Pillow's `thumbnail` rounds. */
function thumbnail(image: Picture): Picture {
  const { width, height } = image;
  if (Math.max(width, height) <= PEN_GRID) return image;
  const aspect = width / height;
  const best = (number: number, apart: (n: number) => number) => {
    const [low, high] = [Math.floor(number), Math.ceil(number)];
    return Math.max(1, apart(low) <= apart(high) ? low : high);
  };
  const tall = 1 >= aspect;
  const columns = tall ? best(PEN_GRID * aspect, (n) => Math.abs(aspect - n / PEN_GRID)) : PEN_GRID;
  const rows = tall ? PEN_GRID : best(PEN_GRID / aspect, (n) => (n ? Math.abs(aspect - PEN_GRID / n) : 0));
  return shrink(image, rows, columns, "box", 2);
}

/** Ink without marks that are faint all over, as creases are. */
function withoutFaint(ink: Reals): Reals {
  const marks = label(maskOf(ink, (i) => ink.data[i]! > FAINT), "square");
  const firm = new Uint8Array(marks.count + 1);
  marks.data.forEach((mark, i) => {
    if (ink.data[i]! >= FIRM) firm[mark] = 1;
  });
  firm[0] = 0;
  const kept = dilate(maskOf(ink, (i) => !!firm[marks.data[i]!]), "square").data;
  return realsOf(ink, (i) => (kept[i] ? ink.data[i]! : 0));
}

function largestPart(mask: Mask): Mask {
  const parts = label(mask);
  if (!parts.count) return mask;
  const sizes = new Float64Array(parts.count + 1);
  for (const part of parts.data) if (part) sizes[part]!++;
  const most = sizes.indexOf(largest(sizes));
  return fillHoles(maskOf(mask, (i) => parts.data[i] === most));
}

function isSheet(mask: Mask, least: number): boolean {
  if (share(mask) < least) return false;
  const box = findBoxes({ ...mask, data: Int32Array.from(mask.data) }, 1)[0]!;
  return sum(mask.data) >= SHEET_SHAPE * (box.right - box.left) * (box.bottom - box.top);
}

function edgeOf(sheet: Mask): Mask {
  const inner = erode(sheet, "cross", 1, 1).data;
  return maskOf(sheet, (i) => !!sheet.data[i] && !inner[i]);
}

/** Where the table beside a sheet runs out in a wedge along the border of the picture. */
function narrowTable(light: Reals, sheet: Mask, between: number): Mask {
  const { width, height } = sheet;
  const reach = rint(Math.max(width, height) * GROUND_SHARE);
  const mean = reduceBlocks(light, GRID, "mean").small.data;
  const dark = maskOf(sheet, (i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const middle = x >= reach && y >= reach && x < width - reach && y < height - reach;
    return mean[i]! < between && !(reach > 0 && middle);
  });
  return propagate(not(sheet), dark);
}

/** The sheet without its edge, which is a shadow; where the picture cuts it there is none. */
function inset(sheet: Mask): Mask {
  return erode(sheet, "square", 2, 1);
}

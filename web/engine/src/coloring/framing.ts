/** Crops and scales line art as in training: pokecolor/coloring/framing.py. */

import { cropPicture, fit, greyPicture, toRgb } from "../images/conversion";
import { distanceOff } from "../images/distance";
import { dilateBall, maximum, minimum } from "../images/filters";
import {
  clamp, countLabels, crop, maskOf, median, pad, realsOf, reduceBlocks, sum, unpad,
  type Box, type Mask, type Picture, type Reals,
} from "../images/grid"; // prettier-ignore
import { label, largestIn } from "../images/labels";
import { rint } from "../rounding";

const GRID = 512;
const INK = 0.2;
const SPECK = 5e-5;
const FILLS = 0.6;
const MARGIN = 0.06;
const [FRAME, FRAME_SPAN, FRAME_WIDTH] = [0.85, 0.88, 0.04];
const FINE = 4;
const [ENOUGH, WANTED] = [0.85, 1.2];
const FAINT = 0.6;
const ROOM = 1 / 6;
const CLOSING = 1 / 4;
const SOLID = 8;

/** Where the drawing is: its ink with a margin, without a frame around it. */
export function findSubject(ink: Reals): Box {
  const { height, width } = ink;
  const { small, step } = reduceBlocks(ink, GRID, "max");
  const drawn = maskOf(small, (i) => small.data[i]! > INK);
  const page = { left: 0, top: 0, right: drawn.width, bottom: drawn.height };
  const inner = insideFrame(drawn, page);
  const found = extentOf(drawn, inner) ?? page;
  const long = Math.max(found.right - found.left, found.bottom - found.top);
  if (inner === page && long >= FILLS * Math.max(drawn.width, drawn.height)) {
    return { left: 0, top: 0, right: width, bottom: height };
  }
  const margin = rint(MARGIN * long);
  return {
    left: step * Math.max(found.left - margin, inner.left),
    top: step * Math.max(found.top - margin, inner.top),
    right: Math.min(step * Math.min(found.right + margin, inner.right), width),
    bottom: Math.min(step * Math.min(found.bottom + margin, inner.bottom), height),
  };
}

/** What the model is shown, RGB: the subject, its strokes as wide and dark as it knows them. */
export function show(ink: Reals, box: Box, size: number): Picture {
  const page = greyPicture(realsOf(ink, (i) => 1 - ink.data[i]!));
  const inked = cropPicture(page, box.left, box.top, box.right - box.left, box.bottom - box.top);
  const large = fit(inked, FINE * size);
  let fine = realsOf(large, (i) => 1 - Math.fround(large.data[i]! / 255));
  const solid = solidOf(fine);
  const isSolid = solid.data.includes(1);
  const thin = realsOf(fine, (i) => (solid.data[i] ? 0 : fine.data[i]!));
  const full = fullnessOf(thin);
  const dark = realsOf(fine, (i) => Math.min(fine.data[i]! / full, 1));
  const { stroke, white } = widthsOf(realsOf(dark, (i) => (solid.data[i] ? 0 : dark.data[i]!)));
  const narrow = stroke > 0 && stroke < FINE * ENOUGH;
  if (!narrow && full >= FAINT && !isSolid) return toRgb(fit(inked, size));
  if (narrow || full < FAINT) fine = dark;
  if (narrow) {
    const wanted = Math.min(FINE * WANTED, Math.max(stroke, ROOM * white));
    fine = widen(fine, (wanted - stroke) / 2);
  }
  if (isSolid) {
    const inside = distanceOff(solid).data;
    const shown = fine.data;
    fine = realsOf(fine, (i) => (inside[i]! > FINE * WANTED ? 0 : shown[i]!));
  }
  return toRgb(fit(greyPicture(realsOf(fine, (i) => 1 - fine.data[i]!)), size));
}

/** The box around what is drawn, dirt aside; null for a blank page. */
function extentOf(drawn: Mask, within: Box): Box | null {
  const part = crop(drawn, within);
  const marks = label(maximum(part, 5)); // a broken line is one mark, not many specks
  const numbers = marks.data.map((mark, i) => mark * part.data[i]!);
  const sizes = countLabels(numbers, marks.count);
  const least = Math.max(2, SPECK * part.data.length);
  let [left, top, right, bottom] = [Infinity, Infinity, 0, 0];
  numbers.forEach((mark, i) => {
    if (!mark || sizes[mark]! < least) return;
    const [x, y] = [i % part.width, Math.floor(i / part.width)];
    [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
  });
  if (right === 0) return null;
  return { left: within.left + left, top: within.top + top, right: within.left + right, bottom: within.top + bottom };
}

/** The page within the frame that is drawn around it, if one is; frames may be doubled. */
function insideFrame(drawn: Mask, page: Box): Box {
  let inner = page;
  for (let i = 0; i < 3; i++) {
    const extent = extentOf(drawn, inner);
    if (!extent) return page; // a frame around nothing is the subject
    const across = (extent.right - extent.left) / page.right;
    const down = (extent.bottom - extent.top) / page.bottom;
    const sides = (["left", "top", "right", "bottom"] as const).map((side) => frameSide(drawn, extent, side));
    if (Math.min(across, down) < FRAME_SPAN || sides.includes(0)) return inner;
    const [left, top, right, bottom] = sides as [number, number, number, number];
    inner = {
      left: extent.left + left,
      top: extent.top + top,
      right: extent.right - right,
      bottom: extent.bottom - bottom,
    };
    if (inner.left >= inner.right || inner.top >= inner.bottom) return page;
  }
  return inner;
}

/** How far a line along one side reaches inward; 0 for no line. */
function frameSide(drawn: Mask, extent: Box, side: keyof Box): number {
  const part = crop(drawn, extent);
  const deep = Math.max(2, rint(FRAME_WIDTH * Math.max(drawn.width, drawn.height)));
  const upright = side === "left" || side === "right";
  const [lines, length] = upright ? [part.width, part.height] : [part.height, part.width];
  const along: number[] = [];
  for (let depth = 0; depth < Math.min(lines, 2 * deep); depth++) {
    const line = side === "right" || side === "bottom" ? lines - 1 - depth : depth;
    let total = 0;
    for (let i = 0; i < length; i++) total += part.data[upright ? i * part.width + line : line * part.width + i]!;
    along.push(total / length);
  }
  const first = along.findIndex((value) => value >= FRAME);
  if (first < 0 || first > deep) return 0;
  let end = first;
  while (end + 1 < along.length && along[end + 1]! >= FRAME) end++;
  return end >= 2 * deep - 1 ? 0 : end + 2;
}

/** Black areas too wide for strokes. */
function solidOf(ink: Reals): Mask {
  const black = maskOf(ink, (i) => ink.data[i]! > 0.5);
  const radius = FINE * SOLID;
  // squares are found faster than balls
  const squares = minimum(black, 2 * Math.trunc(0.7 * radius) + 1, "zero");
  if (!squares.data.includes(1)) return squares;
  const depth = unpad(distanceOff(pad(black, 1, 0)), 1).data;
  const balls = maskOf(black, (i) => depth[i]! > radius);
  if (!balls.data.includes(1)) return balls;
  const away = distanceOff(maskOf(balls, (i) => !balls.data[i])).data;
  return maskOf(black, (i) => !!black.data[i] && away[i]! <= radius + 1);
}

/** The mean width of strokes and of the white between them, in pixels: areas by edges. */
function widthsOf(ink: Reals): { stroke: number; white: number } {
  const peak = maximum(ink, 2 * FINE + 1).data;
  const strokes = maskOf(ink, (i) => ink.data[i]! > 0.5 * peak[i]! && ink.data[i]! > INK / 2);
  let crossings = 0;
  strokes.data.forEach((value, i) => {
    if ((i + 1) % ink.width && strokes.data[i + 1] !== value) crossings++;
    if (i + ink.width < strokes.data.length && strokes.data[i + ink.width] !== value) crossings++;
  });
  const edges = (Math.PI / 4) * crossings; // Cauchy-Crofton
  if (edges === 0) return { stroke: 0, white: 0 };
  const blank = strokes.data.length - sum(strokes.data);
  return { stroke: (2 * sum(ink.data)) / edges, white: (2 * blank) / edges };
}

/** The ink in the middle of the median stroke, 0 to 1; 1 if there is none. */
function fullnessOf(ink: Reals): number {
  const peak = maximum(ink, FINE + 1).data;
  const middles = ink.data.filter((value, i) => value >= peak[i]! && value > INK / 2);
  return middles.length ? median(middles) : 1;
}

/** Dilate strokes by `reach` pixels, a fraction too, and by less within small regions. */
function widen(ink: Reals, reach: number): Reals {
  if (reach <= 0) return ink;
  const peak = maximum(ink, 2 * FINE + 1).data;
  const open = maskOf(ink, (i) => ink.data[i]! < 0.5 * Math.max(peak[i]!, INK));
  const regions = label(open);
  const radius = largestIn(distanceOff(open).data, regions.data, regions.count);
  const whole = Math.trunc(reach);
  const [low, high] = [dilateBall(ink, whole).data, dilateBall(ink, whole + 1).data];
  return realsOf(ink, (i) => {
    const wide = low[i]! + (reach - whole) * (high[i]! - low[i]!);
    if (!open.data[i]) return Math.max(ink.data[i]!, wide);
    const share = clamp((CLOSING * radius[regions.data[i]!]!) / reach, 0, 1);
    return ink.data[i]! + share * (wide - ink.data[i]!);
  });
}

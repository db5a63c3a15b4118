/** Recognizes pictures in color and finds their lines: pokecolor/coloring/colored_input.py. */

import { greyPicture, toRgb } from "../images/conversion";
import { maximum, minimum, opening } from "../images/filters";
import { clamp, largest, maskOf, median, realsOf, sum, type Picture, type Reals } from "../images/grid";
import { border } from "../images/labels";
import { resizePicture } from "../images/resample";
import { rint } from "../rounding";
import { inkOf } from "./line_art";
import { drawFromPaper, windowOf } from "./paper";

const GRID = 512;
const CHROMA = 0.1;
const [PEN, BROAD_PEN] = [1 / 48, 1 / 24];
const [FILLED, WIDELY_FILLED] = [0.02, 0.05];
const [TOUCHED, TONED] = [0.01, 0.1];
const TONE = 0.93;
const [OTHER_HUE, OTHERS] = [Math.PI / 6, 0.15];
const WHITE = 0.97;
const [LINE, FULL_LINE] = [0.08, 0.38];
const [BLACK, FULL_BLACK] = [0.75, 0.9];

/** Whether areas of an RGB picture are filled with colors, and not only drawn in colored strokes. */
export function isColored(sketch: Picture): boolean {
  const scale = Math.min(1, GRID / Math.max(sketch.width, sketch.height));
  const [columns, rows] = [sketch.width, sketch.height].map((side) => Math.max(1, rint(side * scale)));
  let small = resizePicture(sketch, rows!, columns!, "box");
  if (largest(chromaOf(small).data) < CHROMA) return false;
  const rim = border(small).map((at) => leastOf(small, at));
  const onWhite = median(rim) >= WHITE;
  const long = { height: rows!, width: columns! };
  const [pen, broad] = [windowOf(long, PEN, 0), windowOf(long, BROAD_PEN, 0)];
  if (!onWhite) small = drawFromPaper(small);
  const drawn = drawnPart(small);
  const chroma = chromaOf(drawn);
  const [wide, wider] = [pen, broad].map((width) => {
    const opened = opening(chroma, width).data;
    return maskOf(chroma, (i) => opened[i]! >= Math.fround(CHROMA)).data;
  });
  const shareOf = (mask: Uint8Array) => sum(mask) / mask.length;
  if (
    shareOf(wide!) >= FILLED &&
    (shareOf(wider!) >= WIDELY_FILLED || otherHues(drawn, wide!) >= OTHERS)
  ) {
    return true;
  }
  const tones = maskOf(drawn, (i) => leastOf(drawn, i) < TONE);
  const toned = maximum(minimum(tones, broad, "zero"), broad, "zero").data;
  return onWhite && shareOf(wide!) >= TOUCHED && shareOf(toned) >= TONED;
}

/** The lines of a picture in color, as line art on white; its colors are dropped. */
export function linesOf(colored: Picture): Picture {
  const ink = inkOf(colored);
  const opened = opening(ink, windowOf(ink, PEN, 5)).data;
  const light = greyPicture(
    realsOf(ink, (i) => {
      const value = ink.data[i]!;
      const line = (value - opened[i]! - LINE) / (FULL_LINE - LINE);
      return 1 - clamp(Math.max(line, (value - BLACK) / (FULL_BLACK - BLACK)), 0, 1);
    }),
  );
  return toRgb(light);
}

/** The rectangle of a page that is drawn in. */
function drawnPart(image: Picture): Picture {
  let [left, top, right, bottom] = [image.width, image.height, 0, 0];
  for (let i = 0; i < image.width * image.height; i++) {
    if (leastOf(image, i) >= 1 - CHROMA) continue;
    const [x, y] = [i % image.width, Math.floor(i / image.width)];
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + 1), Math.max(bottom, y + 1)];
  }
  if (right <= left) return image;
  const [width, height] = [right - left, bottom - top];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + 3 * width), y * width * 3);
  }
  return { width, height, channels: 3, data };
}

function leastOf({ data }: Picture, i: number): number {
  return Math.fround(Math.min(data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!) / 255);
}

function mostOf({ data }: Picture, i: number): number {
  return Math.fround(Math.max(data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!) / 255);
}

/** How far from grey: the largest channel less the smallest. */
function chromaOf(image: Picture): Reals {
  return realsOf(image, (i) => mostOf(image, i) - leastOf(image, i));
}

/** The share of the chosen pixels whose hue is not about the mean one. */
function otherHues(image: Picture, chosen: Uint8Array): number {
  const hues: number[] = [];
  chosen.forEach((is, i) => {
    const [red, green, blue] = image.data.subarray(3 * i, 3 * i + 3);
    if (is) hues.push(Math.atan2(Math.sqrt(3) * (green! - blue!), 2 * red! - green! - blue!));
  });
  const mean = Math.atan2(sum(hues.map(Math.sin)), sum(hues.map(Math.cos)));
  const apart = (hue: number) => Math.abs(Math.atan2(Math.sin(hue - mean), Math.cos(hue - mean)));
  return hues.filter((hue) => apart(hue) > OTHER_HUE).length / hues.length;
}

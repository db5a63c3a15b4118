/** Converts sketches to line art, and finds the strokes of line art: pokecolor/coloring/lineart.py. */

import { byte, channel, greyPicture, toGrey, toRgb } from "../images/conversion";
import { opening } from "../images/filters";
import { median, picture, realsOf, sum, type Picture, type Reals } from "../images/grid";
import { resizeReals } from "../images/resample";
import { rint } from "../rounding";
import { CLEAN_WHITE, drawFromPaper, findSheet, isLightOnDark, windowOf } from "./paper";

export const STROKE_CONTRAST = 0.25;
const STROKE_WIDTH = 1 / 24;
const LIGHT = 0.6;
const GRID = 1024;

/** Line art on white, RGB: as it is where the sketch is that, else what is drawn on its paper. */
export function toLineArt(sketch: Picture): Picture {
  if (sketch.channels === 4) {
    const strokes = lightStrokes(sketch);
    if (strokes) return toRgb(greyPicture(realsOf(strokes, (i) => 1 - strokes.data[i]!)));
  }
  let page = toRgb(sketch);
  const grey = toGrey(page);
  let light = realsOf(grey, (i) => grey.data[i]! / 255);
  if (isLightOnDark(light)) {
    const dark = light.data;
    light = realsOf(grey, (i) => 1 - dark[i]!);
    page = toRgb(greyPicture(light));
  }
  const sheet = findSheet(light);
  if (!sheet && median(light.data) >= CLEAN_WHITE) return page;
  return drawFromPaper(page, sheet);
}

/** How dark each pixel is drawn: 0 for white to 1 for black. */
export function inkOf(lineArt: Picture): Reals {
  const grey = toGrey(lineArt);
  return realsOf(grey, (i) => 1 - Math.fround(grey.data[i]! / 255));
}

/** The same, but thin strokes of any color are as dark as black ones. */
export function strokeInk(lineArt: Picture): Reals {
  const ink = inkOf(lineArt);
  const { data } = lineArt;
  let apart = 0;
  const cover = realsOf(ink, (i) => {
    const least = Math.min(data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!);
    const found = 1 - Math.fround(least / 255);
    apart = Math.max(apart, found - ink.data[i]!);
    return found;
  });
  if (apart < 0.1) return ink; // it is grey
  const wide = wideOf(cover).data;
  return realsOf(ink, (i) => Math.max(ink.data[i]!, wide[i]! < STROKE_CONTRAST ? cover.data[i]! : 0));
}

/** The strokes without the white they lie on: RGBA, which laid on white gives the line art. */
export function strokesOf(lineArt: Picture): Picture {
  const strokes = picture(lineArt.width, lineArt.height, 4);
  for (let i = 0; i < lineArt.width * lineArt.height; i++) {
    const light = [0, 1, 2].map((c) => Math.fround(lineArt.data[3 * i + c]! / 255));
    const alpha = 1 - Math.min(...light);
    light.forEach((value, c) => {
      strokes.data[4 * i + c] = byte((value - (1 - alpha)) / Math.max(alpha, 1e-6));
    });
    strokes.data[4 * i + 3] = byte(alpha);
  }
  return strokes;
}

/** Strokes that are light on nothing, if all are; 0 to 1. */
function lightStrokes(sketch: Picture): Reals | null {
  const alpha = channel(sketch, 3);
  const drawn = sum(alpha.data);
  const dark = sum(
    alpha.data.map((value, i) => {
      const least = Math.min(sketch.data[4 * i]!, sketch.data[4 * i + 1]!, sketch.data[4 * i + 2]!);
      return least / 255 < LIGHT ? value : 0;
    }),
  );
  if (!(drawn > 0 && drawn <= 0.5 * alpha.data.length) || dark > 0.005 * drawn) return null;
  return sum(wideOf(alpha).data) > 0.3 * drawn ? null : alpha; // a white figure is not thin
}

/** What is wider than a stroke. */
function wideOf(cover: Reals): Reals {
  const scale = Math.min(1, GRID / Math.max(cover.height, cover.width));
  const [rows, columns] = [cover.height, cover.width].map((side) => Math.max(1, rint(side * scale)));
  const small = resizeReals(cover, rows!, columns!);
  return resizeReals(opening(small, windowOf(small, STROKE_WIDTH, 5)), cover.height, cover.width);
}

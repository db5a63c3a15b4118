/** Resamples a sketch to a grid of bounded size, and colors back: pokecolor/coloring/full_size.py. */

import { alphaComposite, paste, toGrey, toRgb } from "../images/conversion";
import { picture, realsOf, type Box, type Picture, type Reals } from "../images/grid";
import { resizePicture, times255 } from "../images/resample";
import { rint } from "../rounding";
import { strokeInk, strokesOf } from "./line_art";

const MAX_SIDE = 1024;
const HAIR = 0.5;

/** The ink of RGB line art of any size, of no more than `MAX_SIDE` a side. */
export function workingInk(lineArt: Picture): Reals {
  const scale = MAX_SIDE / Math.max(lineArt.width, lineArt.height);
  if (scale >= 1) return strokeInk(lineArt);
  const light = toGrey(lineArt);
  const [width, height] = [light.width, light.height].map((side) => Math.max(1, rint(side * scale)));
  const mean = strokeInk(resizePicture(lineArt, height!, width!, "box"));
  const first = (i: number, from: number, to: number) => Math.floor((i * from) / to);
  return realsOf(mean, (i) => {
    const [x, y] = [i % width!, Math.floor(i / width!)];
    let darkest = 255;
    for (let row = first(y, light.height, height!); row < first(y + 1, light.height, height!); row++) {
      for (let column = first(x, light.width, width!); column < first(x + 1, light.width, width!); column++) {
        darkest = Math.min(darkest, light.data[row * light.width + column]!);
      }
    }
    return Math.max(mean.data[i]!, HAIR * (1 - Math.fround(darkest / 255)));
  });
}

/** A small RGBA picture at its size on a page, which is empty elsewhere. */
export function enlarge(small: Picture, box: Box, width: number, height: number): Picture {
  const page = picture(width, height, 4);
  for (let i = 3; i < page.data.length; i += 4) page.data[i] = 0;
  const large = resizePicture(small, box.bottom - box.top, box.right - box.left, "bilinear");
  paste(page, large, box.left, box.top);
  return page;
}

/** The line art's strokes over colors: RGB, or RGBA on nothing. */
export function layStrokes(colors: Picture, lineArt: Picture, transparent: boolean): Picture {
  if (transparent) return alphaComposite(colors, strokesOf(lineArt));
  const page = toRgb(colors);
  for (let i = 0; i < page.data.length; i += 3) {
    const [r, g, b] = lineArt.data.subarray(i, i + 3);
    const least = Math.min(r!, g!, b!);
    for (let c = 0; c < 3; c++) {
      page.data[i + c] = Math.min(255, times255(page.data[i + c]!, least) + lineArt.data[i + c]! - least);
    }
  }
  return page;
}

/** A sketch as the model sees it, and what is made of its painting: pokecolor/coloring/colorizer.py. */

import { cropPicture, placement, toRgb } from "../images/conversion";
import { clamp, largest, type Box, type Labels, type Picture, type Reals } from "../images/grid";
import { resizeNearest } from "../images/resample";
import { Cells } from "./cells";
import { isColored, linesOf } from "./colored_input";
import { LOOKS, colorLayer, divideDrawing, type Look } from "./compositing";
import { moveToExact, type RequestedColor } from "./exact_color";
import { findSubject, show } from "./framing";
import { enlarge, layStrokes, workingInk } from "./full_size";
import { STROKE_CONTRAST, strokeInk, toLineArt } from "./line_art";
import { LINE } from "./regions";

/** Values of a channel that differ by no more are one. */
const LEVELS = 8;

/** A sketch as it is seen. */
export interface View {
  lineArt: Picture;
  /** Where the subject lies. */
  box: Box;
  /** What the model is shown: RGB, [size, size]. */
  square: Picture;
  /** Whether its colors were dropped. */
  inColor: boolean;
}

export function viewOf(sketch: Picture, size: number): View {
  const page = toRgb(sketch);
  const inColor = isColored(page);
  const lineArt = inColor ? linesOf(page) : toLineArt(sketch);
  const ink = strokeInk(lineArt);
  const box = findSubject(ink);
  return { lineArt, box, square: show(ink, box, size), inColor };
}

export class ColoredSketch {
  private readonly ink: Reals;
  /** The painting without its padding. */
  private readonly inner: Picture;

  /** `painted` is RGB, [size, size]; `wanted` are the colors that were asked for. */
  constructor(
    readonly sketch: Picture,
    readonly view: View,
    readonly painted: Picture,
    private readonly wanted: RequestedColor[],
  ) {
    const { left, top, right, bottom } = view.box;
    this.ink = workingInk(cropPicture(view.lineArt, left, top, right - left, bottom - top));
    const place = placement(right - left, bottom - top, painted.width);
    this.inner = cropPicture(painted, place.left, place.top, place.width, place.height);
  }

  /** Whether the painting is of one color all over, though something is drawn. */
  get isBlank(): boolean {
    const { data } = this.painted;
    const flat = [0, 1, 2].every((c) => {
      const values = data.filter((_, i) => i % 3 === c);
      return largest(values) + largest(values.map((value) => 255 - value)) - 255 <= LEVELS;
    });
    return flat && largest(this.ink.data, 0) >= STROKE_CONTRAST;
  }

  /** The colors alone, RGBA, at the sketch's size; transparent on the background. */
  colors(look: Look = "clean"): Picture {
    if (!LOOKS.includes(look)) throw new RangeError(`look: ${String(look)} is none of ${LOOKS.join(", ")}`);
    const small = moveToExact(colorLayer(this.inner, this.ink, look), this.wanted);
    return enlarge(small, this.view.box, this.sketch.width, this.sketch.height);
  }

  /** The sketch's strokes over the colors: RGBA if the sketch was, else RGB. */
  image(look: Look = "clean", colors: Picture = this.colors(look)): Picture {
    return layStrokes(colors, this.view.lineArt, this.sketch.channels === 4);
  }

  /** Number the regions of the drawing, from 1 on, 0 on lines: pokecolor/coloring/region_map.py. */
  regions(): Labels {
    const { box, lineArt } = this.view;
    const { regions, ground } = divideDrawing(Cells.over(this.inner, this.ink));
    let around = 0;
    ground.data.forEach((is, i) => {
      if (is) around = Math.max(around, regions.data[i]!);
    });
    const large = resizeNearest(regions, box.bottom - box.top, box.right - box.left);
    const ink = strokeInk(lineArt);
    const rest = around || largest(regions.data) + 1;
    const data = new Int32Array(ink.data.length).map((_, i) => {
      const [x, y] = [i % ink.width, Math.floor(i / ink.width)];
      if (ink.data[i]! >= LINE) return 0;
      if (clamp(x, box.left, box.right - 1) !== x || clamp(y, box.top, box.bottom - 1) !== y) return rest;
      return large.data[(y - box.top) * large.width + x - box.left]!;
    });
    return { ...ink, data };
  }
}

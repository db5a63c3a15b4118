/** Maps pixels of the model's output to a sketch: pokecolor/coloring/cells.py. */

import { closing, dilate } from "../images/filters";
import { countLabels, largest, maskOf, type Labels, type Mask, type Picture, type Reals } from "../images/grid";
import { label } from "../images/labels";
import { resizePicture, resizeReals } from "../images/resample";
import { labOf, nameOf, type Lab } from "./colors";
import { LINE } from "./regions";

const [PAINTED_LINE, PAINTED_WIDTH] = [40, 5];
/** The weight of a cell that a line crosses: it speaks only where no other does. */
export const DOUBT = 1e-3;

/** The cells in which a region has open pixels, and how many. */
export interface Share {
  at: number[];
  area: number[];
}

export class Cells {
  readonly width: number;
  readonly height: number;
  readonly lab: Lab[];
  /** Indices of the colors' names into `TERMS`. */
  readonly names: Uint8Array;
  /** How much each says of the fill below it, 0 to 1. */
  readonly trust: Float64Array;
  private readonly rows: Int32Array;
  private readonly columns: Int32Array;

  private constructor(
    /** RGB, what the model painted. */
    readonly colors: Picture,
    /** Of the sketch. */
    readonly ink: Reals,
  ) {
    this.width = colors.width;
    this.height = colors.height;
    const known = new Map<number, { lab: Lab; name: number }>();
    const count = this.width * this.height;
    this.names = new Uint8Array(count);
    this.lab = Array.from({ length: count }, (_, i) => {
      const [r, g, b] = colors.data.subarray(3 * i, 3 * i + 3);
      const key = (r! << 16) | (g! << 8) | b!;
      let found = known.get(key);
      if (!found) {
        const lab = labOf([r!, g!, b!]);
        known.set(key, (found = { lab, name: nameOf(lab) }));
      }
      this.names[i] = found.name;
      return found.lab;
    });
    this.rows = starts(this.height, ink.height);
    this.columns = starts(this.width, ink.width);
    this.trust = this.trusted();
  }

  /** Lay a painting over ink; no cell is smaller than a pixel. */
  static over(painted: Picture, ink: Reals): Cells {
    const [rows, columns] = [Math.min(painted.height, ink.height), Math.min(painted.width, ink.width)];
    return new Cells(resizePicture(painted, rows, columns, "box"), ink);
  }

  /** The area of a cell in pixels of the sketch. */
  get size(): number {
    return this.ink.data.length / (this.width * this.height);
  }

  /** The darkest channel of a cell, 0 to 1. */
  lightness(i: number): number {
    const [r, g, b] = this.colors.data.subarray(3 * i, 3 * i + 3);
    return Math.fround(Math.min(r!, g!, b!) / 255);
  }

  /** The cell of each pixel. */
  cellOf(x: number, y: number): number {
    const row = Math.floor((y * this.height) / this.ink.height);
    return row * this.width + Math.floor((x * this.width) / this.ink.width);
  }

  /** In which cells the regions have open pixels: that of region 1 first, cells in order. */
  shares(regions: Labels, open: Mask): Share[] {
    const found: Share[] = Array.from({ length: largest(regions.data) }, () => ({ at: [], area: [] }));
    const tally = new Map<number, number>();
    for (let cell = 0; cell < this.width * this.height; cell++) {
      const [column, row] = [cell % this.width, Math.floor(cell / this.width)];
      tally.clear();
      for (let y = this.rows[row]!; y < this.rows[row + 1]!; y++) {
        for (let x = this.columns[column]!; x < this.columns[column + 1]!; x++) {
          const at = y * regions.width + x;
          const region = regions.data[at]!;
          if (open.data[at] && region > 0) tally.set(region, (tally.get(region) ?? 0) + 1);
        }
      }
      for (const [region, count] of tally) {
        found[region - 1]!.at.push(cell);
        found[region - 1]!.area.push(count);
      }
    }
    return found;
  }

  private trusted(): Float64Array {
    const { ink } = this;
    const count = this.width * this.height;
    // the largest, not the mean: a thin line that crosses a cell stains what is painted there
    const most = new Float32Array(count);
    for (let row = 0; row < this.height; row++) {
      for (let y = this.rows[row]!; y < this.rows[row + 1]!; y++) {
        for (let column = 0; column < this.width; column++) {
          const at = row * this.width + column;
          for (let x = this.columns[column]!; x < this.columns[column + 1]!; x++) {
            most[at] = Math.max(most[at]!, ink.data[y * ink.width + x]!);
          }
        }
      }
    }
    const clear = maskOf(this, (i) => most[i]! < LINE);
    const lines = paintedLines(this.colors, clear).data;
    const mean = resizeReals(ink, this.height, this.width, "box").data;
    return Float64Array.from(clear.data, (is, i) => (is && !lines[i] ? 1 : DOUBT * (1.02 - mean[i]!) ** 2));
  }
}

/** The first pixel of each cell, and the end. */
function starts(cells: number, pixels: number): Int32Array {
  return Int32Array.from({ length: cells + 1 }, (_, i) => Math.ceil((i * pixels) / cells));
}

/** Where the model painted a line a little beside that of the sketch. */
function paintedLines(painted: Picture, clear: Mask): Mask {
  const lightness = maskOf(clear, () => false);
  for (let i = 0; i < lightness.data.length; i++) {
    const [r, g, b] = painted.data.subarray(3 * i, 3 * i + 3);
    lightness.data[i] = Math.max(r!, g!, b!); // a bright color is no line
  }
  const around = closing(lightness, PAINTED_WIDTH).data;
  const beside = dilate(maskOf(clear, (i) => !clear.data[i]), "square").data;
  const lines = maskOf(
    clear,
    (i) => !!clear.data[i] && !!beside[i] && around[i]! - lightness.data[i]! > PAINTED_LINE,
  );
  // a shape that is dark all over is a dark shape
  const shapes = label(clear);
  const lit = countLabels(shapes.data, shapes.count, lines.data.map((line) => 1 - line));
  return maskOf(clear, (i) => !!lines.data[i] && lit[shapes.data[i]!]! > 0);
}

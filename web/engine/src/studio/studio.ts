/** Paints sketches and makes the files of their pictures; in a worker of the page, or in Node. */

import { Failure, type Look, type Verdict } from "../../../page/src/engine";
import { ColoredSketch, viewOf, type View } from "../coloring/colored_sketch";
import { strokesOf } from "../coloring/line_art";
import { alphaComposite, toRgb } from "../images/conversion";
import { picture, type Picture } from "../images/grid";
import { encodeOpenraster } from "../images/openraster";
import { encodePng } from "../images/png";
import { shrink } from "../images/resample";
import { KNOWN } from "../instruction/color_names";
import type { Painter, Sampling } from "../model/painter";
import { rint } from "../rounding";
import { checkParts } from "./color_check";
import { readPrompt } from "./understanding";

const SIDE = 1536;
const SMALL = 320;

export type Bytes = Uint8Array<ArrayBuffer>;
/** The pixels of an image file. Throws where it is none. */
export type Decode = (file: Blob) => Promise<Picture>;

export interface Request {
  sketch: Blob;
  prompt: string;
  seed: number;
  look: Look;
  sampling?: Sampling;
}

/** The files of a picture, PNG but for the layers, and what is known of it. */
export interface Finished {
  width: number;
  height: number;
  files: Record<"color" | "clear" | "small" | "colors", Bytes> & { layers: Bytes };
  verdicts: Verdict[];
  warnings: string[];
}

/** What a picture is made anew of. */
export interface Kept {
  sketch: Blob;
  painted: Blob;
  prompt: string;
}

export class Studio {
  constructor(
    private readonly painter: Painter,
    private readonly decode: Decode,
  ) {}

  get sampling(): Sampling {
    return this.painter.sampling;
  }

  /** Paint a sketch; what `on` throws ends it. */
  async paint(
    request: Request,
    on?: (done: number) => void | Promise<void>,
  ): Promise<Finished & { painted: Bytes; sketch: Bytes }> {
    const sketch = within(await this.decode(request.sketch), SIDE);
    const instruction = readPrompt(request.prompt);
    const view = viewOf(sketch, this.painter.size);
    const { data } = view.square;
    const found = await this.painter.paint(instruction.modelPrompt, data, request.seed, request.sampling, on);
    if (!found) throw new Failure("picture_not_finite");
    const painted = { ...view.square, data: found };
    const colored = colorOf(sketch, view, painted, request.prompt);
    const finished = await this.finish(view, colored.colors(request.look), request.prompt);
    if (colored.isBlank) finished.warnings.push("blank");
    return { ...finished, painted: await encodePng(painted), sketch: await encodePng(sketch) };
  }

  /** A picture in another look, or with other colors, RGBA. */
  async recolor(kept: Kept, change: { look: Look } | { colors: Blob }): Promise<Finished> {
    const { colored, view, sketch } = await this.open(kept);
    if ("look" in change) return this.finish(view, colored.colors(change.look), kept.prompt);
    const colors = await this.decode(change.colors);
    if (colors.width !== sketch.width || colors.height !== sketch.height) {
      throw new Failure("value", { field: "colors" });
    }
    return this.finish(view, withAlpha(colors), kept.prompt);
  }

  /** The regions of a drawing as R + 256 G of a PNG, 0 on lines. */
  async regions(kept: Kept): Promise<Bytes> {
    const { colored } = await this.open(kept);
    const regions = colored.regions();
    const packed = picture(regions.width, regions.height, 3, 0);
    regions.data.forEach((region, i) => packed.data.set([region & 255, region >> 8], 3 * i));
    return encodePng(packed);
  }

  private async open(kept: Kept): Promise<{ sketch: Picture; view: View; colored: ColoredSketch }> {
    const [sketch, painted] = [await this.decode(kept.sketch), toRgb(await this.decode(kept.painted))];
    const view = viewOf(sketch, this.painter.size);
    return { sketch, view, colored: colorOf(sketch, view, painted, kept.prompt) };
  }

  private async finish(view: View, colors: Picture, prompt: string): Promise<Finished> {
    const { lineArt } = view;
    const lines = strokesOf(lineArt);
    const clear = alphaComposite(colors, lines);
    const color = toRgb(clear);
    const layers: [string, Picture][] = [["lines", lines], ["colors", colors]]; // prettier-ignore
    return {
      width: color.width,
      height: color.height,
      files: {
        color: await encodePng(color),
        clear: await encodePng(clear),
        small: await encodePng(within(color, SMALL)),
        colors: await encodePng(colors),
        layers: await encodeOpenraster(layers, clear, within(clear, 256)),
      },
      verdicts: checkParts(colors, lineArt, readPrompt(prompt)),
      warnings: view.inColor ? ["in_color"] : [],
    };
  }
}

function colorOf(sketch: Picture, view: View, painted: Picture, prompt: string): ColoredSketch {
  const wanted = readPrompt(prompt).pairs.map((pair) => ({
    typical: KNOWN.get(pair.color)!,
    exact: pair.exact,
  }));
  return new ColoredSketch(sketch, view, painted, wanted);
}

/** The same, or reduced to so many pixels along the longer side. */
function within(image: Picture, side: number): Picture {
  const scale = side / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const [width, height] = [image.width, image.height].map((each) => Math.max(1, rint(each * scale)));
  return shrink(image, height!, width!, "lanczos", 3);
}

function withAlpha(image: Picture): Picture {
  if (image.channels === 4) return image;
  const found = picture(image.width, image.height, 4);
  for (let i = 0; i < image.width * image.height; i++) {
    found.data.set(image.data.subarray(3 * i, 3 * i + 3), 4 * i);
  }
  return found;
}

/** Lightens dark fills so that the lines on them stay visible: pokecolor/coloring/readable.py. */

import { countLabels, maskOf, type Picture } from "../images/grid";
import { label } from "../images/labels";
import { labOf, linear, rgbOf } from "./colors";

const READABLE = 21;
const PUPIL = 0.004;
const LINEAR = Float32Array.from({ length: 256 }, (_, part) => linear(part));

/** Lighten the dark areas of an RGBA picture that lines lie on, in place, keeping their hue. */
export function keepLinesVisible(colors: Picture): void {
  const { data } = colors;
  const areas = label(maskOf(colors, (i) => data[4 * i + 3] !== 0 && lightness(data, 4 * i) < READABLE));
  if (!areas.count) return;
  const sizes = countLabels(areas.data, areas.count);
  const known = new Map<number, number[]>();
  areas.data.forEach((area, i) => {
    if (!area || sizes[area]! < PUPIL * areas.data.length) return;
    const color = data.subarray(4 * i, 4 * i + 3);
    const key = (color[0]! << 16) | (color[1]! << 8) | color[2]!;
    let lifted = known.get(key);
    if (!lifted) {
      const [light, a, b] = labOf(color);
      known.set(key, (lifted = rgbOf([Math.max(light, READABLE), a, b]).map(Math.ceil)));
    }
    data.set(lifted, 4 * i);
  });
}

/** CIELAB's. */
function lightness(data: Uint8Array, at: number): number {
  const y =
    0.2126729 * LINEAR[data[at]!]! + 0.7151522 * LINEAR[data[at + 1]!]! + 0.072175 * LINEAR[data[at + 2]!]!;
  return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : y * (24389 / 27);
}

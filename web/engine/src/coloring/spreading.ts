/** Interpolates values of the model's output over one region: pokecolor/coloring/spreading.py. */

import { nearestOff } from "../images/distance";
import { gaussian } from "../images/filters";
import { crop, largest, maskOf, type Box, type Grid, type Reals } from "../images/grid";
import { resizeReals } from "../images/resample";

const BLUR = 0.7;
const MARGIN = 3;

/**
 * Smooth what is known of a region and interpolate it at its pixels, by normalized convolution
 * (Knutsson and Westin 1993).
 *
 * `values` are of each cell, one grid for each of several numbers; `weights` say how much of each
 * cell is known to be the region's. `window` is the region's box in pixels, `size` the whole sketch's.
 */
export function spread(
  values: Grid<Float64Array>[],
  weights: Grid<Float64Array>,
  window: Box,
  size: { width: number; height: number },
): Reals[] {
  const [across, down] = [weights.width / size.width, weights.height / size.height];
  const [left, right] = [window.left * across, window.right * across];
  const [top, bottom] = [window.top * down, window.bottom * down];
  const inner = {
    left: Math.max(0, Math.trunc(left) - MARGIN),
    top: Math.max(0, Math.trunc(top) - MARGIN),
    right: Math.min(weights.width, Math.ceil(right) + MARGIN),
    bottom: Math.min(weights.height, Math.ceil(bottom) + MARGIN),
  };
  const known = crop(weights, inner);
  const nearest = nearestOff(maskOf(known, (i) => known.data[i] === 0)).data;
  const least = 1e-6 * largest(known.data);
  const weight = { ...known, data: known.data.map((value) => value + least) };
  const below = gaussian(weight, BLUR).data;
  return values.map((each) => {
    const part = crop(each, inner);
    const data = part.data.map((_, i) => part.data[nearest[i]!]! * weight.data[i]!);
    const smooth = gaussian({ ...part, data }, BLUR).data;
    const image = { ...part, data: Float32Array.from(smooth, (value, i) => value / below[i]!) };
    return resizeReals(image, window.bottom - window.top, window.right - window.left, "bicubic", [
      left - inner.left, top - inner.top, right - inner.left, bottom - inner.top,
    ]); // prettier-ignore
  });
}

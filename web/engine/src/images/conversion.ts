/** Changes an image's mode or size, as pokecolor/core/images/conversion.py and Pillow do. */

import { rint } from "../rounding";
import type { Grid, Picture, Reals } from "./grid";
import { picture } from "./grid";
import { shrink, times255 } from "./resample";

/** The luminance of ITU-R 601-2, in bytes. */
export function toGrey(image: Picture): Grid<Uint8Array> {
  const { width, height, channels, data } = image;
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++) {
    const at = i * channels;
    grey[i] =
      channels === 1
        ? data[at]!
        : (data[at]! * 19595 + data[at + 1]! * 38470 + data[at + 2]! * 7471 + 0x8000) >> 16;
  }
  return { width, height, data: grey };
}

/** One channel as 0 to 1. */
export function channel(image: Picture, number: number): Reals {
  const { width, height, channels } = image;
  const data = new Float32Array(width * height);
  for (let i = 0; i < data.length; i++) data[i] = image.data[i * channels + number]! / 255;
  return { width, height, data };
}

/** 0 to 1 as grey bytes. */
export function greyPicture(light: Reals): Picture {
  const found = picture(light.width, light.height, 1);
  for (let i = 0; i < light.data.length; i++) found.data[i] = byte(light.data[i]!);
  return found;
}

/** 0 to 1 as 0 to 255. */
export function byte(light: number): number {
  return rint(Math.fround(255 * light));
}

/** Transparency laid on white. */
export function toRgb(image: Picture): Picture {
  if (image.channels === 3) return image;
  const white = picture(image.width, image.height, 4);
  const laid = image.channels === 4 ? alphaComposite(white, image) : image;
  const found = picture(image.width, image.height, 3);
  const { channels, data } = laid;
  const apart = channels === 1 ? 0 : 1;
  for (let i = 0; i < image.width * image.height; i++) {
    for (let c = 0; c < 3; c++) found.data[3 * i + c] = data[channels * i + c * apart]!;
  }
  return found;
}

/** One RGBA image laid over another of its size. */
export function alphaComposite(below: Picture, above: Picture): Picture {
  const found = { ...below, data: new Uint8Array(below.data.length) };
  for (let i = 0; i < found.data.length; i += 4) {
    const [alpha, under] = [above.data[i + 3]!, below.data[i + 3]!];
    if (alpha === 0) {
      found.data.set(below.data.subarray(i, i + 4), i);
      continue;
    }
    // in fixed point, as Pillow
    const blend = under * (255 - alpha);
    const out = alpha * 255 + blend;
    const share = Math.trunc((alpha * 255 * 255 * 128) / out);
    const rest = 255 * 128 - share;
    for (let c = 0; c < 3; c++) {
      found.data[i + c] = shift(above.data[i + c]! * share + below.data[i + c]! * rest + (0x80 << 7)) >> 7;
    }
    found.data[i + 3] = shift(out + 0x80);
  }
  return found;
}

function shift(value: number): number {
  return ((value >> 8) + value) >> 8;
}

/** Where `fit` puts an image in a square, in the square's pixels. */
export interface Placement {
  left: number;
  top: number;
  width: number;
  height: number;
}

export function placement(width: number, height: number, size: number): Placement {
  const scale = Math.min(size / height, size / width);
  const inner = [width, height].map((side) => Math.max(1, Math.min(size, rint(side * scale))));
  const [left, top] = inner.map((side) => Math.floor((size - side) / 2));
  return { left: left!, top: top!, width: inner[0]!, height: inner[1]! };
}

/** An image in a square, padded with white, never squashed. */
export function fit(image: Picture, size: number): Picture {
  const place = placement(image.width, image.height, size);
  const same = place.width === image.width && place.height === image.height;
  const inner = same ? image : shrink(image, place.height, place.width, "lanczos", 3);
  const square = picture(size, size, image.channels);
  paste(square, inner, place.left, place.top);
  return square;
}

export function paste(page: Picture, part: Picture, left: number, top: number): void {
  const row = part.width * part.channels;
  for (let y = 0; y < part.height; y++) {
    page.data.set(part.data.subarray(y * row, (y + 1) * row), ((top + y) * page.width + left) * page.channels);
  }
}

export function cropPicture(image: Picture, left: number, top: number, width: number, height: number): Picture {
  const found = picture(width, height, image.channels);
  const row = width * image.channels;
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * image.channels;
    found.data.set(image.data.subarray(from, from + row), y * row);
  }
  return found;
}

/** One picture multiplied by another, of as many channels. */
export function multiply(a: Picture, b: Picture): Picture {
  return { ...a, data: a.data.map((value, i) => times255(value, b.data[i]!)) };
}

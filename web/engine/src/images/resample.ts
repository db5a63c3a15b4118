/** Resizes as Pillow does: by convolution with a filter that is widened where images shrink. */

import type { Grid, Picture, Reals } from "./grid";

export type Filter = "box" | "bilinear" | "bicubic" | "lanczos";

const SUPPORT: Record<Filter, number> = { box: 0.5, bilinear: 1, bicubic: 2, lanczos: 3 };
const BITS = 22; // of a weight's fraction, where pixels are bytes

function weight(filter: Filter, at: number): number {
  const x = Math.abs(at);
  switch (filter) {
    case "box":
      return at > -0.5 && at <= 0.5 ? 1 : 0;
    case "bilinear":
      return x < 1 ? 1 - x : 0;
    case "bicubic": // Keys 1981, a = -0.5
      if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0;
    case "lanczos":
      return at >= -3 && at < 3 ? sinc(at) * sinc(at / 3) : 0;
  }
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

interface Taps {
  first: Int32Array;
  count: Int32Array;
  weights: Float64Array;
  most: number;
}

/** Which pixels of `from` to `to`, of `size` in all, make each of `wanted` ones, and by what weight. */
function tapsOf(filter: Filter, size: number, from: number, to: number, wanted: number): Taps {
  const scale = Math.fround(Math.fround(to) - Math.fround(from)) / wanted;
  const wide = Math.max(1, scale);
  const support = SUPPORT[filter] * wide;
  const most = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(wanted);
  const count = new Int32Array(wanted);
  const weights = new Float64Array(wanted * most);
  for (let i = 0; i < wanted; i++) {
    const center = Math.fround(from) + (i + 0.5) * scale;
    const begin = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(size, Math.trunc(center + support + 0.5));
    let total = 0;
    for (let k = 0; k < end - begin; k++) {
      const found = weight(filter, (k + begin - center + 0.5) / wide);
      weights[i * most + k] = found;
      total += found;
    }
    if (total !== 0) for (let k = 0; k < end - begin; k++) weights[i * most + k]! /= total;
    first[i] = begin;
    count[i] = end - begin;
  }
  return { first, count, weights, most };
}

/** One axis of `channels` interleaved values; `bytes` rounds and clips as 8-bit images are. */
function pass<T extends Uint8Array | Float32Array>(
  input: T,
  output: T,
  taps: Taps,
  lines: number,
  wanted: number,
  step: number,
  apart: number,
  outStep: number,
  outApart: number,
  channels: number,
): void {
  const bytes = output instanceof Uint8Array;
  const weights = bytes
    ? taps.weights.map((w) => Math.trunc(w * (1 << BITS) + (w < 0 ? -0.5 : 0.5)))
    : taps.weights;
  const start = bytes ? 1 << (BITS - 1) : 0;
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < wanted; i++) {
      const begin = line * apart + taps.first[i]! * step;
      const count = taps.count[i]!;
      const at = line * outApart + i * outStep;
      for (let c = 0; c < channels; c++) {
        let total = start;
        for (let k = 0; k < count; k++) total += input[begin + k * step + c]! * weights[i * taps.most + k]!;
        if (bytes) {
          const value = total >> BITS;
          output[at + c] = value < 0 ? 0 : value > 255 ? 255 : value;
        } else output[at + c] = total;
      }
    }
  }
}

/** left, top, right, bottom; fractions of pixels too. */
type Part = [number, number, number, number];

function resample<T extends Uint8Array | Float32Array>(
  data: T,
  channels: number,
  [height, width]: [number, number],
  [rows, columns]: [number, number],
  filter: Filter,
  [left, top, right, bottom]: Part,
): T {
  const make = (n: number) => new (data.constructor as new (n: number) => T)(n);
  let now = data;
  if (columns !== width || left !== 0 || right !== width) {
    const next = make(height * columns * channels);
    const taps = tapsOf(filter, width, left, right, columns);
    pass(now, next, taps, height, columns, channels, width * channels, channels, columns * channels, channels);
    now = next;
  }
  if (rows !== height || top !== 0 || bottom !== height) {
    const next = make(rows * columns * channels);
    const taps = tapsOf(filter, height, top, bottom, rows);
    const row = columns * channels;
    pass(now, next, taps, columns, rows, row, channels, row, channels, channels);
    now = next;
  }
  return now === data ? (data.slice() as T) : now;
}

export function resizeReals(grid: Reals, rows: number, columns: number, filter: Filter = "bilinear", part?: Part): Reals {
  const whole: Part = [0, 0, grid.width, grid.height];
  const size: [number, number] = [grid.height, grid.width];
  const data = resample(grid.data, 1, size, [rows, columns], filter, part ?? whole);
  return { height: rows, width: columns, data };
}

/** Where alpha is, colors are mixed by it. */
export function resizePicture(image: Picture, rows: number, columns: number, filter: Filter, part?: Part): Picture {
  const { width, height, channels } = image;
  const whole: Part = [0, 0, width, height];
  if (!part && rows === height && columns === width) return { ...image, data: image.data.slice() };
  const source = channels === 4 ? premultiplied(image.data) : image.data;
  const data = resample(source, channels, [height, width], [rows, columns], filter, part ?? whole);
  if (channels === 4) divide(data);
  return { width: columns, height: rows, channels, data };
}

/** Lanczos' filter after blocks were averaged, where the image shrinks by 2 * `gap` or more. */
export function shrink(image: Picture, rows: number, columns: number, filter: Filter, gap: number): Picture {
  const across = Math.trunc(image.width / columns / gap) || 1;
  const down = Math.trunc(image.height / rows / gap) || 1;
  if (across === 1 && down === 1) return resizePicture(image, rows, columns, filter);
  const part: Part = [0, 0, image.width / across, image.height / down];
  return resizePicture(averageBlocks(image, across, down), rows, columns, filter, part);
}

function averageBlocks(image: Picture, across: number, down: number): Picture {
  const { channels } = image;
  const width = Math.ceil(image.width / across);
  const height = Math.ceil(image.height / down);
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [right, bottom] = [Math.min((x + 1) * across, image.width), Math.min((y + 1) * down, image.height)];
      const count = (right - x * across) * (bottom - y * down);
      const factor = Math.trunc(Math.fround(2 ** 32 / (256 * count)));
      for (let c = 0; c < channels; c++) {
        let total = Math.trunc(count / 2);
        for (let row = y * down; row < bottom; row++) {
          for (let column = x * across; column < right; column++) {
            total += image.data[(row * image.width + column) * channels + c]!;
          }
        }
        data[(y * width + x) * channels + c] = Math.floor((total * factor) / 2 ** 24);
      }
    }
  }
  return { width, height, channels, data };
}

/** The pixel below each. */
export function resizeNearest<T extends Grid>(grid: T, rows: number, columns: number): T {
  const at = (size: number, wanted: number) => {
    const scale = size / wanted;
    let now = scale * 0.5;
    return Int32Array.from({ length: wanted }, () => {
      const found = Math.min(size - 1, Math.trunc(now));
      now += scale;
      return found;
    });
  };
  const [ys, xs] = [at(grid.height, rows), at(grid.width, columns)];
  const data = new (grid.data.constructor as new (n: number) => T["data"])(rows * columns);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) data[y * columns + x] = grid.data[ys[y]! * grid.width + xs[x]!]!;
  }
  return { ...grid, height: rows, width: columns, data };
}

/** a * b / 255, rounded. */
export function times255(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

function premultiplied(data: Uint8Array): Uint8Array {
  const found = data.slice();
  for (let i = 0; i < found.length; i += 4) {
    for (let c = 0; c < 3; c++) found[i + c] = times255(data[i + c]!, data[i + 3]!);
  }
  return found;
}

function divide(data: Uint8Array): void {
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    if (alpha === 0 || alpha === 255) continue;
    for (let c = 0; c < 3; c++) data[i + c] = Math.min(255, Math.trunc((255 * data[i + c]!) / alpha));
  }
}

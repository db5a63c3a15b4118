import { expect, test } from "vitest";
import { readCases, unpack, type Stored } from "../cases";
import { alphaComposite, byte, toGrey } from "./conversion";
import { distanceOff, nearestOff } from "./distance";
import { closing, dilate, erode, gaussian, maximum, minimum, opening } from "./filters";
import { countLabels, quantile, reduceBlocks, type Grid, type Picture, type Values } from "./grid";
import { fillHoles, findBoxes, label, largestIn, propagate } from "./labels";
import { resizePicture, resizeReals, shrink, type Filter } from "./resample";
import { watershed } from "./watershed";

const cases = readCases<Record<string, Stored> & {
  resized: [Filter, [number, number], Stored, Stored, Stored][];
  gaps: [[number, number], Stored][];
}>("arrays");

function grid<T extends Values>(name: string): Grid<T> {
  const stored = cases[name] as Stored;
  return { height: stored.shape[0]!, width: stored.shape[1]!, data: unpack(stored) as unknown as T };
}
function image(name: string): Picture {
  const stored = cases[name] as Stored;
  const [height, width, channels] = stored.shape as [number, number, number];
  return { height, width, channels, data: unpack<Uint8Array>(stored) };
}
function near(found: ArrayLike<number>, wanted: ArrayLike<number>, by = 1e-6): void {
  expect(found.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(Math.abs(found[i]! - wanted[i]!)).toBeLessThanOrEqual(by);
}
const same = (found: Grid, name: string) => near(found.data, grid(name).data, 0);

const ink = grid<Float32Array>("ink");
const mask = grid<Uint8Array>("mask");
const seeds = grid<Int32Array>("seeds");

test("parts are numbered as SciPy numbers them", () => {
  same(label(mask), "label4");
  same(label(mask, "square"), "label8");
  const parts = label(mask);
  const sizes = countLabels(parts.data, parts.count);
  const most = largestIn(ink.data, parts.data, parts.count);
  findBoxes(parts, parts.count).forEach((box, i) => {
    expect((box!.right - box!.left) * (box!.bottom - box!.top)).toBeGreaterThanOrEqual(sizes[i + 1]!);
    expect(most[i + 1]).toBeGreaterThan(0.55);
  });
});

test("distances and the nearest pixels are SciPy's", () => {
  near(distanceOff(mask).data, grid("distance").data);
  same(nearestOff(mask), "nearest");
  const full = { height: 5, width: 6, data: new Uint8Array(30).fill(1) };
  near(distanceOff(full).data, grid("distance_full").data);
});

test("the watershed is SciPy's", () => {
  const cost = { ...ink, data: Uint8Array.from(ink.data, (value) => byte(value)) };
  same(watershed(cost, seeds), "watershed");
});

test("windows' filters are SciPy's", () => {
  same(opening(ink, 5), "opening");
  same(closing(ink, 7), "closing");
  same(closing(ink, 6), "closing_even");
  same(opening(ink, 4), "opening_even");
  same(minimum(ink, 7, "zero"), "minimum0");
  same(maximum(ink, 9), "maximum");
  same(fillHoles(mask), "holes");
  same(dilate(mask, "cross", 3), "dilated");
  same(erode(mask, "square", 2, 1), "eroded1");
  const from = { ...seeds, data: Uint8Array.from(seeds.data, (value) => (value > 0 ? 1 : 0)) };
  same(propagate(from, mask), "propagated");
  near(gaussian(ink, 1, "nearest").data, grid("gaussian").data);
  near(gaussian(ink, 0.7).data, grid("gaussian_reflect").data);
});

test("bytes are grey and laid over one another as Pillow has them", () => {
  same(toGrey(image("colors")), "grey");
  const alpha = image("alpha");
  const row = alpha.width * 4;
  const turned = new Uint8Array(alpha.data.length);
  for (let y = 0; y < alpha.height; y++) {
    turned.set(alpha.data.subarray(y * row, (y + 1) * row), (alpha.height - 1 - y) * row);
  }
  near(alphaComposite(alpha, { ...alpha, data: turned }).data, image("composite").data, 0);
});

test("images are resized as by Pillow", () => {
  for (const [filter, [rows, columns], rgb, reals, rgba] of cases.resized) {
    near(resizePicture(image("colors"), rows, columns, filter).data, unpack<Uint8Array>(rgb), 0);
    near(resizePicture(image("alpha"), rows, columns, filter).data, unpack<Uint8Array>(rgba), 0);
    near(resizeReals(ink, rows, columns, filter).data, unpack<Float32Array>(reals));
  }
  near(resizeReals(ink, 13, 19, "bicubic", [3.2, 1.5, 20.1, 17]).data, grid("boxed").data);
});

test("large images are averaged in blocks first, as by Pillow", () => {
  const small = image("colors");
  const large = resizePicture(small, small.height * 8, small.width * 8, "box");
  for (const [[rows, columns], wanted] of cases.gaps) {
    near(shrink(large, rows, columns, "lanczos", 3).data, unpack<Uint8Array>(wanted), 0);
  }
});

test("blocks and quantiles are numpy's", () => {
  const grid = { height: 2, width: 5, data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9) };
  expect(Array.from(reduceBlocks(grid, 3, "max").small.data)).toEqual([6, 8, 9]);
  expect(Array.from(reduceBlocks(grid, 3, "mean").small.data)).toEqual([3, 5, 6.5]);
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
});

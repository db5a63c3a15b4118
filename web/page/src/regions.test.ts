import { expect, test } from "vitest";
import { fill, lockMask, parseHex, plainColors, reachLines, shade, toHex, unpackRegions, windowOf } from "./regions";

// two regions with a line between them: 1 1 0 0 2
const MAP = [1, 1, 0, 0, 2];
const rows = (count: number) => Uint32Array.from(Array.from({ length: count }, () => MAP).flat());
const blank = (pixels: number) => new Uint8ClampedArray(4 * pixels);
const pixel = (rgba: Uint8ClampedArray, at: number) => [...rgba.slice(4 * at, 4 * at + 4)];

test("regions are unpacked from red and green", () => {
  expect([...unpackRegions(Uint8ClampedArray.from([7, 0, 9, 255, 1, 2, 0, 255]))]).toEqual([7, 513]);
});

test("a line's pixels go to the nearest region", () => {
  expect([...reachLines(rows(2), 5)]).toEqual([1, 1, 1, 2, 2, 1, 1, 1, 2, 2]);
  expect([...reachLines(new Uint32Array(4), 2)]).toEqual([0, 0, 0, 0]);
});

test("a fill colors its region, no other, and takes the paint off again", () => {
  const owners = reachLines(rows(1), 5);
  const rgba = blank(5);
  fill(rgba, owners, 1, [10, 20, 30]);
  expect(pixel(rgba, 2)).toEqual([10, 20, 30, 255]);
  expect(pixel(rgba, 3)).toEqual([0, 0, 0, 0]);
  fill(rgba, owners, 1, null);
  expect(pixel(rgba, 0)[3]).toBe(0);
});

test("the window of a region", () => {
  const owners = reachLines(rows(3), 5);
  expect(windowOf(15, 5, (at) => owners[at] === 2)).toEqual({ x: 3, y: 0, width: 2, height: 3 });
  expect(windowOf(15, 5, () => false)).toBeNull();
});

test("flat: each region in the color that covers most of it; soft: lighter above, darker below", () => {
  const owners = Uint32Array.from([1, 1, 1, 2]);
  const rgba = Uint8ClampedArray.from([9, 9, 9, 255, 100, 100, 100, 255, 100, 100, 100, 255, 0, 0, 0, 0]);
  const plain = plainColors(rgba, owners);
  expect(plain).toEqual(new Map([[1, [100, 100, 100]], [2, null]]));
  shade(rgba, owners, 1, plain, false);
  expect(pixel(rgba, 0)).toEqual([100, 100, 100, 255]);
  expect(pixel(rgba, 3)[3]).toBe(0);
  shade(rgba, owners, 1, plain, true);
  expect(rgba[0]!).toBeGreaterThan(rgba[8]!);
  shade(rgba, owners, 1, plain, false);
  expect(pixel(rgba, 2)).toEqual([100, 100, 100, 255]);
});

test("the mask is white where a region is locked", () => {
  const mask = lockMask(Uint32Array.from([1, 2]), new Set([2]));
  expect([pixel(mask, 0), pixel(mask, 1)]).toEqual([[0, 0, 0, 255], [255, 255, 255, 255]]);
});

test("colors in hex", () => {
  expect(parseHex("#0a141E")).toEqual([10, 20, 30]);
  expect(parseHex("abc")).toEqual([170, 187, 204]);
  expect(parseHex("#12345")).toBeNull();
  expect(parseHex("green")).toBeNull();
  expect(toHex([10, 20, 30])).toBe("#0a141e");
});

/** The eleven basic color terms (Berlin and Kay 1969), CIELAB, and the nearest term to a color. */

import tables from "../tables.json";

export type Rgb = [number, number, number];
export type Lab = [number, number, number];

export const TERMS: readonly string[] = tables.terms;

const EXEMPLARS = TERMS.flatMap((term, index) =>
  (tables.exemplars as Record<string, string[]>)[term]!.map((hex) => ({ index, lab: labOf(parseHex(hex)) })),
);
const [EPSILON, KAPPA] = [216 / 24389, 24389 / 27];

/** "#e27022", "e27022" or "#fff" to (226, 112, 34). */
export function parseHex(color: string): Rgb {
  let digits = color.replace("#", "");
  if (digits.length === 3) digits = [...digits].map((digit) => digit + digit).join("");
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16)) as Rgb;
}

export function formatHex(rgb: readonly number[]): string {
  return `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** sRGB, 0 to 255, as linear light, 0 to 1 (IEC 61966-2-1). */
export function linear(part: number): number {
  const value = part / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** sRGB, 0 to 255, to CIELAB under D65. */
export function labOf(rgb: ArrayLike<number>): Lab {
  const [r, g, b] = [linear(rgb[0]!), linear(rgb[1]!), linear(rgb[2]!)];
  const x = curve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = curve(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = curve((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function curve(value: number): number {
  return value > 216 / 24389 ? Math.cbrt(value) : ((24389 / 27) * value + 16) / 116;
}

/** CIELAB to sRGB, 0 to 255, clipped, not rounded. */
export function rgbOf([lightness, a, b]: Lab): Rgb {
  const y = (lightness + 16) / 116;
  const white = [0.95047, 1, 1.08883];
  const xyz = [y + a / 500, y, y - b / 200].map((f, i) => {
    return (f ** 3 > EPSILON ? f ** 3 : (116 * f - 16) / KAPPA) * white[i]!;
  });
  return FROM_XYZ.map((row) => {
    const found = row[0]! * xyz[0]! + row[1]! * xyz[1]! + row[2]! * xyz[2]!;
    const light = Math.min(1, Math.max(0, found));
    return 255 * (light > 0.0031308 ? 1.055 * light ** (1 / 2.4) - 0.055 : 12.92 * light);
  }) as Rgb;
}

const FROM_XYZ = inverse([
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
]);

function inverse(m: number[][]): number[][] {
  const at = (i: number, j: number) => m[(i + 3) % 3]![(j + 3) % 3]!;
  const minor = (i: number, j: number) =>
    at(i + 1, j + 1) * at(i + 2, j + 2) - at(i + 1, j + 2) * at(i + 2, j + 1);
  const whole = at(0, 0) * minor(0, 0) + at(0, 1) * minor(0, 1) + at(0, 2) * minor(0, 2);
  return [0, 1, 2].map((i) => [0, 1, 2].map((j) => minor(j, i) / whole));
}

/** Distance in CIELAB (CIE 1976). */
export function apart(one: Lab, other: Lab): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

/** The index into `TERMS` of a color's name. */
export function nameOf(lab: Lab): number {
  let [best, index] = [Infinity, 0];
  for (const each of EXEMPLARS) {
    const [dl, da, db] = [lab[0] - each.lab[0], lab[1] - each.lab[1], lab[2] - each.lab[2]];
    const distance = dl * dl + da * da + db * db;
    if (distance < best) [best, index] = [distance, each.index];
  }
  return index;
}

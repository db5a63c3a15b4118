/** The areas that lines close: what a click fills, locks and flattens. Pixels row by row. */

export type Rgb = [red: number, green: number, blue: number];

/** The region of each pixel, 0 on lines, from an image that packs it as R + 256 G. */
export function unpackRegions(rgba: Uint8ClampedArray): Uint32Array {
  const regions = new Uint32Array(rgba.length / 4);
  for (let at = 0; at < regions.length; at++) regions[at] = rgba[4 * at]! + 256 * rgba[4 * at + 1]!;
  return regions;
}

/** Give each pixel of a line to the region nearest to it, so that a fill reaches the line's middle. */
export function reachLines(regions: Uint32Array, width: number): Uint32Array {
  const owners = regions.slice();
  let front: number[] = [];
  for (let at = 0; at < owners.length; at++) if (owners[at]) front.push(at);
  while (front.length) {
    const next: number[] = [];
    for (const at of front) {
      const x = at % width;
      for (const to of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
        if (to < 0 || to >= owners.length || owners[to]) continue;
        owners[to] = owners[at]!;
        next.push(to);
      }
    }
    front = next;
  }
  return owners;
}

/** The smallest window that holds all pixels that are chosen; null if none is. */
export function windowOf(count: number, width: number, chosen: (at: number) => boolean) {
  let [left, top, right, bottom] = [width, Infinity, -1, -1];
  for (let at = 0; at < count; at++) {
    if (!chosen(at)) continue;
    const x = at % width;
    const y = (at - x) / width;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    bottom = y;
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

function put(rgba: Uint8ClampedArray, at: number, color: Rgb | null): void {
  const start = 4 * at;
  rgba[start] = color ? color[0] : 255;
  rgba[start + 1] = color ? color[1] : 255;
  rgba[start + 2] = color ? color[2] : 255;
  rgba[start + 3] = color ? 255 : 0;
}

/** Paint a region; a color of null takes its paint off. */
export function fill(rgba: Uint8ClampedArray, owners: Uint32Array, region: number, color: Rgb | null): void {
  for (let at = 0; at < owners.length; at++) if (owners[at] === region) put(rgba, at, color);
}

/** The one color that covers most of each region; null where it has no paint. */
export function plainColors(rgba: Uint8ClampedArray, owners: Uint32Array): Map<number, Rgb | null> {
  const counts = new Map<number, Map<number, number>>();
  for (let at = 0; at < owners.length; at++) {
    const start = 4 * at;
    const color = rgba[start + 3]! < 128 ? -1 : (rgba[start]! << 16) | (rgba[start + 1]! << 8) | rgba[start + 2]!;
    let of = counts.get(owners[at]!);
    if (!of) counts.set(owners[at]!, (of = new Map()));
    of.set(color, (of.get(color) ?? 0) + 1);
  }
  const plain = new Map<number, Rgb | null>();
  for (const [region, of] of counts) {
    const [color] = [...of].reduce((most, next) => (next[1] > most[1] ? next : most));
    plain.set(region, color < 0 ? null : [color >> 16, (color >> 8) & 255, color & 255]);
  }
  return plain;
}

/**
 * Paint regions in their colors: flat, or softly lit from the upper left of each.
 *
 * @param only these regions; without it all.
 */
export function shade(
  rgba: Uint8ClampedArray,
  owners: Uint32Array,
  width: number,
  plain: ReadonlyMap<number, Rgb | null>,
  soft: boolean,
  only?: number,
): void {
  const bounds = new Map<number, [left: number, top: number, right: number, bottom: number]>();
  if (soft)
    for (let at = 0; at < owners.length; at++) {
      const x = at % width;
      const y = (at - x) / width;
      const of = bounds.get(owners[at]!);
      if (!of) bounds.set(owners[at]!, [x, y, x, y]);
      else {
        if (x < of[0]) of[0] = x;
        if (x > of[2]) of[2] = x;
        of[3] = y;
      }
    }
  for (let at = 0; at < owners.length; at++) {
    const region = owners[at]!;
    if (only !== undefined && region !== only) continue;
    const color = plain.get(region) ?? null;
    put(rgba, at, color);
    const of = bounds.get(region);
    if (!of || !color) continue;
    const x = at % width;
    const y = (at - x) / width;
    const down = (x - of[0]) / (of[2] - of[0] + 1) + 2 * ((y - of[1]) / (of[3] - of[1] + 1));
    const light = 1.06 - 0.09 * down; // 1.06 to 0.79
    for (let channel = 0; channel < 3; channel++) rgba[4 * at + channel] = color[channel]! * light;
  }
}

/** White where a locked region is, black elsewhere: RGBA. */
export function lockMask(owners: Uint32Array, locked: ReadonlySet<number>): Uint8ClampedArray {
  const mask = new Uint8ClampedArray(4 * owners.length);
  for (let at = 0; at < owners.length; at++)
    put(mask, at, locked.has(owners[at]!) ? [255, 255, 255] : [0, 0, 0]);
  return mask;
}

/** "#a1b2c3", "a1b2c3" or "#abc" as a color; null if it is none. */
export function parseHex(text: string): Rgb | null {
  const digits = text.trim().replace(/^#/, "");
  const full = digits.length === 3 ? digits.replace(/./g, "$&$&") : digits;
  if (!/^[0-9a-f]{6}$/i.test(full)) return null;
  return [0, 2, 4].map((start) => parseInt(full.slice(start, start + 2), 16)) as Rgb;
}

/** A color as "#a1b2c3". */
export const toHex = (color: readonly number[]): string =>
  `#${color.slice(0, 3).map((value) => value.toString(16).padStart(2, "0")).join("")}`;

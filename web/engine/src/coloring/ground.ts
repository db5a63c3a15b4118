/** Finds the background of a sketch: pokecolor/coloring/ground.py. */

import { distanceOff } from "../images/distance";
import { maximum } from "../images/filters";
import { countLabels, crop, largest, maskOf, pad, sum, unpad, type Grid, type Mask } from "../images/grid";
import { border, findBoxes, label } from "../images/labels";
import type { Cells } from "./cells";
import { LINE, findRegions } from "./regions";
import { spread } from "./spreading";

const GROUND_GAP = 1 / 14;
const LIGHT = 0.93;
const LIGHT_SHARE = 0.3;
const ENCLOSED = 0.15;
const [STRONG, FILLED] = [0.6, 0.8];
const [SOLID, SOLID_AREA, SOLID_RADIUS, SOLID_RIM] = [0.8, 0.01, 0.02, 0.2];

/** Where nothing is drawn; no lines. */
export function findGround(cells: Cells): Mask {
  const { ink } = cells;
  const { width } = ink;
  const open = maskOf(ink, (i) => ink.data[i]! < LINE);
  const { regions, wide } = findRegions(ink, GROUND_GAP);
  wideBeyond(open).data.forEach((is, i) => (wide.data[i]! |= is));
  const shares = cells.shares(regions, open);
  const lightness = Float64Array.from({ length: cells.width * cells.height }, (_, i) => cells.lightness(i));
  const ground = maskOf(ink, () => false);
  const filled = new Int8Array(ink.data.length);
  for (let i = 0; i < filled.length; i++) {
    const cell = cells.cellOf(i % width, Math.floor(i / width));
    filled[i] = cells.trust[cell]! < 1 ? 0 : lightness[cell]! < STRONG ? 1 : -1;
  }
  const boxes = findBoxes(regions, largest(regions.data));
  for (const region of [...new Set(border(regions).map((i) => regions.data[i]!))].sort((a, b) => a - b)) {
    const { at, area } = shares[region - 1]!;
    const weights = { width: cells.width, height: cells.height, data: new Float64Array(lightness.length) };
    at.forEach((cell, i) => (weights.data[cell] = area[i]! * cells.trust[cell]!));
    const known = sum(weights.data);
    const bright = sum(at.map((cell) => (lightness[cell]! >= LIGHT ? weights.data[cell]! : 0)));
    if (known === 0 || bright < LIGHT_SHARE * known) continue;
    const window = boxes[region - 1]!;
    const values: Grid<Float64Array> = { ...weights, data: lightness };
    const light = spread([values], weights, window, ink)[0]!;
    const [own, openHere, wideHere] = [crop(regions, window), crop(open, window), crop(wide, window)];
    const inside = maskOf(own, (i) => own.data[i] === region && !!openHere.data[i]);
    const paint = maskOf(own, (i) => !!inside.data[i] && light.data[i]! < SOLID);
    const solid = solidOf(paint, openHere, ink.data.length).data;
    const filledHere = crop({ width, height: ink.height, data: Int32Array.from(filled) }, window).data;
    const narrow = maskOf(own, (i) => !!inside.data[i] && !wideHere.data[i]);
    const corners = cornersOf(narrow, openHere, filledHere).data;
    for (let i = 0; i < own.data.length; i++) {
      const spilled = (wideHere.data[i] && !solid[i]) || corners[i];
      if (!inside.data[i] || !(light.data[i]! >= LIGHT || spilled)) continue;
      const [x, y] = [i % own.width, Math.floor(i / own.width)];
      ground.data[(window.top + y) * width + window.left + x] = 1;
    }
  }
  return ground;
}

/** Where the ball fits, were there white paper all around. */
function wideBeyond(open: Mask): Mask {
  const radius = (GROUND_GAP * Math.max(open.height, open.width)) / 2;
  const edge = Math.ceil(radius) + 1;
  const depth = distanceOff(pad(open, edge, 1));
  const away = unpad(distanceOff(maskOf(depth, (i) => depth.data[i]! <= radius)), edge).data;
  return maskOf(open, (i) => away[i]! <= radius && !!open.data[i]);
}

/** Those of the narrow places that neither lines nor paint make a part. */
function cornersOf(narrow: Mask, open: Mask, filled: Int32Array): Mask {
  const places = label(narrow);
  if (!places.count) return narrow;
  const beside = maximum(places, 3).data;
  const count = (labels: Int32Array, is: (i: number) => boolean) =>
    countLabels(labels, places.count, maskOf(narrow, is).data);
  const walls = count(beside, (i) => !open.data[i]);
  const waysOut = count(beside, (i) => !!open.data[i] && !narrow.data[i]);
  const painted = count(places.data, (i) => filled[i]! > 0);
  const known = count(places.data, (i) => filled[i] !== 0);
  const outside = Array.from(
    walls,
    (wall, i) => waysOut[i]! > ENCLOSED * (wall + waysOut[i]!) && painted[i]! <= FILLED * known[i]!,
  );
  return maskOf(narrow, (i) => outside[places.data[i]!]! && !!narrow.data[i]);
}

/** The patches of paint that are large and thick and end at lines; `area` is the whole sketch's. */
function solidOf(paint: Mask, open: Mask, area: number): Mask {
  const patches = label(paint);
  if (!patches.count) return paint;
  // a line that runs through a patch makes it no thinner
  const around = pad(maskOf(paint, (i) => !!paint.data[i] || !open.data[i]), 1, "edge");
  const depth = unpad(distanceOff(around), 1).data;
  const thickness = Math.max(1, SOLID_RADIUS * Math.max(paint.height, paint.width));
  const beside = maximum(patches, 3).data;
  const rim = beside.map((patch, i) => (paint.data[i] ? 0 : patch));
  const pixels = (of: Int32Array, is: (i: number) => boolean) =>
    countLabels(of, patches.count, maskOf(paint, is).data);
  const sizes = pixels(patches.data, () => true);
  const thick = pixels(patches.data, (i) => depth[i]! > thickness);
  const walls = pixels(rim, (i) => !open.data[i]);
  const rims = pixels(rim, () => true);
  const solid = Array.from(
    sizes,
    (size, i) => i > 0 && size >= SOLID_AREA * area && thick[i]! > 0 && walls[i]! >= SOLID_RIM * rims[i]!,
  );
  return maskOf(paint, (i) => solid[patches.data[i]!]!);
}

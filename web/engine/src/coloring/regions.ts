/** The closed regions of a line drawing: pokecolor/coloring/regions.py. */

import { byte } from "../images/conversion";
import { distanceOff, nearestOff } from "../images/distance";
import { clamp, countLabels, largest, maskOf, type Labels, type Mask, type Reals } from "../images/grid";
import { label } from "../images/labels";
import { watershed } from "../images/watershed";

/** Ink from which on a pixel belongs to a line. */
export const LINE = 0.25;
const SPECK = 3e-5;

/** Number the regions that lines close, gaps up to `gap` closed; and where a ball of it fits. */
export function findRegions(ink: Reals, gap: number): { regions: Labels; wide: Mask } {
  const { width, height } = ink;
  const open = maskOf(ink, (i) => ink.data[i]! < LINE);
  const plain = label(open);
  const one = { width, height, data: new Int32Array(ink.data.length).fill(1) };
  if (!plain.count) return { regions: one, wide: maskOf(ink, () => false) };
  const radius = (gap * Math.max(width, height)) / 2;
  const depth = distanceOff(open).data;
  const balls = label(maskOf(ink, (i) => depth[i]! > radius));
  const seeds = balls.data.slice();
  if (balls.count) {
    // what the balls cover lies on their side of every line
    const nearest = nearestOff(maskOf(ink, (i) => balls.data[i] === 0)).data;
    nearest.forEach((at, i) => {
      const dx = (i % width) - (at % width);
      const dy = Math.floor(i / width) - Math.floor(at / width);
      seeds[i] = Math.sqrt(dx * dx + dy * dy) <= radius ? balls.data[at]! : 0;
    });
  }
  const wide = maskOf(ink, (i) => seeds[i]! > 0);
  // a region too small for a ball is a region all the same, unless it is a speck
  const sizes = countLabels(plain.data, plain.count);
  const wanted = Uint8Array.from(sizes, (size) => (size >= SPECK * ink.data.length ? 1 : 0));
  seeds.forEach((seed, i) => {
    if (seed > 0) wanted[plain.data[i]!] = 0;
  });
  wanted[0] = 0;
  let number = balls.count;
  const numbers = Int32Array.from(wanted, (is) => (is ? ++number : 0));
  let any = false;
  for (let i = 0; i < seeds.length; i++) {
    if (seeds[i] === 0) seeds[i] = numbers[plain.data[i]!]!;
    any ||= seeds[i]! > 0;
  }
  if (!any) return { regions: one, wide };
  return { regions: flood(ink, { width, height, data: seeds }), wide };
}

/** Part what is painted from the background, which becomes one region, where a gap joins them. */
export function divide(regions: Labels, ink: Reals, ground: Mask): Labels {
  const last = largest(regions.data);
  const beside = new Uint8Array(last + 1);
  regions.data.forEach((region, i) => {
    if (ground.data[i]) beside[region] = 1;
  });
  const open = (i: number) => ink.data[i]! < LINE;
  const painted = label(
    maskOf(ink, (i) => !!beside[regions.data[i]!] && open(i) && !ground.data[i]),
  );
  const sizes = countLabels(painted.data, painted.count);
  let any = false;
  const seeds = regions.data.map((region, i) => {
    let seed = open(i) ? region : 0;
    const part = painted.data[i]!;
    if (part) seed = sizes[part]! < SPECK * ink.data.length ? 0 : last + part;
    if (ground.data[i]) seed = last + painted.count + 1;
    any ||= seed > 0;
    return seed;
  });
  return any ? renumber(flood(ink, { ...regions, data: seeds })) : regions;
}

/** The pairs of regions that no line parts, only a gap that was closed, in order. */
export function findNeighbors(regions: Labels, open: Mask): [number, number][] {
  const { width, data } = regions;
  const count = largest(data) + 1;
  const pairs = new Set<number>();
  const add = (i: number, j: number) => {
    const [one, other] = [data[i]!, data[j]!];
    if (one === other || !open.data[i] || !open.data[j]) return;
    pairs.add(Math.min(one, other) * count + Math.max(one, other));
  };
  for (let i = 0; i < data.length; i++) {
    if ((i + 1) % width) add(i, i + 1);
    if (i + width < data.length) add(i, i + width);
  }
  return [...pairs].sort((a, b) => a - b).map((pair) => [Math.floor(pair / count), pair % count]);
}

/** Grow numbered seeds over all pixels, those with little ink first. */
function flood(ink: Reals, seeds: Labels): Labels {
  const cost = new Uint8Array(ink.data.length);
  for (let i = 0; i < cost.length; i++) cost[i] = byte(clamp(ink.data[i]!, 0, 1));
  return watershed({ ...ink, data: cost }, seeds);
}

/** The same regions, numbered from 1 on without holes. */
function renumber(regions: Labels): Labels {
  const present = new Int32Array(largest(regions.data) + 1);
  for (const region of regions.data) present[region] = 1;
  let number = 0;
  const numbers = present.map((is) => (number += is));
  return { ...regions, data: regions.data.map((region) => numbers[region]!) };
}

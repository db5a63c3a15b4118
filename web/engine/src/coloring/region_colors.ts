/** Reduces the colors of each region to the few that the model used: pokecolor/coloring/region_colors.py. */

import { distanceOff } from "../images/distance";
import { countLabels, maskOf, pad, sum, unpad, type Labels, type Mask } from "../images/grid";
import { label, largestIn } from "../images/labels";
import { DOUBT, type Cells, type Share } from "./cells";
import { TERMS, apart, labOf, type Lab, type Rgb } from "./colors";
import { findNeighbors } from "./regions";

const APART = 20;
const [LEAST_CELLS, LEAST_SHARE] = [12, 0.02];
const LEAST_DEPTH = 2;
const CANDIDATES = 3;
const DETOUR = 1.1;
const SAME = 8;
const SMEARED = 0.4;
const FITS = 20;

/** The colors of one region. */
export class RegionColors {
  /** The commonest first. */
  colors: Rgb[];
  /** In cells. */
  readonly area: number;
  /** Which color each of its cells bears, [cells * colors], 0 to 1; null of a single color. */
  shares: Float32Array | null = null;

  constructor(
    color: Rgb,
    /** Its cells. */
    readonly at: number[],
    area: number[],
    /** How much each of them is known to be the region's. */
    readonly weights: number[],
  ) {
    this.colors = [color];
    this.area = sum(area);
  }

  /** Whether lines cross all of its cells. */
  get doubtful(): boolean {
    return sum(this.weights) <= DOUBT * 2 * this.area;
  }
}

/** The colors of all regions, region 1 first, at most so many of each. */
export function findColors(cells: Cells, regions: Labels, open: Mask, most: number): RegionColors[] {
  const found = cells.shares(regions, open).map(({ at, area: pixels }: Share) => {
    const area = pixels.map((count) => Math.fround(count / cells.size));
    const weights = area.map((share, i) => share * cells.trust[at[i]!]!);
    const of = new RegionColors(commonest(cells, at, weights), at, area, weights);
    while (of.colors.length < most && addColor(cells, of));
    return of;
  });
  unify(found);
  join(found, findNeighbors(regions, open));
  return found;
}

/** The median color of those cells that bear the commonest name. */
function commonest(cells: Cells, at: number[], weights: number[]): Rgb {
  if (!weights.length) return [255, 255, 255];
  const name = indexOfMost(votesOf(cells, at, weights));
  const chosen = at.flatMap((cell, i) => (cells.names[cell] === name ? [i] : []));
  const half = sum(chosen.map((i) => weights[i]!)) / 2;
  return [0, 1, 2].map((c) => {
    const value = (i: number) => cells.colors.data[3 * at[i]! + c]!;
    const order = [...chosen].sort((a, b) => value(a) - value(b));
    let total = 0;
    const middle = order.find((i) => (total += weights[i]!) >= half);
    return value(middle ?? order[0]!);
  }) as Rgb;
}

function votesOf(cells: Cells, at: number[], weights: number[]): number[] {
  const votes = new Array<number>(TERMS.length).fill(0);
  at.forEach((cell, i) => (votes[cells.names[cell]!]! += weights[i]!));
  return votes;
}

function indexOfMost(values: number[]): number {
  return values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
}

/** Find one more color of a region; whether there is one. */
function addColor(cells: Cells, of: RegionColors): boolean {
  const least = Math.max(LEAST_CELLS, LEAST_SHARE * of.area);
  const labs = of.colors.map(labOf);
  const other = of.at.flatMap((cell, i) => {
    const away = Math.min(...labs.map((lab) => apart(cells.lab[cell]!, lab)));
    return away > APART && of.weights[i]! > DOUBT ? [i] : [];
  });
  const [at, weights] = [other.map((i) => of.at[i]!), other.map((i) => of.weights[i]!)];
  if (sum(weights) < least) return false;
  const votes = votesOf(cells, at, weights);
  const names = votes.map((_, i) => i).sort((a, b) => votes[b]! - votes[a]!);
  for (const name of names.slice(0, CANDIDATES)) {
    const named = at.flatMap((cell, i) => (cells.names[cell] === name ? [i] : []));
    if (!named.length) return false;
    const added = commonest(cells, named.map((i) => at[i]!), named.map((i) => weights[i]!));
    const colors = [...of.colors, added];
    if (colors.length > 2 && isBlend(colors.map(labOf))) continue;
    const shares = divide(cells, of, colors, least);
    if (!shares) continue;
    [of.colors, of.shares] = [colors, shares];
    return true;
  }
  return false;
}

/** Whether one of three colors is what lies on the way between the others. */
function isBlend(labs: Lab[]): boolean {
  const sides = labs.map((lab, i) => apart(lab, labs[(i + labs.length - 1) % labs.length]!));
  const longest = Math.max(...sides);
  return sum(sides) - longest < DETOUR * longest;
}

/** Which of a region's cells bear which color; null if one covers no patch large and deep enough. */
function divide(cells: Cells, of: RegionColors, colors: Rgb[], least: number): Float32Array | null {
  const count = colors.length;
  const labs = colors.map(labOf);
  const away = of.at.map((cell) => labs.map((lab) => apart(cells.lab[cell]!, lab)));
  const nearest = away.map((each) => each.indexOf(Math.min(...each)));
  const area = new Float64Array(cells.width * cells.height);
  of.at.forEach((cell, i) => (area[cell] = of.weights[i]!));
  for (let number = 0; number < count; number++) {
    const mine = maskOf(cells, () => false);
    of.at.forEach((cell, i) => {
      if (of.weights[i]! > DOUBT && nearest[i] === number) mine.data[cell] = 1;
    });
    const patches = label(mine);
    const sizes = countLabels(patches.data, patches.count, area);
    // beyond the picture there is none of it, either
    const depth = largestIn(unpad(distanceOff(pad(mine, 1, 0)), 1).data, patches.data, patches.count);
    const kept = Array.from(sizes, (size, i) => i > 0 && size >= least && depth[i]! >= LEAST_DEPTH);
    if (!kept.includes(true)) return null;
    // what a patch that is too small bears goes to the next color
    of.at.forEach((cell, i) => {
      if (nearest[i] === number && !kept[patches.data[cell]!]) away[i]![number] = 1e3;
    });
  }
  return Float32Array.from(
    away.flatMap((each) => {
      const shares = each.map((distance) => 1 / Math.max(distance, 1) ** 2);
      return shares.map((share) => share / sum(shares));
    }),
  );
}

/** Make almost equal colors one, and find the colors of what lines stained. */
function unify(found: RegionColors[]): void {
  const entries = found
    .filter((of) => !of.doubtful)
    .flatMap((of) => of.colors.map((_, number) => ({ of, number, area: areaOf(of, number) })))
    .sort((a, b) => b.area - a.area);
  const palette: { color: Rgb; lab: Lab }[] = [];
  for (const { of, number } of entries) {
    const lab = labOf(of.colors[number]!);
    const near = nearestOf(lab, palette);
    if (near && near.away < SAME) of.colors[number] = [...near.entry.color];
    else palette.push({ color: of.colors[number]!, lab });
  }
  const stained = palette.flatMap(({ color }) =>
    [0, 1, 2, 3, 4, 5].map((step) => ({
      color,
      lab: labOf(color.map((part) => part * (1 - (SMEARED * step) / 5))),
    })),
  );
  for (const of of found) {
    if (!of.doubtful) continue;
    const near = nearestOf(labOf(of.colors[0]!), stained);
    if (near && near.away < FITS) of.colors[0] = [...near.entry.color];
  }
}

function areaOf(of: RegionColors, number: number): number {
  if (!of.shares) return of.area;
  return sum(of.weights.map((weight, i) => weight * of.shares![i * of.colors.length + number]!));
}

function nearestOf<T extends { lab: Lab }>(lab: Lab, entries: T[]): { entry: T; away: number } | null {
  let best: { entry: T; away: number } | null = null;
  for (const entry of entries) {
    const away = apart(lab, entry.lab);
    if (!best || away < best.away) best = { entry, away };
  }
  return best;
}

/** Give the parts of what only a gap was closed in one color, unless two were painted. */
function join(found: RegionColors[], neighbors: [number, number][]): void {
  const beside = new Map<number, Set<number>>();
  const add = (one: number, other: number) => {
    if (!beside.has(one)) beside.set(one, new Set());
    beside.get(one)!.add(other);
  };
  for (const [one, other] of neighbors) {
    add(one, other);
    add(other, one);
  }
  const done = new Set<number>();
  const order = [...beside.keys()].sort((a, b) => found[b - 1]!.area - found[a - 1]!.area);
  for (const region of order) {
    done.add(region);
    const large = found[region - 1]!.colors.map((color) => ({ color, lab: labOf(color) }));
    for (const other of beside.get(region)!) {
      if (done.has(other)) continue;
      const small = found[other - 1]!.colors;
      small.forEach((color, i) => {
        const near = nearestOf(labOf(color), large)!;
        if (near.away < APART) small[i] = [...near.entry.color];
      });
    }
  }
}

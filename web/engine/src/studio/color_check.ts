/** Checks part by part whether a picture has the colors asked for: pokecolor/app/color_check.py. */

import type { Verdict } from "../../../page/src/engine";
import { TERMS, formatHex, labOf, nameOf } from "../coloring/colors";
import { STROKE_CONTRAST, inkOf } from "../coloring/line_art";
import { distanceOff } from "../images/distance";
import { maximum } from "../images/filters";
import { countLabels, largest, maskOf, median, type Picture, type Reals } from "../images/grid";
import { fillHoles, label } from "../images/labels";
import { KNOWN } from "../instruction/color_names";
import type { Instruction } from "../instruction/english";
import { WHOLE, type Pair } from "../instruction/telling";
import { rint } from "../rounding";
import tables from "../tables.json";

const SIDE = 384;
const TRACE = 0.002;
const MOST = 0.5;
export const BODY = "body";
const SOLID = ["eyes", "nose", "mouth", "buttons", "spots"];
const [THICK, LARGEST] = [1.8, 0.02];
const SYNONYMS = tables.synonyms as Record<string, string>;

/** What a color that was asked for looks like. */
export function hexOf(pair: Pair): string {
  return formatHex(pair.exact ?? KNOWN.get(pair.color)!);
}

/** What is to have the color; "" for the whole drawing. */
export function partOf(pair: Pair, instruction: Instruction): string {
  return [WHOLE, BODY, instruction.subject].includes(pair.noun) ? "" : pair.noun;
}

/** The basic terms by which pixels of a color that was asked for may be called, as indices. */
function wantedTerms(pair: Pair): Set<number> {
  const said = pair.exact ? [] : pair.color.split(" ").map((word) => TERMS.indexOf(SYNONYMS[word] ?? word));
  const name = nameOf(labOf(pair.exact ?? KNOWN.get(pair.color)!));
  return new Set([name, ...said.filter((term) => term >= 0)]);
}

interface Wanted {
  part: string;
  pair: Pair;
  terms: Set<number>;
}

/** Look for each color within the drawing; `colors` RGBA, `lineArt` RGB of one size. */
export function checkParts(colors: Picture, lineArt: Picture, instruction: Instruction): Verdict[] {
  const scale = Math.min(1, SIDE / Math.max(colors.width, colors.height));
  const [width, height] = [colors.width, colors.height].map((side) => Math.max(1, rint(side * scale)));
  // the nearest pixel: a blend of two colors would be a third
  const [layer, lines] = [colors, lineArt].map((image) => nearest(image, width!, height!));
  const ink = inkOf(lines!);
  const painted = (i: number) => layer!.data[4 * i + 3]! > 0;
  const drawn = fillHoles(maskOf(ink, (i) => painted(i) || ink.data[i]! >= STROKE_CONTRAST)).data;
  const known = new Map<number, number>();
  const counts = new Array<number>(TERMS.length).fill(0);
  for (let i = 0; i < drawn.length; i++) {
    if (!drawn[i] || ink.data[i]! >= STROKE_CONTRAST) continue;
    const [r, g, b] = painted(i) ? layer!.data.subarray(4 * i, 4 * i + 3) : [255, 255, 255];
    const key = (r! << 16) | (g! << 8) | b!;
    let name = known.get(key);
    if (name === undefined) known.set(key, (name = nameOf(labOf([r!, g!, b!]))));
    counts[name]!++;
  }
  const total = counts.reduce((a, b) => a + b, 0);
  const wanted = instruction.pairs.map((pair) => ({
    part: partOf(pair, instruction),
    pair,
    terms: wantedTerms(pair),
  }));
  const solid = total > 0 && hasSolidInk(ink);
  return wanted.map((each) => verdictOf(each, wanted, counts, total, solid));
}

function verdictOf(own: Wanted, all: Wanted[], counts: number[], total: number, solid: boolean): Verdict {
  const { part, pair, terms } = own;
  const has = (which: Set<number>) => [...which].reduce((found, term) => found + counts[term]!, 0);
  const union = (which: Wanted[]) => new Set(which.flatMap((each) => [...each.terms]));
  const without = (one: Set<number>, other: Set<number>) => new Set([...one].filter((term) => !other.has(term)));
  let state: Verdict["state"];
  let share: number | null = null;
  if (part === "") {
    const rest = total - has(without(union(all.filter((each) => each.part)), terms));
    share = rest ? has(terms) / rest : 0;
    state = share >= MOST / all.filter((each) => each.part === "").length ? "right" : "wrong";
  } else if (SOLID.includes(part) && solid && terms.has(TERMS.indexOf("black"))) {
    state = "present";
  } else if (all.some((other) => other.part !== part && [...terms].some((term) => other.terms.has(term)))) {
    state = has(terms) ? "unmeasured" : "absent";
  } else {
    state = has(terms) >= Math.max(1, TRACE * total) ? "present" : "absent";
  }
  const alone = without(union(all.filter((each) => each.part === part)), union(all.filter((each) => each.part !== part)));
  const isThere = has(alone) >= TRACE * total;
  if (SOLID.includes(part) && state !== "present" && solid && !isThere) state = "ink";
  return { part, color: pair.color, hex: hexOf(pair), state, share };
}

/** Whether there are small areas of solid ink, as eyes are often drawn. */
function hasSolidInk(ink: Reals): boolean {
  const drawn = maskOf(ink, (i) => ink.data[i]! >= STROKE_CONTRAST);
  const depth = distanceOff(drawn);
  const peak = maximum(depth, 3).data;
  const ridge = depth.data.filter((value, i) => drawn.data[i] && value === peak[i]);
  if (!ridge.length) return false;
  const thick = THICK * Math.max(1, median(ridge));
  const cores = maskOf(depth, (i) => depth.data[i]! > thick);
  if (!cores.data.includes(1)) return false;
  const away = distanceOff(maskOf(cores, (i) => !cores.data[i])).data;
  const areas = label(maskOf(drawn, (i) => !!drawn.data[i] && away[i]! <= thick));
  const sizes = countLabels(areas.data, areas.count).slice(1);
  return largest(sizes.map((size) => (size <= LARGEST * ink.data.length ? 1 : 0)), 0) > 0;
}

function nearest(image: Picture, width: number, height: number): Picture {
  const { channels } = image;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const row = Math.trunc(((y + 0.5) * image.height) / height) * image.width;
    for (let x = 0; x < width; x++) {
      const from = (row + Math.trunc(((x + 0.5) * image.width) / width)) * channels;
      data.set(image.data.subarray(from, from + channels), (y * width + x) * channels);
    }
  }
  return { width, height, channels, data };
}

/** Named colors and the nearest word that mini knows: pokecolor/coloring/instruction/color_names.py. */

import people from "../../../../pokecolor/coloring/instruction/colors.tsv?raw";
import { TERMS, apart as distance, labOf, parseHex, type Rgb } from "../coloring/colors";
import { rint } from "../rounding";
import tables from "../tables.json";

type Table<T = string> = Record<string, T>;
const SYNONYMS = tables.synonyms as Table;
export const SHADES = tables.shades as Table;
const LIGHTER = tables.lighter as Table<number>;
const ISH = tables.ish as Table;
const CSS = tables.css as Table;
const FAVOR = 0.7;

/** The color words that mini learned, each with a typical color. */
export const KNOWN = new Map<string, Rgb>(
  Object.entries(tables.known).map(([word, hex]) => [word, parseHex(hex)]),
);
const LABS = [...KNOWN].map(([word, rgb]) => ({ word, lab: labOf(rgb), weight: TERMS.includes(word) ? FAVOR : 1 }));

/** A color by its value. */
export const VALUE =
  String.raw`#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}_])(?:rgb|hsl|hsv)a?\s*\([^()]{3,60}\)`;

/** A color that was written. */
export interface NamedColor {
  /** The word that mini knows for it. */
  word: string;
  /** Its color, if no word that mini knows means it. */
  exact: Rgb | null;
  byValue?: boolean;
}

const PEOPLE = new Map<string, NamedColor>();
for (const line of people.split(/\r?\n/).slice(1)) {
  const [name, hex, word] = line.split("\t");
  if (!name) continue;
  const exact = hex ? parseHex(hex) : null;
  PEOPLE.set(name, { word: word || nearestWord(exact!), exact });
}
/** Single words that name a color, which a misspelled one may stand for. */
export const SPELLINGS = [
  ...new Set([
    ...TERMS, ...Object.keys(SYNONYMS), ...Object.keys(ISH), ...Object.keys(CSS),
    ...[...KNOWN.keys(), ...PEOPLE.keys()].filter((word) => !word.includes(" ")),
  ]),
]; // prettier-ignore

/** A color as CSS writes it: "#f00", "rgb(255, 0, 0)", "hsl(0, 100%, 50%)". */
export function readValue(text: string): NamedColor | null {
  const exact = text.startsWith("#") ? hexOf(text) : functionOf(text);
  return exact && { word: nearestWord(exact), exact, byValue: true };
}

function hexOf(text: string): Rgb {
  const digits = text.slice(1);
  return parseHex(digits.length < 6 ? digits.slice(0, 3) : digits.slice(0, 6));
}

function functionOf(text: string): Rgb | null {
  const [name, inner] = text.toLowerCase().split("(") as [string, string];
  const numbers = (inner.match(/-?\d+(?:\.\d+)?%?/g) ?? []).slice(0, 3);
  if (numbers.length < 3) return null;
  const kind = name.trim().slice(0, 3);
  if (kind === "rgb") {
    const percent = numbers.every((each) => /^\d+%$/.test(each));
    if (!percent && !numbers.every((each) => /^\d+$/.test(each))) return null;
    const parts = numbers.map((each) => (percent ? Math.trunc((parseInt(each) * 255) / 100 + 0.5) : parseInt(each)));
    return parts.map((part) => Math.min(255, part)) as Rgb;
  }
  if (!/^\d+(?:\.\d+)?$/.test(numbers[0]!) || numbers.some((each) => each.startsWith("-"))) return null;
  const [hue, saturation, last] = numbers.map(parseFloat) as [number, number, number];
  const rgb = kind === "hsl" ? fromHsl(hue / 360, saturation / 100, last / 100) : fromHsv(hue / 360, saturation / 100, last / 100);
  return rgb.map((part) => Math.min(255, Math.max(0, Math.trunc(part * 255 + 0.5)))) as Rgb;
}

function fromHsl(h: number, s: number, l: number): number[] {
  if (s === 0) return [l, l, l];
  const high = l <= 0.5 ? l * (1 + s) : l + s - l * s;
  const low = 2 * l - high;
  return [h + 1 / 3, h, h - 1 / 3].map((hue) => {
    const at = ((hue % 1) + 1) % 1;
    if (at < 1 / 6) return low + (high - low) * at * 6;
    if (at < 0.5) return high;
    return at < 2 / 3 ? low + (high - low) * (2 / 3 - at) * 6 : low;
  });
}

function fromHsv(h: number, s: number, v: number): number[] {
  const sector = Math.trunc(h * 6);
  const f = h * 6 - sector;
  const [p, q, t] = [v * (1 - s), v * (1 - s * f), v * (1 - s * (1 - f))];
  return [[v, t, p], [q, v, p], [p, v, t], [p, q, v], [t, p, v], [v, p, q]][sector % 6]!; // prettier-ignore
}

/** A color by its name: a word of mini's, a name of CSS, or one that people use. */
export function readName(written: string): NamedColor | null {
  const phrase = written.replaceAll("coloured", "colored");
  if (KNOWN.has(phrase)) return { word: phrase, exact: null };
  if (Object.hasOwn(ISH, phrase)) return { word: ISH[phrase]!, exact: null };
  const named = PEOPLE.get(phrase);
  if (named) return named;
  const joined = phrase.replaceAll(" ", "");
  const value = Object.hasOwn(CSS, joined) ? CSS[joined] : undefined;
  const space = phrase.indexOf(" ");
  const [shade, base] = space < 0 ? [phrase, ""] : [phrase.slice(0, space), phrase.slice(space + 1)];
  if (value && !(Object.hasOwn(SHADES, shade) && base === "gray")) {
    const exact = parseHex(value);
    return { word: nearestWord(exact), exact };
  }
  return Object.hasOwn(SHADES, shade) && base ? shadeOf(SHADES[shade]!, base) : null;
}

/** The word of mini's whose typical color is nearest in CIELAB, but none that is taken. */
export function nearestWord(rgb: Rgb, taken: ReadonlySet<string> = new Set()): string {
  const lab = labOf(rgb);
  let [best, word] = [Infinity, ""];
  for (const each of LABS) {
    const away = distance(lab, each.lab) * each.weight;
    if (away < best && !taken.has(each.word)) [best, word] = [away, each.word];
  }
  return word;
}

const baseOf = (word: string) => SYNONYMS[word] ?? word.split(" ").at(-1)!;

/** Two color words in a row: "navy blue" is navy, "blue green" lies between the two. */
export function mixed(tint: NamedColor, base: NamedColor): NamedColor {
  if (baseOf(tint.word) === baseOf(base.word)) return base.word === baseOf(base.word) ? tint : base;
  const [one, other] = [tint, base].map((color) => color.exact ?? KNOWN.get(color.word)!);
  const exact = one!.map((part, i) => rint((part + 2 * other![i]!) / 3)) as Rgb;
  return { word: nearestWord(exact), exact };
}

/** The same colors, with a word of its own for each that has an exact value. */
export function apart(colors: NamedColor[]): NamedColor[] {
  const same = (one: Rgb | null | undefined, other: Rgb) => one?.join() === other.join();
  const taken = new Map<string, Rgb | null>();
  for (const color of colors) if (!color.exact) taken.set(color.word, null);
  return colors.map((color) => {
    const { exact } = color;
    if (!exact) return color;
    let { word } = color;
    if (taken.has(word) && !same(taken.get(word), exact)) {
      const before = [...taken].find(([, rgb]) => same(rgb, exact));
      word = before ? before[0] : nearestWord(exact, new Set(taken.keys()));
    }
    taken.set(word, exact);
    return { ...color, word };
  });
}

/** "dark teal": a shade of a word that has none of its own. */
function shadeOf(shade: string, base: string): NamedColor | null {
  const named = readName(base);
  if (!named) return null;
  const term = SYNONYMS[named.word] ?? named.word;
  if (term === "black") return { word: shade === "light" || shade === "pale" ? "dark grey" : "black", exact: null };
  if (!named.exact) {
    const shaded = `${shade} ${term}`;
    return { word: KNOWN.has(shaded) ? shaded : named.word, exact: null };
  }
  const by = 2.55 * LIGHTER[shade]!;
  const exact = named.exact.map((part) => rint(Math.min(255, Math.max(0, part + by)))) as Rgb;
  return { word: nearestWord(exact), exact };
}

/** Splits a sentence into colors, nouns and what is between: pokecolor/coloring/instruction/units.py. */

import { parseHex } from "../coloring/colors";
import tables from "../tables.json";
import { SHADES, SPELLINGS, VALUE, mixed, readName, readValue, type NamedColor } from "./color_names";
import { findNoun, spelledLike, type Noun } from "./nouns";
import { closest } from "./spelling";
import { REST } from "./telling";

const LONGEST = 5;
const TOKEN = new RegExp(
  String.raw`${VALUE}|['’]s(?![\p{L}\p{N}_])|->|[\p{L}\p{Nl}\p{No}]+(?:['’](?!s(?![\p{L}\p{N}_]))[\p{L}\p{Nl}\p{No}]+)?|\p{Nd}+|[^\p{L}\p{N}_\s]|\n`,
  "giu",
);
const ONE_VALUE = new RegExp(`^(?:${VALUE})$`, "iu");
const OWNER = /\b(?:its|his|her|their|your|my)\b/g;
const KINDS = new Map(Object.entries(tables.kinds));
const HAS = new Map(Object.entries(tables.has));
const COMPLEXION = new Map(tables.complexion.map(([shade, noun, ...meaning]) => [`${shade} ${noun}`, meaning]));

/** What is called the rest: "everything else", "other parts". */
const RESTS =
  /\b(?:all (?:of )?)?(?:the |its )?(?:everything else|anything else|all else|elsewhere|others|(?:other|remaining|leftover) (?:part|area|bit|place|region|section|piece|thing)s?|(?:rest|remainder)(?! of the)(?: of (?:it|them|him|her))?(?! of\b)|(?:rest|remainder) of the (?:drawing|picture|image|sketch|creature|animal|character))\b/gi;

/** A word or phrase of a sentence; its `kind` is one of the table's, or "color", "noun", "both"... */
export interface Unit {
  kind: string;
  start: number;
  end: number;
  /** Lowercase, one space between its words. */
  text: string;
  color: NamedColor | null;
  noun: Noun | null;
  /** Whether its letters were corrected. */
  spelled: boolean;
  /** Whether a noun is in the table. */
  known: boolean;
}

interface Token {
  start: number;
  end: number;
  word: string;
}

function unit(kind: string, { start, end }: Token, text: string, more: Partial<Unit> = {}): Unit {
  return { kind, start, end, text, color: null, noun: null, spelled: false, known: true, ...more };
}

/** The units of a sentence in their order; what says nothing of colors is a "word". */
export function readUnits(text: string): Unit[] {
  const tokens = [...text.matchAll(TOKEN)].map((found) => ({
    start: found.index,
    end: found.index + found[0].length,
    word: found[0].toLowerCase(),
  }));
  const rests = new Map([...text.matchAll(RESTS)].map((found) => [found.index, found.index + found[0].length]));
  const units: Unit[] = [];
  for (let at = 0; at < tokens.length; ) {
    const { start } = tokens[at]!;
    const end = rests.get(start);
    if (end !== undefined) {
      const written = text.slice(start, end).toLowerCase();
      const noun: Noun = { name: REST, kind: "part", text: written };
      units.push(unit("noun", { start, end, word: "" }, written, { noun }));
      at += tokens.filter((token) => token.start >= start && token.start < end).length;
      continue;
    }
    const [found, count] = phraseAt(tokens, at) ?? [single(tokens[at]!), 1];
    units.push(found);
    at += count;
  }
  const kept = units.filter((each) => each.text !== "-");
  return complexions(adjacentColors(shades(settle(kept))));
}

const isAlpha = (word: string) => /^\p{L}+$/u.test(word);

/** The longest phrase of the tables that begins here, and its number of tokens. */
function phraseAt(tokens: Token[], at: number): [Unit, number] | null {
  const first = tokens[at]!;
  const value = ONE_VALUE.test(first.word) ? readValue(first.word) : null;
  if (value) return [unit("color", first, first.word, { color: value }), 1];
  const words: string[] = [];
  let best: [Unit, number] | null = null;
  for (const [i, { end, word }] of tokens.slice(at, at + 2 * LONGEST).entries()) {
    if (word === "-" && words.length && tokens[at + i - 1]!.end === end - 1) continue;
    if (!/^\p{L}/u.test(word) || words.length === LONGEST) break;
    words.push(word);
    const phrase = words.join(" ");
    let noun = findNoun(phrase) ?? findNoun(phrase.replace(OWNER, "the"));
    const color = readName(phrase);
    // "light blue" may be a phrase, "light" a lamp
    if (color && !(phrase in SHADES) && words.length > 1 && words[0]! in SHADES) noun = null;
    if (noun && words.length === 1 && KINDS.has(phrase)) noun = null;
    if (!noun && !color) continue;
    const kind = noun && color ? "both" : noun ? "noun" : "color";
    best = [unit(kind, { ...first, end }, phrase, { color, noun }), i + 1];
  }
  return best;
}

function single(token: Token): Unit {
  const { word } = token;
  if (Object.hasOwn(SHADES, word)) return unit("shade", token, word);
  if (HAS.has(word)) return unit("ed", token, word, { noun: findNoun(HAS.get(word)!) });
  if (KINDS.has(word)) return unit(KINDS.get(word)!, token, word);
  if (word === "->") return unit("colon", token, word);
  if (!isAlpha(word)) return unit(word === "-" || /^\p{N}+$/u.test(word) ? "word" : "stop", token, word);
  const color = [...word].length > 3 ? closest(word, SPELLINGS) : null;
  if (color) return unit("color", token, word, { color: readName(color), spelled: true });
  const noun = spelledLike(word);
  if (noun) return unit("noun", token, word, { noun: findNoun(noun), spelled: true });
  return unit("word", token, word);
}

/** Decide of each word that is a color and a noun, "orange", which of them it is. */
function settle(units: Unit[]): Unit[] {
  const found: Unit[] = [];
  units.forEach((each, i) => {
    if (each.kind !== "both") return found.push(each);
    const before = found.at(-1)?.kind ?? "stop";
    const after = [units[i + 1]?.kind ?? "stop", units[i + 2]?.kind ?? "stop"] as const;
    return found.push({ ...each, kind: isNoun(each, before, after) ? "noun" : "color" });
  });
  return found;
}

/** Whether "orange", "cherry" or "tomato" is the thing. */
function isNoun(each: Unit, before: string, after: readonly [string, string]): boolean {
  const named = ["noun", "word", "both", "adjective", "ed"].includes(after[0]);
  if (before === "color" || before === "shade") return !named;
  const listed = ["and", "comma"].includes(after[0]) && ["color", "both", "shade"].includes(after[1]);
  if (each.color?.exact) {
    // no word of mini's: the thing, unless it is said of one
    if (after[0] === "noun") return false; // "coral fins"
    return !(["noun", "be", "pronoun", "colon", "shade"].includes(before) && !named);
  }
  if (before === "article") return !named && !listed && after[0] !== "color" && after[0] !== "shade";
  return (before === "of" || before === "possessive") && !named;
}

/** Join "dark" with the color after it, where the pair is in no table: "dark teal". */
function shades(units: Unit[]): Unit[] {
  const found: Unit[] = [];
  for (let each of units) {
    const last = found.at(-1);
    if (each.kind === "color" && last?.kind === "shade") {
      const phrase = `${last.text} ${each.spelled ? each.color!.word : each.text}`;
      const color = readName(phrase);
      if (color) each = { ...each, start: found.pop()!.start, text: phrase, color };
    }
    found.push(each);
  }
  return found;
}

/** Join colors in a row, "navy blue", and drop "color" after a color or a noun. */
function adjacentColors(units: Unit[]): Unit[] {
  const found: Unit[] = [];
  for (let each of units) {
    const last = found.at(-1);
    if (last?.kind === "color" && each.kind === "color") {
      const color = mixed(last.color!, each.color!);
      each = { ...each, start: found.pop()!.start, text: `${last.text} ${each.text}`, color };
    }
    const named = last && (last.kind === "color" || last.kind === "noun");
    if (named && ["color", "colour", "colors", "colours", "hue", "tone"].includes(each.text)) continue;
    found.push(each);
  }
  return found;
}

/** Make colors of "dark" in "dark skin", "her skin is pale" and "dark-skinned". */
function complexions(units: Unit[]): Unit[] {
  const found = [...units];
  units.forEach((each, i) => {
    if (each.kind !== "shade") return;
    const beside = found.slice(i + 1, i + 2).filter((other) => other.noun);
    beside.push(...found.slice(Math.max(0, i - 2), i).reverse().filter((other) => other.kind === "noun").slice(0, 1));
    for (const other of beside) {
      const meaning = COMPLEXION.get(`${SHADES[each.text]} ${other.noun!.name}`);
      if (!meaning) continue;
      const [word, value] = meaning as [string, string];
      found[i] = { ...each, kind: "color", color: { word, exact: value ? parseHex(value) : null } };
      break;
    }
  });
  return found;
}

/** Maps nouns and synonyms to the nouns that mini knows: pokecolor/coloring/instruction/nouns.py. */

import table from "../../../../pokecolor/coloring/instruction/nouns.tsv?raw";
import tables from "../tables.json";
import { isPlural } from "./grammar";
import { closest } from "./spelling";

const SPELLED_FROM = 5;

/** A noun that was understood: the one that mini knows, and what to write in its place. */
export interface Noun {
  name: string;
  kind: "part" | "thing";
  text: string;
}

interface Row {
  name: string;
  kind: "part" | "thing";
  korean: string[];
}

const listed = (cell = "") => cell.split(",").map((item) => item.trim()).filter(Boolean);
const KNOWN = new Map<string, Row>();
for (const line of table.split(/\r?\n/).slice(1)) {
  const [name, kind, synonyms, korean] = line.split("\t");
  if (!name) continue;
  const row = { name, kind: kind as Row["kind"], korean: listed(korean) };
  for (const word of [name, ...listed(synonyms)]) {
    const key = word.replaceAll("-", " ");
    if (!KNOWN.has(key)) KNOWN.set(key, row);
  }
}
const SPELLINGS = [...KNOWN.keys()].filter((word) => !word.includes(" "));

/** The Korean name of a noun, if it has one. */
export function koreanName(name: string): string | undefined {
  return KNOWN.get(name)?.korean[0];
}

/** The noun that a phrase is, or a synonym or plural of; lowercase, one space between words. */
export function findNoun(phrase: string): Noun | null {
  const row = KNOWN.get(phrase);
  if (row) return { name: row.name, kind: row.kind, text: put(phrase, row.name) };
  const singular = singularsOf(phrase).find((one) => KNOWN.has(one));
  if (singular === undefined) return null;
  const of = KNOWN.get(singular)!;
  const plural = singular === of.name || isPlural(of.name) ? of.name : pluralize(of.name);
  return { name: of.name, kind: of.kind, text: singular === of.name ? phrase : plural };
}

/** The known word that a misspelled one stands for: "trowsers" for "trousers". */
export function spelledLike(word: string): string | null {
  return word.length >= SPELLED_FROM ? closest(word, SPELLINGS, SPELLED_FROM) : null;
}

function pluralize(name: string): string {
  if (name.endsWith("y") && !/[aeiou]$/.test(name.slice(-2, -1)) && name.length > 1) return `${name.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

/** A name in place of a synonym, in its number; inflections of the name itself stay. */
function put(phrase: string, name: string): string {
  if (phrase in tables.irregular || phrase === pluralize(name)) return phrase;
  if (isPlural(phrase) && !isPlural(name) && !phrase.endsWith("ss")) return pluralize(name);
  return name;
}

/** What a plural or a diminutive may be of: "bodies", "foxes", "cats", "doggies". */
function singularsOf(phrase: string): string[] {
  const found: string[] = [];
  if (phrase.endsWith("ies")) found.push(`${phrase.slice(0, -3)}y`);
  if (phrase.endsWith("es")) found.push(phrase.slice(0, -2));
  if (phrase.endsWith("s")) found.push(phrase.slice(0, -1));
  if (/ies?$/.test(phrase)) found.push(phrase.replace(/s$/, "").replace(/ie$/, ""));
  return found.filter((word) => word.length > 2);
}

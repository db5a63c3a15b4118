/** Articles and plurals in English instructions: pokecolor/core/grammar.py. */

import tables from "../tables.json";

const SOUNDS_CONSONANT = /^(?:uni|eu|one|us[ei]|ufo)/i;

/** Whether a name is a plural: "inner ears", "feet", "head and body"; not "cross", "gas". */
export function isPlural(name: string): boolean {
  const last = name.split(/\s+/).at(-1)!.toLowerCase();
  if (name.includes(" and ") || tables.plurals.includes(last)) return true;
  return last.endsWith("s") && !/(?:ss|us)$/.test(last) && !tables.uncounted.includes(last);
}

/** "a" or "an", as a phrase sounds. */
export function articleOf(phrase: string): string {
  return /^[aeiou]/.test(phrase.toLowerCase()) && !SOUNDS_CONSONANT.test(phrase) ? "an" : "a";
}

/** The same before a phrase whose noun takes one: "green tail" to "a green tail"; "red eyes" stays. */
export function withArticle(phrase: string, name: string): string {
  const last = name.split(/\s+/).at(-1)!.toLowerCase();
  const none = tables.uncounted.includes(last) || (isPlural(name) && !name.includes(" and "));
  return none ? phrase : `${articleOf(phrase)} ${phrase}`;
}

/** "a", "a and b" or "a, b and c". */
export function join(words: string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

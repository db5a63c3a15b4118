/** Corrects misspelled words by edit distance: pokecolor/coloring/instruction/spelling.py. */

import english from "../../../../pokecolor/coloring/instruction/english.txt?raw";

const SHORTEST = 4;
const LONG = 7;
const ENGLISH = new Set(english.split(/\s+/));

/** Optimal string alignment distance (Damerau 1964; Levenshtein 1966). */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = before;
    [before, row] = [row, [i]];
    for (let j = 1; j <= b.length; j++) {
      const replaced = before[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(before[j]! + 1, row[j - 1]! + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, above[j - 2]! + 1);
      row.push(best);
    }
  }
  return row.at(-1)!;
}

/** The known word that a misspelled one stands for; null if it may be a word of its own. */
export function closest(word: string, known: Iterable<string>, shortest = SHORTEST): string | null {
  if (ENGLISH.has(word)) return null;
  let best: [number, string] | null = null;
  for (const candidate of known) {
    if (candidate.length < shortest || Math.abs(candidate.length - word.length) > 2) continue;
    const long = Math.min(candidate.length, word.length) >= LONG && candidate[0] === word[0];
    const apart = distance(word, candidate);
    if (apart > (long ? 2 : 1)) continue;
    if (!best || apart < best[0] || (apart === best[0] && candidate < best[1])) best = [apart, candidate];
  }
  return best?.[1] ?? null;
}

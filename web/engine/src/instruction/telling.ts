/** Writes pairs of noun and color as mini was trained on: pokecolor/coloring/instruction/telling.py. */

import type { Rgb } from "../coloring/colors";
import { join, withArticle } from "./grammar";
import { findNoun } from "./nouns";

/** A noun and its color, in words that mini knows. */
export interface Pair {
  noun: string;
  color: string;
  /** The color that was asked for, where no word means it. */
  exact: Rgb | null;
}

/** The noun of a color that is asked for the whole drawing. */
export const WHOLE = "";
/** The noun of a color for all that no other color names. */
export const REST = "the rest";
const CREATURE = "creature";
const OTHERS = "parts";
const NOTHING = "Turn it into a color drawing";

/** The pairs; the color of the rest is that of the whole where that has none. */
export function withRest(pairs: Pair[], subject: string | null): Pair[] {
  const isWhole = (noun: string) => noun === WHOLE || noun === subject;
  const taken = pairs.some(({ noun }) => isWhole(noun) || findNoun(noun)?.kind === "thing");
  const rest = taken ? OTHERS : WHOLE;
  return pairs.map((pair) => (pair.noun === REST ? { ...pair, noun: rest } : pair));
}

/** "Turn it into a green frog with red eyes". */
export function tell(pairs: Pair[], subject: string | null): string {
  const isWhole = ({ noun }: Pair) => noun === WHOLE || noun === subject;
  const main = join([...new Set(pairs.filter(isWhole).map((pair) => pair.color))]);
  const parts = pairs.filter((pair) => !isWhole(pair));
  const listed = join(parts.map((pair) => withArticle(`${pair.color} ${pair.noun}`, pair.noun)));
  if (!main && subject === null) return listed || NOTHING;
  const name = subject ?? CREATURE;
  const noun = withArticle(main ? `${main} ${name}` : name, name);
  return `Turn it into ${noun}${parts.length ? ` with ${listed}` : ""}`;
}

/** What parts and colors are called in the visitor's language. */
import type { Asked } from "./engine";
import { getState } from "./state";
import { nameOf, say } from "./words";

export function partName({ part, names }: Pick<Asked, "part" | "names">): string {
  const { session, language } = getState();
  const known = names ?? session?.parts.find(({ name }) => name === part)?.names;
  return known ? nameOf(known, language) : part || say(language, "whole");
}

export function colorName(term: string): string {
  const { session, language } = getState();
  const known = session?.colors.find((color) => color.term === term);
  return known ? nameOf(known.names, language) : term;
}

/** "body blue, eyes red", in the visitor's language. */
export const saidOf = (parts: Asked[]): string =>
  parts.map((asked) => `${partName(asked)} ${colorName(asked.color)}`).join(", ");

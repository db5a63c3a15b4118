/** Understands English instructions and rewrites them for mini: pokecolor/coloring/instruction/english.py. */

import { formatHex } from "../coloring/colors";
import { bind, joinNouns } from "./binding";
import { apart } from "./color_names";
import { articleOf, isPlural } from "./grammar";
import { REST, WHOLE, tell, withRest, type Pair } from "./telling";
import { readUnits, type Unit } from "./units";

const REST_OF = /\b(?:the )?(?:rest|remainder) of (?=(?:the|its|his|her|their)\b)/gi;

export interface Instruction {
  pairs: Pair[];
  /** What the whole drawing shows; null where nothing or several things are named. */
  subject: string | null;
  /** Words that mini does not know, and what was put in their place. */
  replaced: { written: string; read: string }[];
  /** The text in words that mini knows. */
  modelPrompt: string;
  /** What was understood in one line: "frog green, eyes yellow; trousers read as pants". */
  summary: string;
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

export function readEnglish(text: string): Instruction {
  const units = withWordsApart(readUnits(text));
  const binding = bind(joinNouns(units));
  const subject = binding.subject?.noun?.name ?? null;
  const said = binding.pairs.map(([noun, { color }]) => ({
    noun: noun ? noun.noun!.name : WHOLE,
    color: color!.word,
    exact: color!.exact,
  }));
  // mini, which has never read of a rest, would color a part with the word beside it
  const hasRest = said.some((pair) => pair.noun === REST);
  const pairs = unique(withRest(said, subject));
  const edits = units.flatMap((unit) => editOf(unit, text) ?? []);
  const replaced = unique(
    edits.map((edit) => ({ written: text.slice(edit.start, edit.end), read: edit.text })),
  );
  return {
    pairs,
    subject,
    replaced,
    modelPrompt: hasRest ? tell(pairs, subject) : rewrite(text, [...edits, ...restsOf(text)], units),
    summary: summarize(pairs, replaced),
  };
}

/** What was understood, in one line. */
export function summarize(pairs: Pair[], replaced: Instruction["replaced"]): string {
  const said = pairs.map((pair) => `${pair.noun} ${pair.exact ? formatHex(pair.exact) : pair.color}`.trim());
  const read = replaced.map((each) => `${each.written} read as ${each.read}`);
  return [said.join(", "), read.join(", ")].filter(Boolean).join("; ");
}

/** Leaves "the rest of" out before what it is of: "the rest of the body is blue". */
function restsOf(text: string): Edit[] {
  return [...text.matchAll(REST_OF)].map((found) => ({
    ...{ start: found.index, end: found.index + found[0].length, text: "" },
  }));
}

function unique<T>(values: T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** The same units; colors with an exact value have words that no other color has. */
function withWordsApart(units: Unit[]): Unit[] {
  const words = apart(units.flatMap((unit) => (unit.kind === "color" ? [unit.color!] : [])));
  return units.map((unit) => (unit.kind === "color" ? { ...unit, color: words.shift()! } : unit));
}

/** What to write for a unit, if mini does not know it as it is. */
function editOf(unit: Unit, text: string): Edit | null {
  if (unit.kind !== "color" && unit.kind !== "noun") return null;
  let wanted = unit.kind === "color" ? unit.color!.word : unit.noun!.text;
  const written = text.slice(unit.start, unit.end);
  if (written.toLowerCase().split(/[\s-]+/).join(" ") === wanted) return null;
  if (/^\p{Lu}/u.test(written)) wanted = wanted[0]!.toUpperCase() + wanted.slice(1);
  return { start: unit.start, end: unit.end, text: wanted };
}

/** The text with all edits made, and with the articles that they ask for. */
function rewrite(text: string, made: Edit[], units: Unit[]): string {
  const edits = [...made];
  for (const edit of made) {
    const before = units.filter((unit) => unit.end <= edit.start);
    while (before.length && ["color", "adjective", "shade", "word"].includes(before.at(-1)!.kind)) {
      const last = before.at(-1)!;
      if (last.kind === "word" && !/^\p{L}+$/u.test(last.text)) break;
      before.pop();
    }
    const article = before.at(-1);
    if (!article || !["a", "an"].includes(article.text)) continue;
    if (edits.some((known) => known.start === article.start)) continue;
    const written = text.slice(edit.start, edit.end).toLowerCase();
    const unit = units.find((each) => each.start === edit.start);
    if (unit?.kind === "noun" && isPlural(edit.text) && !isPlural(written)) {
      const rest = text.slice(article.end);
      edits.push({ start: article.start, end: article.end + rest.length - rest.trimStart().length, text: "" });
    } else if (!text.slice(article.end, edit.start).trim()) {
      const found = articleOf(edit.text.toLowerCase());
      const cased = /^\p{Lu}/u.test(text[article.start]!) ? found[0]!.toUpperCase() + found.slice(1) : found;
      edits.push({ start: article.start, end: article.end, text: cased });
    }
  }
  return edits
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((now, edit) => now.slice(0, edit.start) + edit.text + now.slice(edit.end), text);
}

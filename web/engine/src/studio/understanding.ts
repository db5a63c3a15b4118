/** What is understood of a prompt: pokecolor/app/prompts.py. */

import { Failure, type Names, type Understood } from "../../../page/src/engine";
import { readEnglish, summarize, type Instruction } from "../instruction/english";
import { koreanName } from "../instruction/nouns";
import { BODY, hexOf, partOf } from "./color_check";

const MANY = 4;
const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]/;

/** Read a prompt. Korean is not read here as yet, and refused. */
export function readPrompt(prompt: string): Instruction {
  if (HANGUL.test(prompt)) throw new Failure("prompt_korean");
  return readEnglish(prompt);
}

/** The same for the page; `names` are those of the parts that it offers. */
export function understand(prompt: string, names: Map<string, Names>): Understood {
  const read = readPrompt(prompt);
  const parts = read.pairs.map((pair) => {
    const part = partOf(pair, read);
    const korean = koreanName(part);
    const called = names.get(part) ?? { en: part, ...(korean ? { ko: korean } : {}) };
    return { part, names: called, color: pair.color, hex: hexOf(pair) };
  });
  const warnings = !parts.length ? ["no_color"] : parts.length > MANY ? ["many"] : [];
  return {
    understood: summarize(read.pairs.map((pair) => ({ ...pair, noun: pair.noun || BODY })), read.replaced),
    parts,
    colors: parts.length,
    warnings,
  };
}

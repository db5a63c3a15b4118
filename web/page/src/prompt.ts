/** Edits a prompt as chips are clicked: whatever was typed stays, one color word changes or comes in. */
import type { Color } from "./engine";

const OPENING = "Turn it into";
const WHOLE = "creature";
const NO_NOUN = /^(and|with|or|on|in|but)\b/i;
const HANGUL = /[\u3131-\u318e\uac00-\ud7a3]/;
/** How a color stands before a noun. */
const KOREAN: Record<string, string[]> = {
  red: ["빨간", "빨간색", "붉은"],
  orange: ["주황색", "주황"],
  yellow: ["노란", "노란색"],
  green: ["초록색", "초록", "녹색"],
  blue: ["파란", "파란색", "푸른"],
  purple: ["보라색", "보라"],
  pink: ["분홍색", "분홍"],
  brown: ["갈색"],
  black: ["검은", "검은색", "까만"],
  grey: ["회색"],
  white: ["하얀", "흰", "하얀색", "흰색"],
};
const KOREAN_WHOLE = "몸";

interface Wish {
  start: number;
  end: number;
  /** What is to have the color; "" if no noun follows. */
  thing: string;
}

const article = (word: string) => (/^[aeiou]/i.test(word) ? "an" : "a");
const withArticle = (phrase: string, noun: string) =>
  noun.endsWith("s") ? phrase : `${article(phrase)} ${phrase}`;

function findWishes(text: string, colors: Color[]): Wish[] {
  const words = colors.flatMap((color) => color.words ?? [color.term]).concat("gray");
  const pattern = new RegExp(`\\b(?:${words.join("|")})\\b`, "gi");
  return [...text.matchAll(pattern)].map((found) => {
    const end = found.index + found[0].length;
    const noun = /^\s+(\p{L}+(?:[ -](?!(?:and|with|or|on|in|but)\b)\p{L}+)*)/u.exec(text.slice(end));
    const thing = noun?.[1] ?? "";
    return { start: found.index, end, thing: NO_NOUN.test(thing) ? "" : thing };
  });
}

function recolor(text: string, wish: Wish, term: string): string {
  const before = text.slice(0, wish.start).replace(/\b(an?) $/i, (found) => {
    const fitting = article(term);
    return `${found[0] === "A" ? fitting.replace("a", "A") : fitting} `;
  });
  return before + term + text.slice(wish.end);
}

function inEnglish(written: string, part: string, term: string, colors: Color[]): string {
  let text = written.trim().replace(/\s+/g, " ").replace(/[ .,]+$/, "");
  if (["", OPENING.toLowerCase()].includes(text.toLowerCase())) text = `${OPENING} a ${WHOLE}`;
  for (const wish of findWishes(text, colors)) {
    const whole = !part && !text.slice(0, wish.start).includes(" with ");
    if (whole || (part && wish.thing.toLowerCase() === part)) return recolor(text, wish, term);
  }
  if (!part) {
    const opened = new RegExp(`^(${OPENING}) (?:(?:an?|the) )?(.*)`, "i").exec(text);
    return opened ? `${opened[1]} ${withArticle(`${term} ${opened[2]}`, WHOLE)}` : `${text}, ${term}`;
  }
  const added = withArticle(`${term} ${part}`, part);
  const split = text.indexOf(" with ");
  if (split < 0) return `${text} with ${added}`;
  const listed = text.slice(split + 6);
  const lastAnd = listed.lastIndexOf(" and ");
  const joined = lastAnd < 0 ? listed : `${listed.slice(0, lastAnd)}, ${listed.slice(lastAnd + 5)}`;
  return `${text.slice(0, split)} with ${joined} and ${added}`;
}

function inKorean(written: string, part: string, term: string): string {
  const text = written.trim().replace(/[\s.,]+$/, "");
  const noun = part || KOREAN_WHOLE;
  const wanted = KOREAN[term]?.[0] ?? term;
  const words = Object.values(KOREAN).flat().sort((a, b) => b.length - a.length);
  const there = new RegExp(`(^|[\\s,])(?:${words.join("|")})(\\s+${noun})`);
  if (there.test(text)) return text.replace(there, `$1${wanted}$2`);
  return text ? `${text}, ${wanted} ${noun}` : `${wanted} ${noun}`;
}

/**
 * The prompt with a part in a color.
 *
 * @param written what is in the field at this moment.
 * @param part its names; null for the whole drawing.
 * @param korean whether a prompt that is still empty is begun in Korean.
 */
export function withColor(
  written: string,
  part: { en: string; ko: string } | null,
  term: string,
  colors: Color[],
  korean = false,
): string {
  const inHangul = written.trim() ? HANGUL.test(written) : korean;
  return inHangul
    ? inKorean(written, part?.ko ?? "", term)
    : inEnglish(written, part?.en ?? "", term, colors);
}

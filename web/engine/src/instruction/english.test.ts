import { expect, test } from "vitest";
import { readCases } from "../cases";
import { readEnglish } from "./english";
import { koreanName } from "./nouns";
import { distance } from "./spelling";

type Pair = [string, string, [number, number, number] | null];
const { read } = readCases<{ read: [string, string, string | null, Pair[], string][] }>("words");

test("more than 200 sentences are understood as Python understands them", () => {
  expect(read.length).toBeGreaterThan(200);
  const other = read.filter(([text, prompt, subject, pairs, summary]) => {
    const found = readEnglish(text);
    const same = JSON.stringify(found.pairs.map((each) => [each.noun, each.color, each.exact])) === JSON.stringify(pairs);
    return !same || found.modelPrompt !== prompt || found.subject !== subject || found.summary !== summary;
  });
  expect(other.map(([text, prompt, , pairs]) => [text, readEnglish(text), prompt, pairs])).toEqual([]);
});

test("letters that changed places are one mistake", () => {
  expect(distance("gren", "green")).toBe(1);
  expect(distance("rde", "red")).toBe(1);
});

test("nouns have Korean names", () => expect(koreanName("eyes")).toBe("눈"));

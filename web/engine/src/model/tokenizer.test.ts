import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readCases } from "../cases";
import { Tokenizer, type TokenizerFile } from "./tokenizer";

const MINI = new URL("../../../../pokecolor/weights/mini/tokenizer/tokenizer.json", import.meta.url);
const tokenizer = new Tokenizer(
  JSON.parse(readFileSync(MINI, "utf-8")) as TokenizerFile,
  "<|endoftext|>",
  77,
);
const { tokens } = readCases<{ tokens: [string, number[]][] }>("words");

test("more than 200 sentences have Python's tokens", () => {
  expect(tokens.length).toBeGreaterThan(200);
  for (const [text, ids] of tokens) expect(tokenizer.encode(text), text).toEqual(ids);
});

test("it knows how many tokens it has", () => expect(tokenizer.size).toBe(2014));

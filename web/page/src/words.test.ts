import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REFUSALS } from "./refusal_words";
import { nameOf, say, sayRefusal, WORDS } from "./words";

const ALL = { ...WORDS, ...REFUSALS };
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test("each text is there in both languages, with the same gaps, and Korean is Korean", () => {
  for (const [key, [en, ko]] of Object.entries(ALL)) {
    expect(en.trim() && ko.trim(), key).toBeTruthy();
    expect(holes(ko), key).toEqual(holes(en));
    if (!["language_other", "png", "go_hint"].includes(key)) expect(ko, key).toMatch(/[가-힣]/);
  }
});

test("every text that the sources ask for is there, and none is left over", () => {
  const folder = import.meta.dirname;
  const source = readdirSync(folder)
    .filter((name) => /\.tsx?$/.test(name) && !/words|\.test\./.test(name))
    .map((name) => readFileSync(join(folder, name), "utf-8"))
    .join("\n");
  for (const [, key] of source.matchAll(/\bt\(\s*"(\w+)"/g)) expect(WORDS, key).toHaveProperty(key!);
  const used = (key: string) =>
    new RegExp(`["'\`]${key}["'\`]`).test(source) ||
    [...source.matchAll(/`(\w*)\$\{\w+(?:\.\w+)?\}(\w*)`/g)].some(
      ([, start, end]) => (start || end) && key.startsWith(start!) && key.endsWith(end!),
    );
  expect(Object.keys(WORDS).filter((key) => !used(key))).toEqual([]);
});

test("texts are filled in; unknown refusals still say something", () => {
  expect(say("en", "sketches_total", { total: 3 })).toBe("Sketches: 3");
  expect(say("ko", "sketches_total", { total: 3 })).toBe("스케치 3개");
  expect(() => say("en", "no such text")).toThrow();
  expect(sayRefusal("en", "image_bytes", { limit: 8_000_000 })).toContain("8 MB");
  expect(sayRefusal("en", "something new")).toBe(say("en", "refusal_failed"));
  expect(nameOf({ ko: "여우" }, "en")).toBe("여우");
});

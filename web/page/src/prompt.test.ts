import { expect, test } from "vitest";
import { withColor } from "./prompt";

const COLORS = [
  { term: "red", names: {}, hex: "#d22f27", words: ["red", "crimson"] },
  { term: "orange", names: {}, hex: "#f1892d" },
  { term: "blue", names: {}, hex: "#2196f3" },
  { term: "yellow", names: {}, hex: "#fcea2b", words: ["yellow", "golden"] },
];
const part = (en: string, ko = en) => ({ en, ko });
const eyes = part("eyes", "눈");

test.each([
  ["", null, "blue", "Turn it into a blue creature"],
  ["", eyes, "red", "Turn it into a creature with red eyes"],
  ["Turn it into a blue creature", eyes, "red", "Turn it into a blue creature with red eyes"],
  ["a blue fox with red eyes", null, "orange", "an orange fox with red eyes"],
  ["An orange fox", null, "blue", "A blue fox"],
  ["a golden fox", null, "red", "a red fox"],
  ["a blue fox with red eyes", eyes, "yellow", "a blue fox with yellow eyes"],
  ["a blue fox with red eyes", part("belly"), "yellow", "a blue fox with red eyes and a yellow belly"],
  ["a fox with red eyes and blue ears", part("tail"), "orange", "a fox with red eyes, blue ears and an orange tail"],
  ["my friend Mochi.", null, "blue", "my friend Mochi, blue"],
])("%j, %j, %s", (written, of, term, wanted) => {
  expect(withColor(written, of, term, COLORS)).toBe(wanted);
});

test("a Korean prompt is edited in Korean, an empty one begun in the page's language", () => {
  expect(withColor("", eyes, "red", COLORS, true)).toBe("빨간 눈");
  expect(withColor("파란 몸", eyes, "red", COLORS)).toBe("파란 몸, 빨간 눈");
  expect(withColor("파란 몸, 붉은 눈", eyes, "yellow", COLORS)).toBe("파란 몸, 노란 눈");
  expect(withColor("파란색 몸", null, "red", COLORS)).toBe("빨간 몸");
  expect(withColor("a blue fox", eyes, "red", COLORS, true)).toBe("a blue fox with red eyes");
});

test("what was typed meanwhile stays, and a second click changes the same word", () => {
  const once = withColor("a fox that likes tea", eyes, "red", COLORS);
  expect(withColor(once, eyes, "blue", COLORS)).toBe("a fox that likes tea with blue eyes");
});

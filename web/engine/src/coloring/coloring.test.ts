import { expect, test } from "vitest";
import { readCases, unpack, type Stored } from "../cases";
import type { Picture } from "../images/grid";
import { ColoredSketch, viewOf } from "./colored_sketch";
import type { Look } from "./compositing";

interface Case {
  sketch: Stored;
  prompt: string;
  seed: number;
  line_art: Stored;
  in_color: boolean;
  box: [number, number, number, number];
  square: Stored;
  painted: Stored;
  wanted: { typical: [number, number, number]; exact: [number, number, number] | null }[];
  images: Record<Look, Stored>;
}
const cases = readCases<Case[]>("pictures");

function image(stored: Stored): Picture {
  const [height, width, channels] = stored.shape as [number, number, number?];
  return { height, width, channels: channels ?? 1, data: unpack<Uint8Array>(stored) };
}

/** The share of values that are no further apart than `by`. */
function agree(found: ArrayLike<number>, wanted: ArrayLike<number>, by: number): number {
  expect(found.length).toBe(wanted.length);
  let near = 0;
  for (let i = 0; i < wanted.length; i++) near += Math.abs(found[i]! - wanted[i]!) <= by ? 1 : 0;
  return near / wanted.length;
}

for (const [number, each] of cases.entries()) {
  const name = `drawing ${number}, ${each.sketch.shape[1]} x ${each.sketch.shape[0]}`;

  test(`${name} is seen as Python sees it`, () => {
    const size = each.square.shape[0]!;
    const view = viewOf(image(each.sketch), size);
    expect(view.inColor).toBe(each.in_color);
    expect(Object.values(view.box)).toEqual(each.box);
    expect(agree(view.lineArt.data, image(each.line_art).data, 1)).toBeGreaterThan(0.9999);
    const grey = view.square.data.filter((_, i) => i % 3 === 0);
    expect(agree(grey, image(each.square).data, 1)).toBeGreaterThan(0.9999);
  }, 60_000);

  test(`${name} is composed as Python composes it`, () => {
    const [left, top, right, bottom] = each.box;
    const lineArt = image(each.line_art);
    const view = {
      lineArt,
      box: { left, top, right, bottom },
      square: image(each.square),
      inColor: each.in_color,
    };
    const sketch = image(each.sketch);
    const painted = image(each.painted);
    const colored = new ColoredSketch(sketch, view, painted, each.wanted);
    for (const [look, wanted] of Object.entries(each.images) as [Look, Stored][]) {
      expect(agree(colored.image(look).data, image(wanted).data, 2), look).toBeGreaterThan(0.995);
    }
    expect(() => colored.colors("shaded" as Look)).toThrow("shaded is none of");
  }, 120_000);
}

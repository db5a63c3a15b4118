import { inflateSync } from "node:zlib";
import { beforeEach, expect, test, vi } from "vitest";
import type { Job, Order } from "../../../page/src/engine";
import { readCases, unpack, type Stored } from "../cases";
import type { Picture } from "../images/grid";
import { crc32 } from "../images/png";
import type { Painter } from "../model/painter";
import { BrowserEngine, type Data, type Hands } from "./browser_engine";
import type { Kept, Shelf } from "./shelf";
import { Studio } from "./studio";

const [drawing] = readCases<{ sketch: Stored; painted: Stored }[]>("pictures");
const image = (stored: Stored): Picture => {
  const [height, width, channels] = stored.shape as [number, number, number];
  return { height, width, channels, data: unpack<Uint8Array>(stored) };
};
const sketch = image(drawing!.sketch);
const painted = image(drawing!.painted);
const blob = new Blob(["sketch"]);

/** A studio whose model always paints the same; images are decoded by their size. */
const painter = {
  size: painted.width,
  sampling: { steps: 3, guidance: 2, image_guidance: 1.5 },
  paint: async (_prompt: string, _square: Uint8Array, _seed: number, _sampling: unknown, on?: (done: number) => void | Promise<void>) => {
    await on?.(0.5);
    return painted.data;
  },
} as unknown as Painter;
const studio = new Studio(painter, async (file) => (file === blob ? sketch : readPng(await bytesOf(file))));
const bytesOf = async (file: Blob) => new Uint8Array(await file.arrayBuffer());

/** Reads what `encodePng` writes. */
function readPng(file: Uint8Array): Picture {
  const view = new DataView(file.buffer);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const channels = { 0: 1, 2: 3, 6: 4 }[file[25]!]!;
  const lines = inflateSync(file.subarray(41, file.length - 16));
  const row = width * channels;
  const data = new Uint8Array(row * height);
  for (let i = 0; i < data.length; i++) {
    const y = Math.floor(i / row);
    data[i] = lines[i + y + 1]! + (y ? data[i - row]! : 0);
  }
  return { width, height, channels, data };
}

const same = (one: Picture, other: Picture) => Buffer.compare(one.data, other.data) === 0;

class Memory implements Shelf {
  readonly rows = new Map<string, Kept>();
  all = () => Promise.resolve([...this.rows.values()]);
  get = (id: string) => Promise.resolve(this.rows.get(id));
  put = async (kept: Kept) => void this.rows.set(kept.creation.id, kept);
  remove = async (id: string) => void this.rows.delete(id);
}
const data: Data = {
  session: {
    ...{ version: "1", model: { name: "mini", small: true }, looks: ["clean", "flat", "soft"], defaults: { steps: 3, guidance_scale: 2, image_guidance_scale: 1.5, look: "clean" as const }, colors: [], categories: [] },
    ...{ limits: { prompt_length: 60, name_length: 60, variants: 4, steps: 50, guidance: 20, page: 2 }, credit: "" },
    parts: [{ name: "", names: { en: "whole", ko: "전체" } }],
  },
  hint: { en: "Name a color", ko: "색을 말해 주세요" },
  sketches: ["Momi", "Luru", "Pika"].map((en, i) => ({
    ...{ id: `creature-${i}`, names: { en }, categories: i ? ["creatures"] : ["animals"], finished: false },
  })),
};
const order: Order = {
  ...{ sketch: "data:image/png;base64,AAAA", prompt: "a red body, green eyes", name: "", seed: 3, variants: 2, steps: 3 },
  ...{ guidance_scale: 2, image_guidance_scale: 1.5, look: "clean" },
};

const made = { width: 4, height: 4, verdicts: [], warnings: [] };
const bytes = () => Uint8Array.of(1, 2, 3);
const files = () => ({ color: bytes(), clear: bytes(), small: bytes(), colors: bytes(), layers: bytes() });
let hands: Hands;
let engine: BrowserEngine;
let jobs: Job[];

beforeEach(() => {
  vi.stubGlobal("navigator", { language: "en-US" });
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
  hands = {
    paint: vi.fn(async (_request, on: (done: number) => void) => {
      on(0.5);
      return { ...made, files: files(), painted: bytes(), sketch: bytes() };
    }),
    recolor: vi.fn(async () => ({ ...made, files: files() })),
    regions: async () => bytes(),
  };
  engine = new BrowserEngine(hands, new Memory(), data, "/page/");
  jobs = [];
  engine.watch({ job: (job) => jobs.push(job), jobs: () => {}, online: () => {} });
});

const until = (state: string) => vi.waitFor(() => {
  const job = jobs.at(-1)!;
  expect(job.state).toBe(state);
  return job;
});

test("an order becomes a creation, one picture for each seed", async () => {
  const job = await engine.paint(order);
  expect(job.state).toBe("waiting");
  const { creation } = await until("done");
  expect(jobs.map((each) => each.progress)).toEqual([0, 0, 0.25, 0.75, 1]);
  const found = await engine.creation(creation!);
  expect(found.seeds).toEqual([3, 4]);
  expect(found.understood).toBe("body red, eyes green");
  expect(found.pictures.map((each) => each.color.slice(0, 5))).toEqual(["blob:", "blob:"]);
  expect((await engine.creations("RED", 1)).total).toBe(1);
  expect((await engine.creations("blue", 1)).total).toBe(0);
  const again = await engine.paint({ ...order, sketch: undefined, again: { creation: creation!, number: 1 } });
  await until("done");
  expect((await engine.creation(jobs.at(-1)!.creation!)).parent).toBe(creation);
  expect(again.id).not.toBe(job.id);
  expect((await engine.setLook(creation!, 0, "flat")).pictures[0]!.look).toBe("flat");
  expect((await engine.saveColors(creation!, 0, "data:image/png;base64,AAAA")).pictures[0]!.look).toBe("flat");
  expect((await engine.regions(creation!, 0)).type).toBe("image/png");
  await engine.remove(creation!);
  await expect(engine.creation(creation!)).rejects.toThrow("not_found");
});

test.each([
  [{ prompt: " " }, "prompt_empty"],
  [{ prompt: "x".repeat(61) }, "text_length"],
  [{ prompt: "초록 몸" }, "prompt_korean"],
  [{ variants: 5 }, "value"],
  [{ steps: 0 }, "value"],
  [{ seed: -1 }, "value"],
  [{ guidance_scale: 0.5 }, "value"],
  [{ sketch: undefined }, "image_missing"],
  [{ sketch: "unknown" }, "not_found"],
  [{ only: "eyes" }, "call"],
])("an order with %o is refused: %s", async (change, kind) => {
  await expect(engine.paint({ ...order, ...change } as Order)).rejects.toThrow(kind);
  expect(jobs).toEqual([]);
});

test("jobs wait for one another; one that waits is canceled at once, one that failed says why", async () => {
  let go = () => {};
  vi.mocked(hands.paint).mockImplementationOnce(() => new Promise((_, reject) => (go = () => reject(new Error("no")))));
  vi.spyOn(console, "error").mockImplementation(() => {});
  const first = await engine.paint({ ...order, variants: 1 });
  const second = await engine.paint(order);
  expect(second.position).toBe(1);
  await engine.cancel(second.id);
  expect(jobs.at(-1)).toMatchObject({ id: second.id, state: "canceled" });
  await vi.waitFor(() => expect(hands.paint).toHaveBeenCalledOnce());
  go();
  expect(await until("failed")).toMatchObject({ id: first.id, error: "failed" });
  expect(hands.paint).toHaveBeenCalledOnce();
});

test("sketches are found by name and category, in pages", async () => {
  expect((await engine.sketches("", "", 1)).pages).toBe(2);
  expect((await engine.sketches("mom", "", 1)).sketches.map((each) => each.id)).toEqual(["creature-0"]);
  expect((await engine.sketches("", "creatures", 9)).total).toBe(2);
  expect(engine.sketchImage("creature-0", 768)).toBe("/page/sketches/creature-0/768.png");
});

test("what is understood has names in both languages, and a hint where no color is", async () => {
  const found = await engine.understand("a green frog with yellow eyes");
  expect(found).toMatchObject({ understood: "frog green, eyes yellow", colors: 2, warnings: [], hint: null });
  expect(found.parts[0]!.names).toEqual({ en: "whole", ko: "전체" });
  expect(found.parts[1]!.names).toEqual({ en: "eyes", ko: "눈" });
  expect(await engine.understand("a frog")).toMatchObject({ warnings: ["no_color"], hint: "Name a color" });
});

test("the studio's files are a picture, its layers, and what it was made of", async () => {
  const heard: number[] = [];
  const request = { sketch: blob, prompt: "red body, yellow eyes", seed: 1, look: "clean" as const };
  const found = await studio.paint(request, (done) => void heard.push(done));
  expect(heard).toEqual([0.5]);
  expect(same(readPng(found.sketch), sketch)).toBe(true);
  expect(same(readPng(found.painted), painted)).toBe(true);
  const { color, colors, layers } = found.files;
  expect([readPng(color).channels, readPng(colors).channels]).toEqual([3, 4]);
  expect(new TextDecoder().decode(layers.subarray(30, 54))).toBe("mimetypeimage/openraster");
  expect(found.verdicts.map((each) => each.part)).toEqual(["", "eyes"]);
  const kept = { sketch: blob, painted: new Blob([found.painted]), prompt: request.prompt };
  const soft = await studio.recolor(kept, { look: "soft" });
  expect(same(readPng(soft.files.colors), readPng(colors))).toBe(false);
  const hand = await studio.recolor(kept, { colors: new Blob([colors]) });
  expect(same(readPng(hand.files.color), readPng(color))).toBe(true);
  await expect(studio.recolor(kept, { colors: new Blob([found.painted]) })).rejects.toThrow("value");
  const regions = readPng(await studio.regions(kept));
  expect(new Set(regions.data).size).toBeGreaterThan(3);
});

test("sums are those of ZIP and PNG", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});

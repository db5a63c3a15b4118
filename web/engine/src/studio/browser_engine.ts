/** The page's engine without a server: this browser paints, and keeps what it has painted. */

import {
  Failure, type Creation, type Engine, type Job, type Language, type Look, type Order, type Session,
  type Sketch, type Understood, type Watcher,
} from "../../../page/src/engine"; // prettier-ignore
import { Jobs } from "./jobs";
import type { Files, Kept, Shelf } from "./shelf";
import type { Bytes, Finished, Kept as Source, Request, Studio } from "./studio";
import { readPrompt, understand } from "./understanding";

/** What lies beside the page: `data.json`, which tools/browser_page.py writes. */
export interface Data {
  session: Omit<Session, "language">;
  hint: Record<Language, string>;
  sketches: (Sketch & { words?: string })[];
}

/** A studio, here or in a worker. */
export interface Hands {
  paint(
    request: Request,
    on: (done: number) => void,
    canceled: AbortSignal,
  ): ReturnType<Studio["paint"]>;
  recolor(source: Source, change: { look: Look } | { colors: Blob }): Promise<Finished>;
  regions(source: Source): Promise<Bytes>;
}

const SEEDS = 2 ** 31;
const LANGUAGE = "pokecolor-language";
const PARTS_OF_NAME = ["color", "clear", "small", "layers", "sketch", "colors"] as const;

export class BrowserEngine implements Engine {
  private readonly jobs = new Jobs();
  private readonly addresses = new Map<string, string>();

  /** `base` is where `data.json` and the sketches lie. */
  constructor(
    private readonly hands: Hands,
    private readonly shelf: Shelf,
    private readonly data: Data,
    private readonly base: string,
  ) {}

  session(): Promise<Session> {
    return Promise.resolve({ ...this.data.session, language: this.language });
  }

  setLanguage(language: Language): Promise<void> {
    localStorage.setItem(LANGUAGE, language);
    return Promise.resolve();
  }

  sketches(text: string, category: string, page: number) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = this.data.sketches.filter((sketch) => {
      const names = sketch.words ?? Object.values(sketch.names).join(" ").toLowerCase();
      const fits = !category || sketch.categories.includes(category);
      return fits && words.every((word) => names.includes(word));
    });
    const { part, ...listing } = this.pageOf(found, page);
    return Promise.resolve({ ...listing, sketches: part });
  }

  sketchImage(id: string, size: 192 | 768 | "color"): string {
    return `${this.base}sketches/${encodeURIComponent(id)}/${size}.png`;
  }

  understand(prompt: string): Promise<Understood> {
    const names = new Map(this.data.session.parts.map((part) => [part.name, part.names]));
    const found = understand(prompt, names);
    const hint = found.parts.length || !prompt.trim() ? null : this.data.hint[this.language];
    return Promise.resolve({ ...found, hint });
  }

  async paint(order: Order): Promise<Job> {
    // changing a part of a picture alone needs its old colors: the server does that
    if (order.keep || order.only) throw new Failure("call");
    this.check(order);
    const sketch = await this.sketchOf(order);
    return this.jobs.add(order, (on, canceled) => this.create(order, sketch, on, canceled));
  }

  async cancel(job: string): Promise<void> {
    this.jobs.cancel(job);
  }

  watch(watcher: Watcher): () => void {
    watcher.online(true);
    return this.jobs.watch(watcher);
  }

  async creations(text: string, page: number) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = (await this.shelf.all())
      .filter(({ creation: { name, prompt } }) => words.every((word) => `${name} ${prompt}`.toLowerCase().includes(word)))
      .sort((a, b) => Number(b.creation.created) - Number(a.creation.created));
    const { part, ...listing } = this.pageOf(found, page);
    return { ...listing, creations: part.map((kept) => this.told(kept)) };
  }

  async creation(id: string): Promise<Creation> {
    return this.told(await this.kept(id));
  }

  async remove(id: string): Promise<void> {
    await this.kept(id);
    await this.shelf.remove(id);
    for (const [key, address] of this.addresses) {
      if (!key.startsWith(`${id}/`)) continue;
      URL.revokeObjectURL(address);
      this.addresses.delete(key);
    }
  }

  /** There is no place that others could see. */
  share(): Promise<Creation> {
    return Promise.reject(new Failure("call"));
  }

  sharedPage(): string {
    return "";
  }

  async regions(id: string, number: number): Promise<Blob> {
    return png(await this.hands.regions(this.sourceOf(await this.kept(id), number)));
  }

  saveColors(id: string, number: number, colors: string): Promise<Creation> {
    return this.change(id, number, async () => ({ colors: await blobOf(colors) }));
  }

  /** A picture in another look, without the model. */
  setLook(id: string, number: number, look: Look): Promise<Creation> {
    return this.change(id, number, () => Promise.resolve({ look }));
  }

  private get language(): Language {
    const chosen = localStorage.getItem(LANGUAGE) ?? navigator.language.slice(0, 2);
    return chosen === "ko" ? "ko" : "en";
  }

  private check(order: Order): void {
    const { limits, looks } = this.data.session;
    if (!order.prompt.trim()) throw new Failure("prompt_empty");
    for (const field of ["prompt", "name"] as const) {
      const limit = limits[`${field}_length`];
      if (limit && order[field].length > limit) throw new Failure("text_length", { field, limit });
    }
    const whole = (value: number, from: number, to: number) => Number.isInteger(value) && value >= from && value <= to;
    const scale = (value: number) => value >= 1 && value <= (limits.guidance ?? Infinity);
    const wrong = Object.entries({
      variants: whole(order.variants, 1, limits.variants ?? 1),
      steps: whole(order.steps, 1, limits.steps ?? 50),
      seed: order.seed === null || whole(order.seed, 0, Number.MAX_SAFE_INTEGER),
      guidance_scale: scale(order.guidance_scale),
      image_guidance_scale: scale(order.image_guidance_scale),
      look: looks.includes(order.look),
    }).find(([, right]) => !right);
    if (wrong) throw new Failure("value", { field: wrong[0] });
    readPrompt(order.prompt);
  }

  private async sketchOf(order: Order): Promise<Blob> {
    if (order.again) return (await this.kept(order.again.creation)).files[order.again.number]!.sketch;
    if (!order.sketch) throw new Failure("image_missing");
    if (order.sketch.startsWith("data:")) return blobOf(order.sketch);
    if (!this.data.sketches.some((sketch) => sketch.id === order.sketch)) throw new Failure("not_found");
    return blobOf(this.sketchImage(order.sketch, 768));
  }

  private async create(
    order: Order,
    sketch: Blob,
    on: (done: number) => void,
    canceled: AbortSignal,
  ): Promise<string> {
    const { prompt, look, steps, variants } = order;
    const sampling = { steps, guidance: order.guidance_scale, image_guidance: order.image_guidance_scale };
    const first = order.seed ?? Math.floor(Math.random() * SEEDS);
    const seeds = Array.from({ length: variants }, (_, i) => first + i);
    const kept: Kept = {
      creation: {
        ...{ id: crypto.randomUUID(), name: order.name, prompt, look, steps, seeds },
        guidance_scale: order.guidance_scale,
        image_guidance_scale: order.image_guidance_scale,
        understood: (await this.understand(prompt)).understood,
        created: Date.now() / 1000,
        parent: order.again?.creation ?? null,
        sketch_id: order.again || order.sketch?.startsWith("data:") ? null : (order.sketch ?? null),
        share: null,
        pictures: [],
      },
      files: [],
    };
    for (const [i, seed] of seeds.entries()) {
      const request = { sketch, prompt, seed, look, sampling };
      const made = await this.hands.paint(request, (done) => on((i + done) / variants), canceled);
      const files = { sketch: png(made.sketch), painted: png(made.painted), ...filesOf(made) };
      kept.files.push(files);
      kept.creation.pictures.push(pictureOf(made, look));
    }
    await this.shelf.put(kept);
    return kept.creation.id;
  }

  private async change(
    id: string,
    number: number,
    to: () => Promise<{ look: Look } | { colors: Blob }>,
  ): Promise<Creation> {
    const kept = await this.kept(id);
    const change = await to();
    const made = await this.hands.recolor(this.sourceOf(kept, number), change);
    const before = kept.creation.pictures[number]!;
    kept.creation.pictures[number] = pictureOf(made, "look" in change ? change.look : before.look);
    kept.files[number] = { ...kept.files[number]!, ...filesOf(made) };
    await this.shelf.put(kept);
    for (const key of [...this.addresses.keys()]) {
      if (key.startsWith(`${id}/${number}/`)) this.addresses.delete(key);
    }
    return this.told(kept);
  }

  private async kept(id: string): Promise<Kept> {
    const kept = await this.shelf.get(id);
    if (!kept) throw new Failure("not_found");
    return kept;
  }

  private sourceOf({ creation, files }: Kept, number: number): Source {
    const of = files[number];
    if (!of) throw new Failure("not_found");
    return { sketch: of.sketch, painted: of.painted, prompt: creation.prompt };
  }

  /** A creation with the addresses of its files. */
  private told({ creation, files }: Kept): Creation {
    const pictures = creation.pictures.map((picture, number) => ({
      ...picture,
      ...Object.fromEntries(
        PARTS_OF_NAME.map((part) => [part, this.addressOf(`${creation.id}/${number}/${part}`, files[number]![part])]),
      ),
    }));
    return { ...creation, pictures };
  }

  private addressOf(key: string, file: Blob): string {
    const address = this.addresses.get(key) ?? URL.createObjectURL(file);
    this.addresses.set(key, address);
    return address;
  }

  private pageOf<T>(all: T[], page: number) {
    const size = this.data.session.limits.page ?? 24;
    const pages = Math.max(1, Math.ceil(all.length / size));
    const now = Math.min(Math.max(1, page), pages);
    return { page: now, pages, total: all.length, part: all.slice((now - 1) * size, now * size) };
  }
}

function filesOf({ files }: Finished): Omit<Files, "sketch" | "painted"> {
  return {
    ...{ color: png(files.color), clear: png(files.clear), small: png(files.small), colors: png(files.colors) },
    layers: new Blob([files.layers], { type: "image/openraster" }),
  };
}

function pictureOf({ width, height, verdicts, warnings }: Finished, look?: Look) {
  const nowhere = { color: "", clear: "", small: "", layers: "", sketch: "" };
  return { ...nowhere, look, width, height, verdicts, warnings };
}

function png(bytes: Bytes): Blob {
  return new Blob([bytes], { type: "image/png" });
}

async function blobOf(address: string): Promise<Blob> {
  try {
    const found = await fetch(address);
    if (found.ok) return await found.blob();
  } catch {
    // told below
  }
  throw new Failure(address.startsWith("data:") ? "image_broken" : "offline");
}

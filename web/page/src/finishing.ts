/** A picture that is finished by hand: its colors, its regions, what was done, and keeping it. */
import { beforeLeaving, engine, keepCreation, toFailure } from "./actions";
import type { Creation, Failure } from "./engine";
import { History } from "./history";
import { fill, lockMask, plainColors, reachLines, shade, unpackRegions, windowOf, type Rgb } from "./regions";
import { getState, setState, subscribe } from "./state";

const KEEP_AFTER = 800; // milliseconds without a further change
const MOST_STEPS = 40;

export type Shading = "painted" | "flat" | "soft";
interface Look {
  shading: Shading;
  /** Each region's color; empty while the picture is as it was painted. */
  plain: Map<number, Rgb | null>;
}
interface Patch {
  x: number;
  y: number;
  before: ImageData;
  after: ImageData;
  from: Look;
  to: Look;
}

async function pixelsOf(source: Blob): Promise<[OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D, HTMLCanvasElement]> {
  const bitmap = await createImageBitmap(source, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
  pen.drawImage(bitmap, 0, 0);
  return [pen, canvas];
}

const load = async (url: string) => (await fetch(url)).blob();

export class Finishing {
  readonly history = new History<Patch>(MOST_STEPS);
  look: Look = { shading: "painted", plain: new Map() };
  saving: "saved" | "waiting" | "clean" = "clean";
  failure: Failure | null = null;
  private listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private version = 0;

  private constructor(
    readonly key: string,
    private readonly creation: string,
    private readonly number: number,
    readonly sketch: HTMLCanvasElement,
    readonly layer: HTMLCanvasElement,
    private readonly pen: CanvasRenderingContext2D,
    readonly regions: Uint32Array,
    readonly owners: Uint32Array,
  ) {}

  private static readonly open = new Map<string, Promise<Finishing>>();

  /** The one of a picture, with all that was done on it since the page was loaded. */
  static of(creation: Creation, number: number): Promise<Finishing> {
    const key = `${creation.id}/${number}`;
    let found = Finishing.open.get(key);
    if (!found) {
      found = Finishing.begin(key, creation, number);
      found.catch(() => Finishing.open.delete(key));
      Finishing.open.set(key, found);
    }
    return found;
  }

  private static async begin(key: string, creation: Creation, number: number): Promise<Finishing> {
    const picture = creation.pictures[number]!;
    const [[, sketch], [pen, layer], [map]] = await Promise.all([
      load(picture.sketch).then(pixelsOf),
      load(picture.colors ?? picture.clear).then(pixelsOf),
      engine.regions(creation.id, number).then(pixelsOf),
    ]);
    const { width, height } = layer;
    const regions = unpackRegions(map.getImageData(0, 0, width, height).data);
    const owners = reachLines(regions, width);
    return new Finishing(key, creation.id, number, sketch, layer, pen as CanvasRenderingContext2D, regions, owners);
  }

  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }

  /** Colors and lines together. */
  show(target: HTMLCanvasElement): void {
    const { width, height } = this.layer;
    if (target.width !== width || target.height !== height) Object.assign(target, { width, height });
    const pen = target.getContext("2d")!;
    pen.globalCompositeOperation = "source-over";
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    pen.drawImage(this.layer, 0, 0);
    pen.globalCompositeOperation = "multiply";
    pen.drawImage(this.sketch, 0, 0, width, height);
  }

  regionAt(x: number, y: number): number {
    return this.owners[Math.floor(y) * this.layer.width + Math.floor(x)] ?? 0;
  }

  colorAt(x: number, y: number): Rgb | null {
    const [red, green, blue, cover] = this.pen.getImageData(Math.floor(x), Math.floor(y), 1, 1).data;
    return cover ? [red!, green!, blue!] : null;
  }

  private whole(): ImageData {
    return this.pen.getImageData(0, 0, this.layer.width, this.layer.height);
  }

  fill(region: number, color: Rgb | null): void {
    if (!region) return;
    const { width } = this.layer;
    const to = { ...this.look, plain: new Map(this.look.plain) };
    const window = windowOf(this.owners.length, width, (at) => this.owners[at] === region);
    if (!window) return;
    const before = this.pen.getImageData(window.x, window.y, window.width, window.height);
    const data = this.whole();
    if (to.shading === "painted") fill(data.data, this.owners, region, color);
    else {
      to.plain.set(region, color);
      shade(data.data, this.owners, width, to.plain, to.shading === "soft", region);
    }
    this.pen.putImageData(data, 0, 0);
    const after = this.pen.getImageData(window.x, window.y, window.width, window.height);
    this.add({ x: window.x, y: window.y, before, after, from: this.look, to });
  }

  /** Each region in one color, flat or softly shaded. */
  setShading(shading: "flat" | "soft"): void {
    const before = this.whole();
    const data = this.whole();
    const plain = this.look.plain.size ? this.look.plain : plainColors(data.data, this.owners);
    shade(data.data, this.owners, this.layer.width, plain, shading === "soft");
    this.pen.putImageData(data, 0, 0);
    this.add({ x: 0, y: 0, before, after: data, from: this.look, to: { shading, plain } });
  }

  /** Begin to paint over gaps; the functions that are returned go on and end. */
  brush(color: Rgb | null, size: number) {
    const before = this.whole();
    const { pen } = this;
    let last: [number, number] | null = null;
    return {
      to: (x: number, y: number) => {
        pen.globalCompositeOperation = color ? "source-over" : "destination-out";
        pen.strokeStyle = color ? `rgb(${color.join()})` : "#000";
        pen.lineWidth = size;
        pen.lineCap = pen.lineJoin = "round";
        pen.beginPath();
        pen.moveTo(...(last ?? [x, y]));
        pen.lineTo(x, y);
        pen.stroke();
        pen.globalCompositeOperation = "source-over";
        last = [x, y];
        this.tell();
      },
      end: () => this.add({ x: 0, y: 0, before, after: this.whole(), from: this.look, to: this.look }),
    };
  }

  private add(patch: Patch): void {
    this.history.add(patch);
    this.changed(patch.to);
  }

  undo(): void {
    const patch = this.history.undo();
    if (!patch) return;
    this.pen.putImageData(patch.before, patch.x, patch.y);
    this.changed(patch.from);
  }

  redo(): void {
    const patch = this.history.redo();
    if (!patch) return;
    this.pen.putImageData(patch.after, patch.x, patch.y);
    this.changed(patch.to);
  }

  private changed(look: Look): void {
    this.look = look;
    this.version++;
    this.saving = "waiting";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), KEEP_AFTER);
    this.tell();
  }

  /** Save what is not saved yet. */
  async keep(): Promise<void> {
    clearTimeout(this.timer);
    if (this.saving !== "waiting") return;
    const { version } = this;
    try {
      keepCreation(await engine.saveColors(this.creation, this.number, this.layer.toDataURL("image/png")));
      this.failure = null;
      if (version === this.version) this.saving = "saved";
    } catch (error) {
      this.failure = toFailure(error);
    }
    this.tell();
  }

  /** The mask of what the next run must not change; null if nothing is locked. */
  mask(): string | null {
    const locked = new Set(getState().locks[this.key]);
    if (!locked.size) return null;
    const { width, height } = this.layer;
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    canvas.getContext("2d")!.putImageData(new ImageData(lockMask(this.owners, locked) as Uint8ClampedArray<ArrayBuffer>, width, height), 0, 0);
    return canvas.toDataURL("image/png");
  }

  lock(region: number): void {
    if (!region) return;
    const locked = getState().locks[this.key] ?? [];
    const now = locked.includes(region) ? locked.filter((other) => other !== region) : [...locked, region];
    setState({ locks: { ...getState().locks, [this.key]: now } });
    this.tell();
  }

  static keepAll(): void {
    for (const one of Finishing.open.values()) one.then((finishing) => finishing.keep(), () => undefined);
  }
}

beforeLeaving.add(Finishing.keepAll);
let online = true;
subscribe(() => {
  if (getState().online && !online) Finishing.keepAll();
  online = getState().online;
});

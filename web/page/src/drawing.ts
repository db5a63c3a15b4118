/** The sketch that is being drawn: one canvas, and what was done on it, replayed after each undo. */
import { History } from "./history";

const BLANK = 1024;

export interface Stroke {
  kind: "stroke";
  points: [number, number][];
  size: number;
  erase: boolean;
}
interface Placed {
  kind: "image";
  bitmap: ImageBitmap;
  width: number;
  height: number;
  /** Of the library, if it is from there. */
  id: string | null;
}
type Step = Stroke | Placed | { kind: "clear" };

export class Drawing {
  readonly canvas = document.createElement("canvas");
  private readonly pen = this.canvas.getContext("2d")!;
  readonly history = new History<Step>(200);
  /** Pixels along the longer side of what is sent. */
  largest = 1536;

  /** @param changed is called after each step; `fresh`: the drawing is another one. */
  constructor(private readonly changed: (fresh: boolean) => void) {
    this.redraw();
  }

  private get start(): number {
    return this.history.done.findLastIndex((step) => step.kind !== "stroke");
  }

  private get placed(): Placed | null {
    const step = this.history.done[this.start];
    return step?.kind === "image" ? step : null;
  }

  get blank(): boolean {
    return !this.placed && !this.history.done.slice(this.start + 1).some((step) => step.kind === "stroke" && !step.erase);
  }

  /** The library's sketch that this is, while nothing was drawn on it. */
  get libraryId(): string | null {
    return this.start === this.history.done.length - 1 ? (this.placed?.id ?? null) : null;
  }

  line({ points, size, erase }: Stroke): void {
    const { pen } = this;
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = size;
    pen.strokeStyle = erase ? "#fff" : "#000";
    pen.beginPath();
    pen.moveTo(...points[0]!);
    if (points.length === 1) pen.lineTo(...points[0]!);
    for (let at = 1; at < points.length; at++) {
      const [x, y] = points[at]!;
      const [fromX, fromY] = points[at - 1]!;
      pen.quadraticCurveTo(fromX, fromY, (fromX + x) / 2, (fromY + y) / 2);
      if (at === points.length - 1) pen.lineTo(x, y);
    }
    pen.stroke();
  }

  private redraw(): void {
    const { canvas, pen, placed } = this;
    const [width, height] = placed ? [placed.width, placed.height] : [BLANK, BLANK];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    if (placed) {
      pen.imageSmoothingQuality = "high";
      pen.drawImage(placed.bitmap, 0, 0, width, height);
    }
    for (const step of this.history.done.slice(this.start + 1)) if (step.kind === "stroke") this.line(step);
  }

  add(step: Step): void {
    this.history.add(step);
    this.redraw();
    this.changed(step.kind !== "stroke");
  }

  /** Put an image on the canvas, reduced where it is larger than what is sent. */
  async place(image: Blob, id: string | null = null): Promise<void> {
    const bitmap = await createImageBitmap(image);
    const scale = Math.min(1, this.largest / Math.max(bitmap.width, bitmap.height));
    const width = Math.max(1, Math.round(bitmap.width * scale));
    const height = Math.max(1, Math.round(bitmap.height * scale));
    this.add({ kind: "image", bitmap, width, height, id });
  }

  undo(): void {
    const step = this.history.undo();
    this.redraw();
    if (step) this.changed(step.kind !== "stroke");
  }

  redo(): void {
    const step = this.history.redo();
    this.redraw();
    if (step) this.changed(step.kind !== "stroke");
  }

  toBlob(): Promise<Blob | null> {
    return new Promise((resolve) => this.canvas.toBlob(resolve, "image/png"));
  }
}

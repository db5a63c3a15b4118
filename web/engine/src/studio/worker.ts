/** The studio in a worker of the page: the model and all that takes long, off its thread. */

import * as runtime from "onnxruntime-web/wasm";
import { Failure, type Look } from "../../../page/src/engine";
import { picture, type Picture } from "../images/grid";
import { Painter } from "../model/painter";
import { Studio, type Kept, type Request } from "./studio";

/** What can be asked of the worker; answers bear the call's number. */
export type Call = { number: number } & (
  | { kind: "open"; model: string; wasm: { mjs: string; wasm: string } }
  | { kind: "paint"; request: Request }
  | { kind: "recolor"; kept: Kept; change: { look: Look } | { colors: Blob } }
  | { kind: "regions"; kept: Kept }
  | { kind: "cancel"; call: number }
);
export type Answer = { number: number } & (
  | { done: number }
  | { value: unknown }
  | { failed: string; values?: Failure["values"] }
);

const MOST_THREADS = 4;
let studio: Promise<Studio> | undefined;
const canceled = new Set<number>();

self.onmessage = async ({ data: call }: MessageEvent<Call>) => {
  const { number } = call;
  const say = (answer: Answer) => self.postMessage(answer);
  try {
    say({ number, value: await answer(call, (done) => say({ number, done })) });
  } catch (error) {
    if (error instanceof Failure) say({ number, failed: error.kind, values: error.values });
    else say({ number, failed: error instanceof TypeError ? "offline" : "failed" });
    if (!(error instanceof Failure)) console.error(error);
  }
};

async function answer(call: Call, on: (done: number) => void): Promise<unknown> {
  switch (call.kind) {
    case "open": {
      runtime.env.wasm.numThreads = self.crossOriginIsolated
        ? Math.min(MOST_THREADS, navigator.hardwareConcurrency)
        : 1;
      runtime.env.wasm.wasmPaths = call.wasm;
      studio = Painter.open(runtime, (path) => read(call.model + path), on).then(
        (painter) => new Studio(painter, decode),
      );
      return (await studio).sampling;
    }
    case "paint":
      return (await studio!).paint(call.request, async (done) => {
        on(done);
        await new Promise((resolve) => setTimeout(resolve)); // so that a "cancel" is heard
        if (canceled.delete(call.number)) throw new Failure("canceled");
      });
    case "recolor":
      return (await studio!).recolor(call.kept, call.change);
    case "regions":
      return (await studio!).regions(call.kept);
    case "cancel":
      canceled.add(call.call);
  }
}

async function read(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const found = await fetch(url);
  if (!found.ok) throw new Failure("offline");
  return new Uint8Array(await found.arrayBuffer());
}

async function decode(file: Blob): Promise<Picture> {
  const image = await createImageBitmap(file, { premultiplyAlpha: "none" }).catch(() => {
    throw new Failure("image_broken");
  });
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
  context.drawImage(image, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
  let opaque = true;
  for (let i = 3; i < data.length && opaque; i += 4) opaque = data[i] === 255;
  if (!opaque) return { width, height, channels: 4, data: new Uint8Array(data.buffer) };
  const found = picture(width, height, 3);
  for (let i = 0; i < width * height; i++) found.data.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
  return found;
}

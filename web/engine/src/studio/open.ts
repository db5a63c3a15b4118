/** Opens the engine in a page: `new BrowserEngine`, with a worker and what lies beside the page. */

import mjs from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import { BrowserEngine, type Data, type Hands } from "./browser_engine";
import { Hand } from "./hand";
import { BrowserShelf } from "./shelf";

/**
 * `base` is the address of the folder with `data.json`, `model/` and `sketches/`; `on` hears the
 * share of the model that is ready, which is read at once. Returns the engine, which takes jobs from
 * now on, and a promise of the model.
 */
export async function openEngine(base: string, on?: (done: number) => void): Promise<[engine: BrowserEngine, model: Promise<unknown>]> {
  const place = new URL(base, location.href).href;
  const hand = new Hand(new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }));
  const absolute = (address: string) => new URL(address, location.href).href;
  const model = `${place}model/`;
  const opened = hand.ask<unknown>(
    { kind: "open", model, wasm: { mjs: absolute(mjs), wasm: absolute(wasm) } },
    on,
  );
  opened.catch(() => {}); // whoever asks is told
  const hands: Hands = {
    paint: async (request, told, canceled) => {
      await opened;
      let number = 0;
      const stop = () => void hand.ask({ kind: "cancel", call: number });
      canceled.addEventListener("abort", stop);
      return hand
        .ask<Awaited<ReturnType<Hands["paint"]>>>({ kind: "paint", request }, told, (is) => (number = is))
        .finally(() => canceled.removeEventListener("abort", stop));
    },
    recolor: async (kept, change) => (await opened, hand.ask({ kind: "recolor", kept, change })),
    regions: async (kept) => (await opened, hand.ask({ kind: "regions", kept })),
  };
  const data = (await (await fetch(`${place}data.json`)).json()) as Data;
  return [new BrowserEngine(hands, new BrowserShelf(), data, place), opened];
}

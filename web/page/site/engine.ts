/** In the static site this browser paints and keeps; takes the place of `src/chosen_engine.ts`. */
import { keepOffline } from "../../engine/src/studio/keep";
import { openEngine } from "../../engine/src/studio/open";
import type { Engine } from "../src/engine";

// first, so that the model is kept, too
await keepOffline("/sw.js");

export const engine: Engine = (await openEngine("/"))[0];

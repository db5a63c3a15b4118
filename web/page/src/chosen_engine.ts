/** Who paints and keeps: the server. The static site has another file in this one's place. */
import type { Engine } from "./engine";
import { serverEngine } from "./server_engine";

export const engine: Engine = serverEngine;

/** Reads known answers, which tools/engine_cases.py writes. For tests, in Node. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const HERE = new URL("../cases/", import.meta.url);
const KINDS = { u1: Uint8Array, i4: Int32Array, f4: Float32Array, f8: Float64Array };

export interface Stored {
  kind: keyof typeof KINDS;
  shape: number[];
  data: string;
}

/** A file of cases; POKECOLOR_CASES is another folder to read it from. */
export function readCases<T>(name: string): T {
  const folder = process.env.POKECOLOR_CASES;
  const path = folder ? `${folder}/${name}.json.gz` : new URL(`${name}.json.gz`, HERE);
  return JSON.parse(gunzipSync(readFileSync(path)).toString()) as T;
}

export function unpack<T extends Uint8Array | Int32Array | Float32Array | Float64Array>(stored: Stored): T {
  const bytes = Buffer.from(stored.data, "base64");
  const copy = new Uint8Array(bytes).buffer;
  return new KINDS[stored.kind](copy) as T;
}

/** Reads a file of the bundled model. */
export async function readMini(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(readFileSync(new URL(`../../../pokecolor/weights/mini/${path}`, import.meta.url)));
}

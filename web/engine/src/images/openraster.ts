/** Writes OpenRaster 0.0.3 files, which are ZIP archives of layers. */

import type { Picture } from "./grid";
import { crc32, encodePng, join } from "./png";

/** `layers` are RGBA, topmost first, by name; `merged` is what they look like together, `small` in small. */
export async function encodeOpenraster(
  layers: [string, Picture][],
  merged: Picture,
  small: Picture,
): Promise<Uint8Array<ArrayBuffer>> {
  const entries = layers.map(([name], i) => `<layer name="${name}" src="data/layer${i}.png" x="0" y="0" />`);
  const stack =
    `<?xml version='1.0' encoding='utf-8'?>\n<image version="0.0.3" w="${merged.width}" h="${merged.height}">` +
    `<stack>${entries.join("")}</stack></image>`;
  const text = (value: string) => new TextEncoder().encode(value);
  return zip([
    ["mimetype", text("image/openraster")], // first, for those who look at bytes
    ...(await Promise.all(
      layers.map(async ([, layer], i) => [`data/layer${i}.png`, await encodePng(layer)] as [string, Uint8Array]),
    )),
    ["stack.xml", text(stack)],
    ["mergedimage.png", await encodePng(merged)],
    ["Thumbnails/thumbnail.png", await encodePng(small)],
  ]);
}

/** An archive of files as they are: PNG is compressed already. */
function zip(files: [string, Uint8Array][]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const index: Uint8Array[] = [];
  let offset = 0;
  for (const [name, data] of files) {
    const called = new TextEncoder().encode(name);
    // needed version, flags, method, time, date (1 January 1980), sums, sizes, length of the name
    const about = numbers([20, 2], [0, 2], [0, 2], [0, 2], [33, 2], [crc32(data), 4], [data.length, 4], [data.length, 4], [called.length, 2], [0, 2]); // prettier-ignore
    const local = [numbers([0x04034b50, 4]), about, called, data];
    index.push(numbers([0x02014b50, 4], [20, 2]), about, numbers([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), called);
    parts.push(...local);
    offset += local.reduce((total, part) => total + part.length, 0);
  }
  const list = join(index);
  const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [list.length, 4], [offset, 4], [0, 2]); // prettier-ignore
  return join([...parts, list, end]);
}

/** Whole numbers of so many bytes each, the lowest byte first. */
function numbers(...values: [number, number][]): Uint8Array {
  return Uint8Array.from(
    values.flatMap(([value, bytes]) => Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) & 255)),
  );
}

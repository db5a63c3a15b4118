/** Writes PNG files (ISO 15948): pixels stay as they are, which a canvas does not warrant with alpha. */

import type { Picture } from "./grid";

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
const KINDS: Record<number, number> = { 1: 0, 3: 2, 4: 6 };
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/** The cyclic redundancy check of PNG and ZIP. */
export function crc32(bytes: Uint8Array): number {
  let found = 0xffffffff;
  for (const byte of bytes) found = TABLE[(found ^ byte) & 255]! ^ (found >>> 8);
  return (found ^ 0xffffffff) >>> 0;
}

/** Grey, RGB or RGBA as the bytes of a file. */
export async function encodePng(image: Picture): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, channels, data } = image;
  const row = width * channels;
  const lines = new Uint8Array((row + 1) * height);
  for (let y = 0; y < height; y++) {
    lines[y * (row + 1)] = y ? 2 : 0; // but for the first, what is left of the line above
    for (let x = 0; x < row; x++) {
      const above = y ? data[(y - 1) * row + x]! : 0;
      lines[y * (row + 1) + 1 + x] = data[y * row + x]! - above;
    }
  }
  const packed = new Blob([lines]).stream().pipeThrough(new CompressionStream("deflate"));
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, KINDS[channels]!], 8);
  return join([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", new Uint8Array(await new Response(packed).arrayBuffer())),
    chunk("IEND", new Uint8Array()),
  ]);
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const body = join([new TextEncoder().encode(name), data]);
  const ends = new DataView(new ArrayBuffer(8));
  ends.setUint32(0, data.length);
  ends.setUint32(4, crc32(body));
  return join([new Uint8Array(ends.buffer, 0, 4), body, new Uint8Array(ends.buffer, 4, 4)]);
}

export function join(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const found = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    found.set(part, at);
    at += part.length;
  }
  return found;
}

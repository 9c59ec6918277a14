/** Writes a PNG of at most four colours (https://www.w3.org/TR/png-3/): palette, two bits a pixel, small files. */
import { deflateSync } from 'node:zlib';

export type Colour = readonly [red: number, green: number, blue: number];

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** `pixels` is a square of palette indices (0 to 3), row by row; the image has twice as many pixels a side. */
export function encodePng(pixels: Uint8Array, palette: readonly Colour[]): Buffer {
  const side = Math.sqrt(pixels.length);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(2 * side, 0);
  header.writeUInt32BE(2 * side, 4);
  // Bit depth 2, colour type 3 (palette); compression, filter and interlace methods 0.
  header.set([2, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(doubledRows(side, pixels), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Every row twice, each led by its filter, 0 for none; a byte holds two pixels, twice each. */
function doubledRows(side: number, pixels: Uint8Array): Buffer {
  const rows: Buffer[] = [];
  for (let start = 0; start < pixels.length; start += side) {
    const row = Buffer.alloc(1 + side / 2);
    for (let byte = 0; byte < side / 2; byte++) {
      const left = pixels[start + 2 * byte] ?? 0;
      const right = pixels[start + 2 * byte + 1] ?? 0;
      row[1 + byte] = left * 0b01010000 + right * 0b00000101;
    }
    rows.push(row, row);
  }
  return Buffer.concat(rows);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

// zlib.crc32 came with Node 20.15, and Node 20 is what is asked for.
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

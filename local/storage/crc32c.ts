/**
 * CRC32C (Castagnoli), eight bytes a step, over content that arrives in pieces. Cloud Storage gives it for every object
 * (https://cloud.google.com/storage/docs/data-validation); Node's own zlib has only the other polynomial.
 */

const POLYNOMIAL = 0x82f63b78;
const TABLES = buildTables();

/** The running value after `bytes`; begin with 0. */
export function updateCrc32c(crc: number, bytes: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES;
  let value = ~crc;
  let at = 0;
  for (const end = bytes.length - 8; at <= end; at += 8) {
    const low = value ^ word(bytes, at);
    const high = word(bytes, at + 4);
    value =
      entry(t7, low) ^
      entry(t6, low >>> 8) ^
      entry(t5, low >>> 16) ^
      entry(t4, low >>> 24) ^
      entry(t3, high) ^
      entry(t2, high >>> 8) ^
      entry(t1, high >>> 16) ^
      entry(t0, high >>> 24);
  }
  for (; at < bytes.length; at += 1) value = (value >>> 8) ^ entry(t0, value ^ (bytes[at] ?? 0));
  return ~value >>> 0;
}

/** As the API writes it: four bytes, big-endian, in base64. */
export function formatCrc32c(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc >>> 0);
  return bytes.toString('base64');
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

function entry(table: Int32Array, index: number): number {
  return table[index & 0xff] ?? 0;
}

type Tables = [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];

function buildTables(): Tables {
  const first = new Int32Array(256).map((_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
    return value;
  });
  const next = (table: Int32Array) => table.map((value) => (value >>> 8) ^ (first[value & 0xff] ?? 0));
  const t1 = next(first);
  const t2 = next(t1);
  const t3 = next(t2);
  const t4 = next(t3);
  const t5 = next(t4);
  const t6 = next(t5);
  return [first, t1, t2, t3, t4, t5, t6, next(t6)];
}

/** Hashes of bytes, read in place: what is kept of a string where only its being the same again matters. Pure. */

// Taken out once: this is called for every word of a file.
const { imul } = Math;

const LOW = { first: 0xcc9e2d51 | 0, second: 0x1b873593 };
const HIGH = { first: 0xab0e9789 | 0, second: 0x38b34ae5 };
const SEED: Fingerprint = { low: 0x9747b28c | 0, high: 0x3c6ef372 };
const latest: Fingerprint = { low: 0, high: 0 };

/** Two hashes of the same bytes, signed 32-bit numbers each. */
export interface Fingerprint {
  low: number;
  high: number;
}

/**
 * Two hashes of the bytes from `from` to before `to`, in one go. Each is MurmurHash3 (x86, 32 bits), but for the last word,
 * which is the last four bytes of the key; they share nothing but their form, so that keys which agree in one differ in
 * the other. A key of two parts is seeded with the fingerprint of its first. The answer is the same object every time.
 */
export function fingerprint(bytes: DataView, from: number, to: number, first: Fingerprint = SEED): Fingerprint {
  let { low, high } = first;
  for (let at = from; at + 4 < to; at += 4) {
    const word = bytes.getInt32(at, true);
    low = mixed(low, imul(word, LOW.first), LOW.second);
    high = mixed(high, imul(word, HIGH.first), HIGH.second);
  }
  const last = lastWord(bytes, from, to);
  latest.low = finished(mixed(low, imul(last, LOW.first), LOW.second) ^ (to - from));
  latest.high = finished(mixed(high, imul(last, HIGH.first), HIGH.second) ^ (to - from));
  return latest;
}

/** The lower of the two, where 32 bits are enough. */
export function shortFingerprint(bytes: DataView, from: number, to: number, first = SEED.low): number {
  let low = first;
  for (let at = from; at + 4 < to; at += 4) low = mixed(low, imul(bytes.getInt32(at, true), LOW.first), LOW.second);
  return finished(mixed(low, imul(lastWord(bytes, from, to), LOW.first), LOW.second) ^ (to - from));
}

/** Of no bytes at all. */
export const BLANK = shortFingerprint(new DataView(new ArrayBuffer(0)), 0, 0);

/** The last four bytes of a key, or as many as it has. */
function lastWord(bytes: DataView, from: number, to: number): number {
  if (to - from >= 4) return bytes.getInt32(to - 4, true);
  let word = 0;
  for (let at = from; at < to; at++) word = (word << 8) | bytes.getUint8(at);
  return word;
}

function mixed(hash: number, scrambled: number, second: number): number {
  const next = hash ^ imul((scrambled << 15) | (scrambled >>> 17), second);
  return (imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}

/** Spreads every bit over all others; two different numbers stay different. */
export function finished(hash: number): number {
  const once = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}

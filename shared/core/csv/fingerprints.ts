/** A map from strings to small numbers that keeps hashes, not strings: a file of a million lines stays small. Pure. */

export interface FingerprintTable {
  /** The entry that was added for these strings, or -1. */
  find(key: readonly string[]): number;
  /** Adds an entry, unless these strings have one; whether it is new. */
  add(key: readonly string[], values: readonly number[]): boolean;
  /** The nth value of an entry, as the unsigned 32-bit number it was kept as. */
  value(entry: number, index: number): number;
  size(): number;
}

/**
 * A table with `values` numbers an entry. Keys are 64 bits: among a million of them the chance that any two different
 * ones are taken for the same is below 3 in 100 million (n² / 2^65). An entry takes 8 bytes, 4 for each value, and 8
 * to 16 for its place in the index.
 */
export function createFingerprintTable(values: number): FingerprintTable {
  const width = 2 + values;
  let entries = new Uint32Array(1024 * width);
  let slots = new Int32Array(2048).fill(-1);
  let count = 0;

  function slotOf(low: number, high: number): number {
    let slot = low & (slots.length - 1);
    for (let entry = slots[slot] ?? -1; entry >= 0; entry = slots[slot] ?? -1) {
      if (entries[entry * width] === low && entries[entry * width + 1] === high) return slot;
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  function grow(): void {
    const wider = new Uint32Array(entries.length * 2);
    wider.set(entries);
    entries = wider;
    slots = new Int32Array(slots.length * 2).fill(-1);
    for (let entry = 0; entry < count; entry++) {
      slots[slotOf(entries[entry * width] ?? 0, entries[entry * width + 1] ?? 0)] = entry;
    }
  }

  return {
    find(key) {
      return slots[slotOf(fingerprint(key, LOW), fingerprint(key, HIGH))] ?? -1;
    },
    add(key, numbers) {
      if ((count + 1) * width > entries.length) grow();
      const low = fingerprint(key, LOW);
      const high = fingerprint(key, HIGH);
      const slot = slotOf(low, high);
      if ((slots[slot] ?? -1) >= 0) return false;
      entries.set([low, high, ...numbers.slice(0, values)], count * width);
      slots[slot] = count;
      count += 1;
      return true;
    },
    value: (entry, index) => entries[entry * width + 2 + index] ?? 0,
    size: () => count,
  };
}

// Taken out once: this is called for every character of a file.
const { imul } = Math;

interface Lane {
  seed: number;
  first: number;
  second: number;
}

/** Two hashes with nothing in common but their form, so that keys which agree in one differ in the other. */
const LOW: Lane = { seed: 0x9747b28c, first: 0xcc9e2d51, second: 0x1b873593 };
const HIGH: Lane = { seed: 0x3c6ef372, first: 0xab0e9789, second: 0x38b34ae5 };

/** 32 bits of a list of strings: MurmurHash3 (x86, 32 bits) over their UTF-16 units, each string led by its length. */
export function fingerprint(parts: readonly string[], lane: Lane = LOW): number {
  let hash = lane.seed;
  let units = 0;
  for (const part of parts) {
    hash = mixed(hash, part.length, lane);
    for (let index = 0; index < part.length; index++) hash = mixed(hash, part.charCodeAt(index), lane);
    units += part.length + 1;
  }
  hash ^= units;
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function mixed(hash: number, unit: number, lane: Lane): number {
  const scrambled = imul(unit, lane.first);
  const word = imul((scrambled << 15) | (scrambled >>> 17), lane.second);
  const next = hash ^ word;
  return (imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}

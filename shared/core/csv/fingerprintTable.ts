/** A map from 64-bit keys to small numbers, in flat arrays: a million entries stay small, and adding one makes no object. Pure. */

export interface FingerprintTable {
  /** The number of the key's entry, or -1. Entries are numbered from 0 in the order in which they were added. */
  find(low: number, high: number): number;
  /** Adds an entry, all values 0, and gives its number. The key must not have one yet. */
  add(low: number, high: number): number;
  /** The nth value of an entry, a signed 32-bit number. */
  value(entry: number, index: number): number;
  set(entry: number, index: number, value: number): void;
  size(): number;
  /** Makes room for so many entries at once, where growing into it would take time; for at most 4 million (24 MB). */
  reserve(entries: number): void;
}

const PAGE_BITS = 13;
const PAGE_ENTRIES = 1 << PAGE_BITS;
/** Beyond this share of taken slots, looking for a free one takes long. */
const FULL = 0.7;
const RESERVED_ENTRIES = 4_000_000;

/**
 * A table with `values` numbers an entry. Keys that are fingerprints are not the strings themselves: among a million of
 * them the chance that any two different ones are taken for the same is below 3 in 100 million (n² / 2^65). An entry
 * takes 8 bytes, 4 for each value, and 6 to 12 for its slot. `low` chooses the slot, so it has to be spread well.
 */
export function createFingerprintTable(values: number): FingerprintTable {
  const width = 2 + values;
  // Pages are never copied, so that a growing table leaves little behind.
  const pages: Int32Array[] = [];
  /** Below `slots.length` the number of an entry from 1, above it those bits of its `low`; 0 is a free slot. */
  let slots = new Int32Array(1024);
  let mask = slots.length - 1;
  let count = 0;

  function cell(entry: number, index: number): number {
    return pages[entry >>> PAGE_BITS]?.[(entry & (PAGE_ENTRIES - 1)) * width + index] ?? 0;
  }

  function write(entry: number, index: number, value: number): void {
    const page = pages[entry >>> PAGE_BITS];
    if (page !== undefined) page[(entry & (PAGE_ENTRIES - 1)) * width + index] = value;
  }

  function place(entry: number, low: number): void {
    let slot = low & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = (low & ~mask) | (entry + 1);
  }

  function resize(length: number): void {
    slots = new Int32Array(length);
    mask = slots.length - 1;
    for (let entry = 0; entry < count; entry++) place(entry, cell(entry, 0));
  }

  return {
    find(low, high) {
      let slot = low & mask;
      for (let mark = slots[slot] ?? 0; mark !== 0; mark = slots[slot] ?? 0) {
        const entry = (mark & mask) - 1;
        // Most other keys are told from this one without a look at their entries.
        if (((mark ^ low) & ~mask) === 0 && cell(entry, 0) === low && cell(entry, 1) === high) return entry;
        slot = (slot + 1) & mask;
      }
      return -1;
    },
    add(low, high) {
      const entry = count;
      if (entry >> PAGE_BITS === pages.length) pages.push(new Int32Array(PAGE_ENTRIES * width));
      if (count > slots.length * FULL) resize(slots.length * 2);
      write(entry, 0, low);
      write(entry, 1, high);
      place(entry, low);
      count += 1;
      return entry;
    },
    value: (entry, index) => cell(entry, index + 2),
    set: (entry, index, value) => write(entry, index + 2, value),
    size: () => count,
    reserve(entries) {
      const bits = Math.ceil(Math.log2(Math.min(entries, RESERVED_ENTRIES) / FULL));
      if (2 ** bits > slots.length) resize(2 ** bits);
    },
  };
}

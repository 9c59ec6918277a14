/**
 * An ordered set of records in a stable order that looks random: by a hash of the id. It gives the "unspecified order"
 * of the service's lists, and a page can go on behind any id, also one that was deleted meanwhile. Finding, adding and
 * removing cost a binary search and a splice in a chunk, so that a million records stay usable.
 * Plain data and functions instead of an object with methods: a product has one for its images.
 */
export interface Ranked {
  readonly id: string;
  /** `rankOf(id, seed)` of the index. */
  readonly rank: number;
}

export interface ShuffledIndex<T extends Ranked> {
  size: number;
  /** No chunk is empty. */
  chunks: T[][];
}

const MAX_CHUNK = 512;

export function createShuffledIndex<T extends Ranked>(): ShuffledIndex<T> {
  return { size: 0, chunks: [] };
}

/** FNV-1a over the UTF-16 units, mixed as murmur3 does; of 30 bits, which V8 keeps without a box. */
export function rankOf(id: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 2;
}

export function findIn<T extends Ranked>(index: ShuffledIndex<T>, key: Ranked): T | undefined {
  const chunk = index.chunks[chunkFor(index.chunks, key)];
  const found = chunk?.[lowerBound(chunk, key)];
  return found?.id === key.id ? found : undefined;
}

/** Adds a record; false where its id is there already. */
export function addTo<T extends Ranked>(index: ShuffledIndex<T>, record: T): boolean {
  const at = chunkFor(index.chunks, record);
  const chunk = index.chunks[at];
  if (!chunk) {
    // An array that grows by `push` keeps room for sixteen more, which most products never need.
    index.chunks = [[record]];
  } else {
    const place = lowerBound(chunk, record);
    if (chunk[place]?.id === record.id) return false;
    chunk.splice(place, 0, record);
    if (chunk.length > MAX_CHUNK) index.chunks.splice(at + 1, 0, chunk.splice(MAX_CHUNK / 2));
  }
  index.size += 1;
  return true;
}

/** Removes a record; false where its id is not there. */
export function removeFrom<T extends Ranked>(index: ShuffledIndex<T>, key: Ranked): boolean {
  const at = chunkFor(index.chunks, key);
  const chunk = index.chunks[at];
  if (!chunk) return false;
  const place = lowerBound(chunk, key);
  if (chunk[place]?.id !== key.id) return false;
  chunk.splice(place, 1);
  if (chunk.length === 0) index.chunks.splice(at, 1);
  index.size -= 1;
  return true;
}

/** Up to `count` records that follow the key in the order; from the start without a key. */
export function readAfter<T extends Ranked>(index: ShuffledIndex<T>, key: Ranked | null, count: number): T[] {
  const records: T[] = [];
  let at = key ? chunkFor(index.chunks, key) : 0;
  let place = key ? lowerBound(index.chunks[at] ?? [], key) : 0;
  if (key && index.chunks[at]?.[place]?.id === key.id) place += 1;
  while (records.length < count) {
    const chunk = index.chunks[at];
    if (!chunk) break;
    records.push(...chunk.slice(place, place + count - records.length));
    at += 1;
    place = 0;
  }
  return records;
}

/** Every record, as a copy that stays as it is while the index changes. */
export function readAll<T extends Ranked>(index: ShuffledIndex<T>): T[] {
  return index.chunks.flat();
}

function precedes(a: Ranked, b: Ranked): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.id < b.id);
}

/** The last chunk that does not begin behind the key; the first where all do. */
function chunkFor(chunks: readonly (readonly Ranked[])[], key: Ranked): number {
  let low = 0;
  let high = chunks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    const first = chunks[middle]?.[0];
    if (first && precedes(key, first)) high = middle - 1;
    else low = middle;
  }
  return Math.max(low, 0);
}

/** The first place in the chunk that does not precede the key. */
function lowerBound(chunk: readonly Ranked[], key: Ranked): number {
  let low = 0;
  let high = chunk.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const record = chunk[middle];
    if (record && precedes(record, key)) low = middle + 1;
    else high = middle;
  }
  return low;
}

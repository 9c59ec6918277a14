/** Who waits behind whom, by ordering key. */
export interface KeyLines<Item> {
  /** Puts an item at the end of its key's line; true where it is the first. */
  join(key: string, item: Item): boolean;
  /** Takes an item out; gives the one that is first now, if that is another one than before. */
  leave(key: string, item: Item): Item | null;
}

export function createKeyLines<Item>(): KeyLines<Item> {
  const lines = new Map<string, Item[]>();
  return {
    join(key, item) {
      const line = lines.get(key) ?? [];
      line.push(item);
      lines.set(key, line);
      return line.length === 1;
    },
    leave(key, item) {
      const line = lines.get(key) ?? [];
      const place = line.indexOf(item);
      if (place < 0) return null;
      line.splice(place, 1);
      if (line.length === 0) lines.delete(key);
      return place === 0 ? (line[0] ?? null) : null;
    },
  };
}

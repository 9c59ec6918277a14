/** A first-in, first-out line in which places go stale: one that is not current any more is passed over. */
export interface ReadyQueue<Item> {
  add(item: Item): void;
  /** The first current item; stays in the line until it is not current any more. */
  peek(): Item | undefined;
}

/** So many passed places are kept before the array is cut. */
const MAX_PASSED = 1_024;

export function createReadyQueue<Item>(isCurrent: (item: Item) => boolean): ReadyQueue<Item> {
  let items: Item[] = [];
  let first = 0;
  return {
    add(item) {
      items.push(item);
    },
    peek() {
      for (; first < items.length; first += 1) {
        const item = items[first];
        if (item !== undefined && isCurrent(item)) break;
      }
      if (first > MAX_PASSED) {
        items = items.slice(first);
        first = 0;
      }
      return items[first];
    },
  };
}

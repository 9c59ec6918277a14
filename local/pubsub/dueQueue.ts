/** Things that fall due at a time, earliest first; a binary heap, so that a backlog of any size stays quick. */
export interface DueQueue<Item> {
  add(dueMs: number, item: Item): void;
  /** When the earliest item falls due that is still current; null where there is none. */
  next(): number | null;
  /** Takes the earliest current item that is due; null where none is. */
  take(nowMs: number): Item | null;
}

/** `isCurrent` says whether an item still counts; one that does not is dropped when it comes to the top. */
export function createDueQueue<Item>(isCurrent: (item: Item) => boolean): DueQueue<Item> {
  const heap: { dueMs: number; item: Item }[] = [];

  function swap(a: number, b: number): void {
    const first = heap[a];
    const second = heap[b];
    if (first && second) [heap[a], heap[b]] = [second, first];
  }

  function due(index: number): number {
    return heap[index]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  function removeTop(): void {
    swap(0, heap.length - 1);
    heap.pop();
    let index = 0;
    for (;;) {
      const child = due(2 * index + 2) < due(2 * index + 1) ? 2 * index + 2 : 2 * index + 1;
      if (due(child) >= due(index)) return;
      swap(index, child);
      index = child;
    }
  }

  function top(): { dueMs: number; item: Item } | null {
    for (let first = heap[0]; first; first = heap[0]) {
      if (isCurrent(first.item)) return first;
      removeTop();
    }
    return null;
  }

  return {
    add(dueMs, item) {
      let index = heap.push({ dueMs, item }) - 1;
      while (index > 0) {
        const parent = (index - 1) >> 1;
        if (due(parent) <= due(index)) return;
        swap(index, parent);
        index = parent;
      }
    },
    next: () => top()?.dueMs ?? null,
    take(nowMs) {
      const first = top();
      if (!first || first.dueMs > nowMs) return null;
      removeTop();
      return first.item;
    },
  };
}

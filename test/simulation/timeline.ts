/**
 * Virtual time: a queue of what happens when. Nothing runs by itself; one thing happens, everything that follows from it
 * runs until it waits for something in the queue, then the next thing happens. No timers, so the order is always the same.
 */

export interface Timeline {
  now(): number;
  after(ms: number, act: () => void): void;
  /** Lets things happen in their order until `isOver` says so, asked after each, or nothing is left. */
  run(isOver: () => boolean): Promise<void>;
}

interface Entry {
  at: number;
  order: number;
  act: () => void;
}

/** `isBusy`: somebody works on something that is not in the queue (unpacking happens in a thread of its own). */
export function createTimeline(start: number, isBusy: () => boolean): Timeline {
  const heap: Entry[] = [];
  let now = start;
  let order = 0;

  return {
    now: () => now,
    after(ms, act) {
      push(heap, { at: now + Math.max(0, Math.round(ms)), order, act });
      order += 1;
    },
    async run(isOver) {
      while (!isOver()) {
        const next = pop(heap);
        if (next === undefined) return;
        now = next.at;
        next.act();
        do await everythingRan();
        while (isBusy());
      }
    },
  };
}

/** All promises that can go on have gone on by then: microtasks come before an immediate. */
function everythingRan(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.push(entry) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || isBefore(above, entry)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): Entry | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    if (left === undefined) break;
    const child = right !== undefined && isBefore(right, left) ? right : left;
    if (isBefore(last, child)) break;
    heap[at] = child;
    at = 2 * at + (child === left ? 1 : 2);
  }
  heap[at] = last;
  return first;
}

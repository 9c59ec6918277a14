/**
 * Virtual time: a queue of what happens when. Nothing runs by itself; one thing happens, everything that follows from it
 * runs until it waits for something in the queue, then the next thing happens. No timers, so the order is always the same.
 */

export interface Timeline {
  now(): number;
  /** What `act` promises is all that follows from it: the next thing waits for that, and for nothing else. */
  after(ms: number, act: () => void | Promise<void>): void;
  /** Lets things happen in their order until `isOver` says so, asked after each, or nothing is left. */
  run(isOver: () => boolean): Promise<void>;
}

interface Entry {
  at: number;
  order: number;
  act: () => void | Promise<void>;
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
    run: (isOver) =>
      new Promise((resolve, reject) => {
        /** Those that `act` has promised to finish. */
        let unfinished = 0;

        function happen(): void {
          try {
            while (!isOver()) {
              const next = pop(heap);
              if (next === undefined) break;
              now = next.at;
              const acting = next.act();
              if (acting !== undefined) {
                unfinished += 1;
                acting.then(() => {
                  unfinished -= 1;
                }, reject);
              }
              runPromises?.();
              if (runPromises === undefined || unfinished > 0 || isBusy()) return void setImmediate(goOn);
            }
            resolve();
          } catch (error) {
            reject(error);
          }
        }

        /** All promises that can go on have gone on by then: microtasks come before an immediate. */
        function goOn(): void {
          if (unfinished > 0 || isBusy()) setImmediate(goOn);
          else happen();
        }

        setImmediate(happen);
      }),
  };
}

/**
 * What Node does between two immediates: all ticks and promises that can go on go on. A turn of the event loop for each
 * of them instead, as where a later Node should have dropped this, takes a third longer.
 */
const runPromises = (process as { _tickCallback?: () => void })._tickCallback;

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

/** Reading many files in their order, a few ahead of where they are needed. */

const AHEAD = 8;

/** The results in the order of `keys`. The first fault is thrown where its turn comes. */
export async function* readAhead<K, T>(keys: readonly K[], read: (key: K) => Promise<T>): AsyncGenerator<T> {
  const reading: Promise<T>[] = [];
  let next = 0;
  while (next < keys.length || reading.length > 0) {
    while (next < keys.length && reading.length < AHEAD) {
      const promise = read(keys[next] as K);
      // Its fault is thrown below; until then it is no unhandled rejection.
      promise.catch(() => undefined);
      reading.push(promise);
      next += 1;
    }
    yield await (reading.shift() as Promise<T>);
  }
}

/** Doing the same for many, a few at a time. */

/** Calls in flight: enough to use up the quota of a minute where an answer takes a third of a second. */
export const AT_ONCE = 16;

/**
 * The results in the order of `values`. The first fault stops the rest from beginning, and is thrown when those that have
 * begun are over: nothing is still on its way when the request leaves off.
 */
export async function mapAtOnce<T, R>(values: readonly T[], act: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const faults: unknown[] = [];
  async function worker(): Promise<void> {
    while (next < values.length && faults.length === 0) {
      const index = next;
      next += 1;
      try {
        results[index] = await act(values[index] as T);
      } catch (error) {
        faults.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, values.length) }, worker));
  if (faults.length > 0) throw faults[0];
  return results;
}

/** Doing the same for many, a few at a time. */

/** Calls in flight: enough to use up the quota of a minute where an answer takes a third of a second. */
export const AT_ONCE = 16;

/** How far somebody came with many values. */
export interface Far<R> {
  /** The results of the first values, as many as are done without a gap. */
  results: R[];
  /** The first fault, which kept the rest from beginning; thrown by whoever has written down how far it is. */
  fault?: unknown;
}

/**
 * For work that may take longer than an invocation: nothing more begins after the first fault or once the time is used up,
 * and what is done is not lost by it. Resolves when all that has begun is over, so that nothing is on its way when the
 * request leaves off. At least one value is tried, so that every invocation gets on.
 */
export async function mapInTime<T, R>(
  values: readonly T[],
  outOfTime: () => boolean,
  act: (value: T) => Promise<R>,
): Promise<Far<R>> {
  const results = new Map<number, R>();
  let next = 0;
  const faults: unknown[] = [];
  async function worker(): Promise<void> {
    while (next < values.length && faults.length === 0 && (next === 0 || !outOfTime())) {
      const index = next;
      next += 1;
      try {
        results.set(index, await act(values[index] as T));
      } catch (error) {
        faults.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, values.length) }, worker));
  const far: Far<R> = { results: [] };
  while (results.has(far.results.length)) far.results.push(results.get(far.results.length) as R);
  return faults.length > 0 ? { ...far, fault: faults[0] } : far;
}

/** The results of all values, in their order. The first fault is thrown when those calls that have begun are over. */
export async function mapAtOnce<T, R>(values: readonly T[], act: (value: T) => Promise<R>): Promise<R[]> {
  const { results, fault } = await mapInTime(values, () => false, act);
  if (fault !== undefined) throw fault;
  return results;
}

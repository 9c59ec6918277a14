/** Doing many small reads at once, but not too many. */

/** The results in the order of `inputs`, at most `limit` calls under way. Rejects with the first fault. */
export async function mapAtOnce<T, R>(
  inputs: readonly T[],
  limit: number,
  map: (input: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(inputs.length);
  const queue = inputs.entries();
  const worker = async () => {
    for (const [index, input] of queue) results[index] = await map(input);
  };
  await Promise.all(Array.from({ length: Math.min(limit, inputs.length) }, worker));
  return results;
}

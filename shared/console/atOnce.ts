/** Doing many small reads at once, but not too many. */

/** The results in the order of `items`, at most `limit` calls under way. Rejects with the first fault. */
export async function mapAtOnce<T, R>(items: readonly T[], limit: number, map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await map(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

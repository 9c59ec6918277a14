/** Joins sorted streams by their key, in memory for one key at a time. */
import type { Entry } from './sortedRuns';

export interface Joined extends Entry {
  /** The values of the second stream under the same key, each once. */
  second: unknown[];
  /** What is known under the same key, or null. */
  known: Entry | null;
}

/** Every key of `first`, once, with what the other two have of it. All are in ascending order of keys. */
export async function* joinByKey(
  first: AsyncGenerator<Entry>,
  second: AsyncGenerator<Entry>,
  known: AsyncGenerator<Entry>,
): AsyncGenerator<Joined> {
  try {
    let other = await second.next();
    let before = await known.next();
    let last: string | undefined;
    for await (const { key, value } of first) {
      if (key === last) continue;
      last = key;
      const values = new Set<unknown>();
      while (other.done !== true && other.value.key <= key) {
        if (other.value.key === key) values.add(other.value.value);
        other = await second.next();
      }
      while (before.done !== true && before.value.key < key) before = await known.next();
      const same = before.done !== true && before.value.key === key ? before.value : null;
      yield { key, value, second: [...values], known: same };
    }
  } finally {
    await Promise.all([second.return(undefined), known.return(undefined)]);
  }
}

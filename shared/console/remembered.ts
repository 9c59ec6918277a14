/** A small memory for what never changes under its key, such as one generation of an object. */

/** Reads each key once and keeps the newest `limit` values; what could not be read, or was not there, is not kept. */
export function createRemembered<T>(limit: number) {
  const values = new Map<string, T>();

  return async (key: string, read: () => Promise<T | null>): Promise<T | null> => {
    const known = values.get(key);
    if (known !== undefined) {
      values.delete(key);
      values.set(key, known);
      return known;
    }
    const value = await read();
    if (value === null) return null;
    values.set(key, value);
    const oldest = values.size > limit ? values.keys().next() : undefined;
    if (oldest?.done === false) values.delete(oldest.value);
    return value;
  };
}

export type Remembered<T> = ReturnType<typeof createRemembered<T>>;

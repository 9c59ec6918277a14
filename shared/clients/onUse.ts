/** A client that is loaded when it is first called: what an invocation does not use costs its cold start nothing. */

/** A port, all of whose methods answer with promises. */
type Asynchronous<T> = { [Name in keyof T]: (...parameters: never[]) => Promise<unknown> };

/**
 * The port that `load` makes at the first call of a method. A load that fails is tried again at the next call. Every
 * method has to be named: what the port lacks would otherwise be found out in production.
 */
export function onUse<T extends Asynchronous<T>>(methods: Record<keyof T, 1>, load: () => Promise<T>): T {
  let loading: Promise<T> | null = null;
  function loaded(): Promise<T> {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  }
  const names = Object.keys(methods) as (keyof T)[];
  const method =
    (name: keyof T) =>
    async (...parameters: never[]) => {
      const port = await loaded();
      return port[name](...parameters);
    };
  return Object.fromEntries(names.map((name) => [name, method(name)])) as unknown as T;
}

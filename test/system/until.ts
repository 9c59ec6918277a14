/** Resolves as soon as the condition holds; rejects when it still does not after `limitMs`. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, limitMs = 30_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what}: not after ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

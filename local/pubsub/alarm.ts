/** Wakes the model in real time when a lease, a back-off or the like runs out, so that those who wait are told. */
import type { PubsubModel } from './model';

/** The longest delay that a timer takes without overflowing (2^31 - 1 ms). */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Gives the function that ends it. */
export function startAlarm(model: PubsubModel): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isPlanned = false;

  function reset(): void {
    isPlanned = false;
    clearTimeout(timer);
    const dueMs = model.nextDueMs();
    if (dueMs === null) return;
    const delayMs = Math.min(Math.max(0, dueMs - model.clock.now()), MAX_DELAY_MS);
    timer = setTimeout(() => {
      model.advance();
      reset();
    }, delayMs);
  }

  let planned: NodeJS.Immediate | undefined;
  const unwatch = model.watch(() => {
    if (isPlanned) return;
    isPlanned = true;
    planned = setImmediate(reset);
  });
  reset();
  return () => {
    unwatch();
    clearImmediate(planned);
    clearTimeout(timer);
  };
}

/** The local Cloud Scheduler: calls one URL again and again, never twice at the same time. */
import type { Log } from '../shared/ports';

const ATTEMPT_DEADLINE_MS = 180_000;

/** Starts firing; the function that it gives ends that. A call that fails is repeated at the next firing. */
export function startScheduler(options: { url: () => string | null; everyMs: number; log: Log }): () => void {
  const stopping = new AbortController();
  let underWay = false;

  async function fire(): Promise<void> {
    const url = options.url();
    if (underWay || url === null) return;
    underWay = true;
    try {
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(ATTEMPT_DEADLINE_MS)]);
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
        signal,
      });
      await response.arrayBuffer();
      if (!response.ok) options.log.write('WARNING', 'tick failed', { status: response.status });
    } catch (error) {
      if (!stopping.signal.aborted) options.log.write('WARNING', 'tick failed', { error: String(error) });
    } finally {
      underWay = false;
    }
  }

  const timer = setInterval(() => void fire(), options.everyMs);
  return () => {
    clearInterval(timer);
    stopping.abort();
  };
}

/**
 * Delivers a CloudEvent for every new generation in a bucket, as a Cloud Storage trigger does: at least once, in no
 * promised order, again and again until it is accepted, always with the same id.
 */
import type { Log } from '../../shared/ports';
import type { StorageModel } from './model';
import type { ObjectGeneration } from './modelObject';
import { objectResource } from './resource';

export interface FinalizeEventsOptions {
  model: StorageModel;
  bucket: string;
  /** Where to POST; null while there is nobody yet, which counts as a failed try. */
  target: () => string | null;
  log: Log;
  /** The wait after a failed try doubles from `firstMs` to `maxMs`. */
  backoff: { firstMs: number; maxMs: number };
  /** Tries at the same time; default 16. */
  concurrency?: number;
}

export interface FinalizeEvents {
  /** Ends all tries and waits; resolves once nothing is under way. */
  close(): Promise<void>;
}

interface Delivery {
  object: ObjectGeneration;
  /** Failed tries so far. */
  failures: number;
}

const DEFAULT_CONCURRENCY = 16;

export function deliverFinalizeEvents(options: FinalizeEventsOptions): FinalizeEvents {
  const { model, bucket, target, log, backoff, concurrency = DEFAULT_CONCURRENCY } = options;
  const ready: Delivery[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const underWay = new Set<Promise<void>>();
  const closing = new AbortController();

  function startReady(): void {
    while (!closing.signal.aborted && underWay.size < concurrency) {
      const delivery = ready.shift();
      if (delivery === undefined) return;
      const attempt = tryDelivery(delivery).finally(() => {
        underWay.delete(attempt);
        startReady();
      });
      underWay.add(attempt);
    }
  }

  async function tryDelivery(delivery: Delivery): Promise<void> {
    const { object, failures } = delivery;
    const problem = await post(target(), object, closing.signal);
    if (closing.signal.aborted) return;
    const fields = { bucket, object: object.name, generation: object.generation };
    if (problem === null) return log.write('DEBUG', 'finalize event delivered', fields);
    const waitMs = Math.min(backoff.firstMs * 2 ** failures, backoff.maxMs);
    log.write('WARNING', 'finalize event not accepted', { ...fields, problem, tries: failures + 1, waitMs });
    const timer = setTimeout(() => {
      timers.delete(timer);
      ready.push({ object, failures: failures + 1 });
      startReady();
    }, waitMs);
    timers.add(timer);
  }

  const unsubscribe = model.onFinalize((object) => {
    if (object.bucket !== bucket) return;
    ready.push({ object, failures: 0 });
    startReady();
  });

  return {
    async close() {
      unsubscribe();
      closing.abort();
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
}

/** What was wrong, or null if the event was accepted with a 2xx. */
async function post(url: string | null, object: ObjectGeneration, signal: AbortSignal): Promise<string | null> {
  if (url === null) return 'no target';
  try {
    const body = JSON.stringify(objectResource(object));
    const response = await fetch(url, { method: 'POST', headers: headersOf(object), body, signal, redirect: 'manual' });
    await response.arrayBuffer();
    return response.ok ? null : `HTTP ${response.status}`;
  } catch (error) {
    return String(error instanceof Error ? (error.cause ?? error) : error);
  }
}

/** https://github.com/googleapis/google-cloudevents: the attributes of a Cloud Storage event, in binary mode. */
function headersOf({ bucket, name, generation, timeCreated }: ObjectGeneration): Record<string, string> {
  return {
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': generation,
    'ce-type': 'google.cloud.storage.object.v1.finalized',
    'ce-source': `//storage.googleapis.com/projects/_/buckets/${bucket}`,
    'ce-subject': encodeHeader(`objects/${name}`),
    'ce-bucket': bucket,
    'ce-time': timeCreated,
  };
}

/** CloudEvents HTTP protocol binding, 3.1.3.2: printable ASCII without space, quote and percent stays, the rest as UTF-8. */
function encodeHeader(value: string): string {
  return value.replace(/[^\x21-\x7e]|["%]/gu, (character) =>
    [...Buffer.from(character, 'utf8')].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

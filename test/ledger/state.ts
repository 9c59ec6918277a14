/** The state bucket on the storage model, with a virtual clock: what the tests of the ledger start from. */
import { createHash } from 'node:crypto';
import { createStorageModel } from '../../local/storage/model';
import { modelObjectStore } from '../../local/storage/objectStore';
import { type Config, loadConfig } from '../../shared/config';
import type { ObjectStore, OutgoingMessage } from '../../shared/ports';

export const STATE = 'product-search-state';
export const START = Date.parse('2026-11-22T08:00:00Z');

export function createState(environment: Record<string, string> = {}) {
  let now = START;
  let nonces = 0;
  const clock = {
    now: () => now,
    async sleep(ms: number) {
      now += ms;
    },
  };
  const entropy = {
    nonce() {
      nonces += 1;
      return createHash('md5').update(`nonce ${nonces}`).digest('hex');
    },
  };
  const storage = createStorageModel({ clock });
  storage.insertBucket(STATE);
  const config: Config = loadConfig({
    GOOGLE_CLOUD_PROJECT: 'local-project',
    INTAKE_BUCKET: 'product-search-intake',
    STATE_BUCKET: STATE,
    ...environment,
  });
  const published: { topic: string; message: OutgoingMessage }[] = [];
  const publisher = {
    async publish(topic: string, message: OutgoingMessage) {
      published.push({ topic, message });
      return String(published.length);
    },
  };
  return {
    ports: { clock, entropy, objects: modelObjectStore(storage), publisher },
    config,
    published,
    pass(ms: number): void {
      now += ms;
    },
    names: (prefix: string) => storage.listObjects(STATE, { prefix }).objects.map((object) => object.name),
  };
}

/** The store, the answers of whose next `times` writes get lost: they take effect, and the caller learns of none. */
export function losingAnswers(objects: ObjectStore, times = 1): ObjectStore {
  let left = times;
  return {
    ...objects,
    async write(...parameters) {
      const written = await objects.write(...parameters);
      left -= 1;
      return left >= 0 ? null : written;
    },
  };
}

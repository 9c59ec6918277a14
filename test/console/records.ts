/** Records and ports that the console's tests start from. */
import { createProductSearchModel } from '../../local/productSearch/model';
import { modelProductSearch } from '../../local/productSearch/port';
import { createStorageModel } from '../../local/storage/model';
import { modelObjectStore } from '../../local/storage/objectStore';
import { loadConfig } from '../../shared/config';
import { journalName, terminalEvent } from '../../shared/core/event';
import { importRequestId } from '../../shared/core/names';
import { commandRequest, importRequest } from '../../shared/core/newRequest';
import type { OutgoingEvent } from '../../shared/core/outgoingEvent';
import type { CommandInput, RequestName, RequestRecord } from '../../shared/core/request';
import { SILENT_LOG } from '../../shared/log';
import type { Ports } from '../../shared/ports';

export const START_MS = Date.UTC(2026, 10, 22, 12);
export const NOW = '2026-11-22T12:00:00.000Z';
export const STATE = 'state-bucket';

export const ENVIRONMENT = {
  GOOGLE_CLOUD_PROJECT: 'p',
  INTAKE_BUCKET: 'intake-bucket',
  STATE_BUCKET: STATE,
};

export function importRecord(name = 'shoes.csv', change: Partial<RequestRecord> = {}): RequestRecord {
  const file = { bucket: 'intake-bucket', name, generation: '1', size: 18_220, urgent: false };
  const id = importRequestId(file.bucket, name, '1');
  return { ...importRequest({ id, location: 'us-west1', file, now: NOW }), ...change };
}

export function commandRecord(
  request: RequestName,
  input: CommandInput,
  change: Partial<RequestRecord> = {},
): RequestRecord {
  const asked = { id: `cmd-${request}`, request, location: 'us-west1', dryRun: false, digest: 'd', messageId: '1' };
  return { ...commandRequest({ ...asked, publishTime: NOW, input, now: NOW }), ...change };
}

function createPorts(now: () => number): Ports {
  let nonces = 0;
  const clock = { now, sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) };
  const entropy = { nonce: () => (nonces++).toString(16).padStart(32, '0') };
  const storage = createStorageModel({ clock });
  storage.insertBucket(STATE);
  const objects = { readObject: () => null, objectExists: () => true };
  const service = createProductSearchModel({ clock, entropy, objects, operationMs: 10_000, indexMs: 60_000 });
  return {
    clock,
    entropy,
    log: SILENT_LOG,
    objects: modelObjectStore(storage),
    productSearch: modelProductSearch(service, 'p'),
    publisher: { publish: async () => '1' },
  };
}

/** A world on the models: the clock moves only when it is told to. */
export function createWorld() {
  let now = START_MS;
  const ports = createPorts(() => now);

  async function put(name: string, body: unknown): Promise<void> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    await ports.objects.write({ bucket: STATE, name }, text, { contentType: 'application/json' });
  }

  return {
    ports,
    config: loadConfig(ENVIRONMENT),
    put,
    pass(ms: number) {
      now += ms;
    },
    open: (record: RequestRecord) => put(`requests/open/${record.id}.json`, record),
    journal: (event: OutgoingEvent, acceptedAt = NOW) => put(journalName(event, acceptedAt), event),
    /** Ends the request now: journaled, then closed. */
    async close(record: RequestRecord): Promise<void> {
      const endedAt = new Date(now).toISOString();
      const event = terminalEvent(record, 'p', endedAt);
      await put(journalName(event, record.acceptedAt), event);
      await put(`requests/closed/${record.id}.json`, { ...record, state: 'ended', endedAt, event });
    },
  };
}

export type World = ReturnType<typeof createWorld>;

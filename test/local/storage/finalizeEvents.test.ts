import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { contentOf } from '../../../local/storage/content';
import { deliverFinalizeEvents, type FinalizeEvents } from '../../../local/storage/finalizeEvents';
import { createStorageModel, type StorageModel } from '../../../local/storage/model';
import { readBody } from '../../../local/wire/readBody';
import type { Log } from '../../../shared/ports';

interface Received {
  headers: IncomingHttpHeaders;
  data: Record<string, unknown>;
}

const BUCKET = 'intake-bucket';
const silent: Log = { write: () => {}, with: () => silent };
const backoff = { firstMs: 5, maxMs: 20 };

describe('finalize events', () => {
  let model: StorageModel;
  let received: Received[];
  let statuses: number[];
  let server: Server;
  let url: string;
  let events: FinalizeEvents;
  let waiting: (() => void)[];

  beforeEach(async () => {
    const clock = { now: () => Date.UTC(2026, 10, 22, 9), sleep: async () => {} };
    model = createStorageModel({ clock });
    model.insertBucket(BUCKET);
    model.insertBucket('other-bucket');
    received = [];
    statuses = [];
    waiting = [];
    server = createServer(async (req, res) => {
      const body = await readBody(req, 1_000_000);
      received.push({ headers: req.headers, data: JSON.parse(body.toString()) });
      res.writeHead(statuses.shift() ?? 204).end();
      for (const wake of waiting.splice(0)) wake();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  });

  afterEach(async () => {
    await events.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function deliver(target: () => string | null = () => url): void {
    events = deliverFinalizeEvents({ model, bucket: BUCKET, target, log: silent, backoff });
  }

  function put(name: string, bucket = BUCKET) {
    return model.insertObject({ bucket, name }, contentOf(Buffer.from('a,b')), { contentType: 'text/csv' });
  }

  async function until(count: number): Promise<void> {
    while (received.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
  }

  it('sends a binary CloudEvent with the object resource as data', async () => {
    deliver();
    const { generation } = put('us-east1/shoes.csv');
    await until(1);

    expect(received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': generation,
      'ce-type': 'google.cloud.storage.object.v1.finalized',
      'ce-source': '//storage.googleapis.com/projects/_/buckets/intake-bucket',
      'ce-subject': 'objects/us-east1/shoes.csv',
      'ce-bucket': 'intake-bucket',
      'ce-time': '2026-11-22T09:00:00.000Z',
    });
    expect(received[0]?.data).toMatchObject({
      kind: 'storage#object',
      bucket: 'intake-bucket',
      name: 'us-east1/shoes.csv',
      generation: '1795338000000000',
      metageneration: '1',
      size: '3',
      contentType: 'text/csv',
      timeCreated: '2026-11-22T09:00:00.000Z',
    });
  });

  it('percent-encodes a name that is not plain ASCII in the subject, and leaves it as it is in the data', async () => {
    deliver();
    put('größe 100%.csv');
    await until(1);

    expect(received[0]?.headers['ce-subject']).toBe('objects/gr%C3%B6%C3%9Fe%20100%25.csv');
    expect(received[0]?.data.name).toBe('größe 100%.csv');
  });

  it('sends one event for each way of making a generation, none for metadata or another bucket', async () => {
    deliver();
    put('a');
    put('a');
    put('b', 'other-bucket');
    model.patchObject({ bucket: BUCKET, name: 'a' }, { metadata: { k: 'v' } });
    model.copyObject({ bucket: 'other-bucket', name: 'b' }, { bucket: BUCKET, name: 'copied' });
    model.composeObject({ bucket: BUCKET, name: 'composed' }, [{ name: 'a' }, { name: 'a' }]);
    await until(4);

    expect(received.map(({ data }) => data.name).sort()).toEqual(['a', 'a', 'composed', 'copied']);
    expect(new Set(received.map(({ headers }) => headers['ce-id'])).size).toBe(4);
  });

  it('repeats with the same id until the event is accepted', async () => {
    statuses = [500, 429, 302, 204];
    deliver();
    const { generation } = put('again.csv');
    await until(4);

    expect(received.map(({ headers }) => headers['ce-id'])).toEqual(Array(4).fill(generation));
  });

  it('waits for a target that is not there yet', async () => {
    let asked = 0;
    deliver(() => {
      asked += 1;
      return asked < 3 ? null : url;
    });
    put('early.csv');
    await until(1);

    expect(asked).toBe(3);
  });

  it('stops with close, also in the middle of a wait', async () => {
    statuses = Array(100).fill(503);
    deliver();
    put('never.csv');
    await until(2);
    await events.close();
    const count = received.length;
    put('after.csv');
    await new Promise((resolve) => setTimeout(resolve, 60));

    expect(received).toHaveLength(count);
  });
});

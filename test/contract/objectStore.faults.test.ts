import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { contentOf } from '../../local/storage/content';
import { createStorageModel, type StorageModel } from '../../local/storage/model';
import { type StorageServer, startStorageServer } from '../../local/storage/server';
import { createFaults, type Faults } from '../../local/wire/faults';
import { createObjectStore } from '../../shared/clients/objectStore';
import type { ObjectStore } from '../../shared/ports';

const TEXT = { contentType: 'text/plain' };
const BUCKET = 'bucket-1';

describe("Google's client when the service misbehaves", () => {
  let model: StorageModel;
  let server: StorageServer;
  let faults: Faults;
  let store: ObjectStore;

  beforeAll(async () => {
    model = createStorageModel({ clock: { now: () => Date.UTC(2026, 10, 22), sleep: async () => {} } });
    model.insertBucket(BUCKET);
    faults = createFaults();
    server = await startStorageServer({ model, port: 0, host: '127.0.0.1', faults });
    store = createObjectStore({ projectId: 'local-project', apiEndpoint: server.url });
  });

  afterEach(() => faults.clear());
  afterAll(() => server.close());

  function put(name: string, body: Buffer | string = 'x', fields = {}) {
    return model.insertObject({ bucket: BUCKET, name }, contentOf(Buffer.from(body)), fields);
  }

  it('repeats reads until they succeed', async () => {
    const { generation } = put('read', 'content');
    faults.add({ method: 'storage.objects.get', count: 2 });
    expect((await store.read({ bucket: BUCKET, name: 'read' }))?.body.toString()).toBe('content');

    faults.add({ method: 'storage.objects.get' });
    const stream = await store.openRead({ bucket: BUCKET, name: 'read' }, generation);
    expect((await buffer(stream ?? Readable.from([]))).toString()).toBe('content');

    faults.add({ method: 'storage.objects.list', code: 8 });
    expect((await store.list({ bucket: BUCKET, prefix: 'read' })).objects).toHaveLength(1);
  });

  it('repeats a write that has a precondition, and finds a lost one refused', async () => {
    faults.add({ method: 'storage.objects.insert' });
    const written = await store.write({ bucket: BUCKET, name: 'claim' }, 'x', { ...TEXT, ifGenerationMatch: '0' });
    expect(written).not.toBeNull();

    faults.add({ method: 'storage.objects.insert', afterEffect: true });
    const lost = await store.write({ bucket: BUCKET, name: 'lost' }, 'mine', { ...TEXT, ifGenerationMatch: '0' });
    expect(lost).toBeNull();
    expect((await store.read({ bucket: BUCKET, name: 'lost' }))?.body.toString()).toBe('mine');
  });

  it('does not repeat what is not safe to repeat, and says that the outcome is unknown', async () => {
    const unknown = { status: 'UNAVAILABLE', faultClass: 'transient' };
    const live = put('live');
    faults.add({ method: 'storage.objects.insert', afterEffect: true });
    await expect(store.write({ bucket: BUCKET, name: 'once' }, 'x', TEXT)).rejects.toMatchObject({
      ...{ call: 'Storage.ObjectsInsert', ...unknown },
    });
    faults.add({ method: 'storage.objects.rewrite' });
    await expect(store.copy(live, { bucket: BUCKET, name: 'copied' })).rejects.toMatchObject(unknown);
    faults.add({ method: 'storage.objects.delete' });
    await expect(store.delete(live)).rejects.toMatchObject({ call: 'Storage.ObjectsDelete', ...unknown });

    expect(model.listObjects(BUCKET, { prefix: 'copied' }).objects).toEqual([]);
    expect(model.getObject({ bucket: BUCKET, name: 'live' }).generation).toBe(live.generation);
  });

  it('finds what it deleted itself absent when the answer was lost', async () => {
    const { generation } = put('deleted');
    faults.add({ method: 'storage.objects.delete', afterEffect: true });

    expect(await store.delete({ bucket: BUCKET, name: 'deleted' }, { ifGenerationMatch: generation })).toBe('absent');
  });

  it.each([
    [7, 'PERMISSION_DENIED', 'configuration'],
    [16, 'UNAUTHENTICATED', 'configuration'],
    [3, 'INVALID_ARGUMENT', 'permanent'],
  ])('does not repeat code %i and calls it %s', async (code, status, faultClass) => {
    put('refused');
    faults.add({ method: 'storage.objects.get', code, count: 1 });

    await expect(store.stat({ bucket: BUCKET, name: 'refused' })).rejects.toMatchObject({ status, faultClass });
    expect(await store.stat({ bucket: BUCKET, name: 'refused' })).not.toBeNull();
  });

  it('says what the service said', async () => {
    faults.add({ method: 'storage.objects.get', code: 7 });
    const message = 'Storage.ObjectsGet: PERMISSION_DENIED: Fault on demand: storage.objects.get answers 403.';

    await expect(store.openRead({ bucket: BUCKET, name: 'x' }, '1')).rejects.toThrow(message);
  });

  it('gives content as it is stored, not decompressed', async () => {
    const zipped = gzipSync('a,b\n');
    const { generation } = put('zipped.csv', zipped, { contentEncoding: 'gzip' });
    const read = await store.read({ bucket: BUCKET, name: 'zipped.csv' });
    const stream = await store.openRead({ bucket: BUCKET, name: 'zipped.csv' }, generation);

    expect(read?.object).toMatchObject({ contentEncoding: 'gzip', size: zipped.length });
    expect(read?.body.equals(zipped)).toBe(true);
    expect((await buffer(stream ?? Readable.from([]))).equals(zipped)).toBe(true);
  });

  it('reads again an object that is replaced between its metadata and its content', async () => {
    put('busy', 'old');
    faults.add({ method: 'storage.objects.get', code: 0, delayMs: 1 });
    faults.add({ method: 'storage.objects.get', code: 0, delayMs: 200 });
    const reading = store.read({ bucket: BUCKET, name: 'busy' });
    while (faults.list().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const { generation } = put('busy', 'new');

    expect(await reading).toMatchObject({ object: { generation }, body: Buffer.from('new') });
  });

  it('reports a service that cannot be reached as unavailable', async () => {
    const gone = await startStorageServer({ model, port: 0, host: '127.0.0.1' });
    await gone.close();
    const lonely = createObjectStore({ projectId: 'local-project', apiEndpoint: gone.url });

    await expect(lonely.write({ bucket: BUCKET, name: 'x' }, 'x', TEXT)).rejects.toMatchObject({
      status: 'UNAVAILABLE',
    });
  });
});

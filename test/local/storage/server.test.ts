import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { type Bucket, Storage } from '@google-cloud/storage';
import { createStorageModel, type StorageModel } from '../../../local/storage/model';
import { type StorageServer, startStorageServer } from '../../../local/storage/server';

const clock = { now: () => Date.UTC(2026, 10, 22), sleep: async () => {} };

describe.each(['apiEndpoint', 'STORAGE_EMULATOR_HOST'])("the local server and Google's client by %s", (form) => {
  let model: StorageModel;
  let server: StorageServer;
  let storage: Storage;
  let bucket: Bucket;

  beforeAll(async () => {
    model = createStorageModel({ clock });
    server = await startStorageServer({ model, port: 0, host: '127.0.0.1' });
    storage = connect();
    [bucket] = await storage.createBucket('bucket-1', { location: 'us-west1' });
  });

  afterAll(() => server.close());

  function connect(): Storage {
    if (form === 'apiEndpoint') return new Storage({ projectId: 'local-project', apiEndpoint: server.url });
    const before = process.env.STORAGE_EMULATOR_HOST;
    process.env.STORAGE_EMULATOR_HOST = server.url;
    try {
      return new Storage({ projectId: 'local-project' });
    } finally {
      if (before === undefined) delete process.env.STORAGE_EMULATOR_HOST;
      else process.env.STORAGE_EMULATOR_HOST = before;
    }
  }

  it('makes, shows, patches, lists and deletes buckets', async () => {
    const [made] = await storage.createBucket('bucket-2', { labels: { team: 'a' } });
    await made.setLabels({ team: 'b' });
    const [buckets] = await storage.getBuckets();
    const [metadata] = await made.getMetadata();
    await made.delete();

    expect(metadata).toMatchObject({
      kind: 'storage#bucket',
      name: 'bucket-2',
      metageneration: '2',
      labels: { team: 'b' },
    });
    expect(buckets.map(({ name }) => name)).toEqual(['bucket-1', 'bucket-2']);
    expect(await made.exists()).toEqual([false]);
    await expect(storage.createBucket('bucket-1')).rejects.toMatchObject({ code: 409 });
  });

  it.each([false, true])('saves and downloads with checked hashes (resumable: %s)', async (resumable) => {
    const file = bucket.file(`saved ${resumable}/ä`);
    const contentType = 'text/csv; charset=utf-8';
    await file.save('a,b\n', { resumable, metadata: { contentType, metadata: { k: 'v' } }, validation: 'md5' });
    const [content] = await file.download({ validation: 'md5' });
    const [metadata] = await file.getMetadata();

    expect(content.toString()).toBe('a,b\n');
    expect(metadata).toMatchObject({ kind: 'storage#object', size: '4', contentType, metadata: { k: 'v' } });
  });

  it('takes 12 MB in resumable pieces and gives them back, whole and in part', async () => {
    const bytes = randomBytes(12 * 1024 * 1024 + 17);
    const file = bucket.file('large.bin');
    const target = file.createWriteStream({ resumable: true, chunkSize: 1024 * 1024 });
    await pipeline(Readable.from([bytes.subarray(0, 5_000_000), bytes.subarray(5_000_000)]), target);
    const [whole] = await file.download();
    const [part] = await file.download({ start: 5_000_000, end: 5_000_009 });

    expect(whole.equals(bytes)).toBe(true);
    expect(part.equals(bytes.subarray(5_000_000, 5_000_010))).toBe(true);
  });

  it('lists in pages and folders', async () => {
    for (const name of ['list/a', 'list/b/1', 'list/b/2', 'list/c'])
      await bucket.file(name).save(name, { resumable: false });
    const query = { prefix: 'list/', delimiter: '/', autoPaginate: false };
    const [files, , answer] = await bucket.getFiles(query);
    const [paged] = await bucket.getFiles({ prefix: 'list/', maxResults: 10 });
    const [first, next] = await bucket.getFiles({ prefix: 'list/', maxResults: 3, autoPaginate: false });
    const [second] = await bucket.getFiles({ ...next });

    expect(files.map(({ name }) => name)).toEqual(['list/a', 'list/c']);
    expect(answer).toMatchObject({ prefixes: ['list/b/'] });
    expect(paged).toHaveLength(4);
    expect([...first, ...second].map(({ name }) => name)).toEqual(['list/a', 'list/b/1', 'list/b/2', 'list/c']);
  });

  it('copies, moves and combines', async () => {
    const one = bucket.file('one.txt');
    await one.save('one,', { resumable: false, contentType: 'text/plain' });
    await one.copy(bucket.file('two.txt'));
    await bucket.file('two.txt').move('moved ü.txt');
    const [combined] = await bucket.combine([one, bucket.file('moved ü.txt')], 'both.txt');
    const [content] = await combined.download();
    const [metadata] = await bucket.file('moved ü.txt').getMetadata();

    expect(content.toString()).toBe('one,one,');
    expect(await bucket.file('two.txt').exists()).toEqual([false]);
    expect(metadata.contentType).toBe('text/plain');
    expect((await combined.getMetadata())[0]).toMatchObject({ componentCount: 2 });
  });

  it('patches metadata and deletes single keys', async () => {
    const file = bucket.file('patched');
    await file.save('x', { resumable: false, metadata: { metadata: { keep: '1', drop: '2' } } });
    const [metadata] = await file.setMetadata({ cacheControl: 'no-store', metadata: { drop: null } });

    expect(metadata).toMatchObject({ metageneration: '2', cacheControl: 'no-store', metadata: { keep: '1' } });
  });

  it('keeps preconditions of every kind of call', async () => {
    const file = bucket.file('conditional');
    const save = (ifGenerationMatch: number) =>
      file.save('x', { resumable: false, preconditionOpts: { ifGenerationMatch } });
    await save(0);

    await expect(save(0)).rejects.toMatchObject({ code: 412 });
    await expect(file.delete({ ifGenerationMatch: 17 })).rejects.toMatchObject({ code: 412 });
    await expect(file.setMetadata({}, { ifMetagenerationMatch: 9 })).rejects.toMatchObject({ code: 412 });
    const resumable = file.save('x', { resumable: true, preconditionOpts: { ifGenerationMatch: 0 } });
    await expect(resumable).rejects.toThrow('412');
    await file.delete();
    await expect(file.delete()).rejects.toMatchObject({ code: 404 });
  });

  it('decompresses what the client uploaded as gzip', async () => {
    const text = 'a,b\n'.repeat(1000);
    const file = bucket.file('zipped.csv');
    await file.save(text, { resumable: false, gzip: true, contentType: 'text/csv' });
    const [content] = await file.download();
    const [stored] = await file.download({ decompress: false });

    expect(content.toString()).toBe(text);
    expect(gunzipSync(stored).toString()).toBe(text);
  });
});

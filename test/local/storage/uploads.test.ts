import { contentOf } from '../../../local/storage/content';
import { createStorageModel, type StorageModel } from '../../../local/storage/model';
import { type StorageServer, startStorageServer } from '../../../local/storage/server';

const QUANTUM = 256 * 1024;

describe('uploads', () => {
  let model: StorageModel;
  let server: StorageServer;

  beforeAll(async () => {
    model = createStorageModel({ clock: { now: () => Date.UTC(2026, 10, 22, 9, 30), sleep: async () => {} } });
    model.insertBucket('bucket-1');
    server = await startStorageServer({ model, port: 0, host: '127.0.0.1' });
  });

  afterAll(() => server.close());

  function call(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${server.url}${path}`, { redirect: 'manual', ...init });
  }

  function put(name: string, body: string) {
    return model.insertObject({ bucket: 'bucket-1', name }, contentOf(Buffer.from(body)));
  }

  async function startUpload(name: string): Promise<string> {
    const path = `/upload/storage/v1/b/bucket-1/o?uploadType=resumable&name=${name}`;
    const started = await call(path, { method: 'POST', headers: { 'x-upload-content-type': 'text/csv' } });
    return (started.headers.get('location') ?? '').slice(server.url.length);
  }

  function send(location: string, range: string, body?: Buffer): Promise<Response> {
    return call(location, { method: 'PUT', headers: { 'content-range': range }, body: body && new Uint8Array(body) });
  }

  it('simple ones take name, type and precondition from the request', async () => {
    const path = '/upload/storage/v1/b/bucket-1/o?uploadType=media&name=s%2F1&ifGenerationMatch=0';
    const upload = () => call(path, { method: 'POST', body: 'x', headers: { 'content-type': 'text/csv' } });
    const first = await upload();

    expect(await first.json()).toMatchObject({
      id: expect.stringMatching(/^bucket-1\/s\/1\/\d+$/),
      contentType: 'text/csv',
      size: '1',
      selfLink: `${server.url}/storage/v1/b/bucket-1/o/s%2F1`,
    });
    expect((await upload()).status).toBe(412);
  });

  it('are taken without the prefix of the API, too', async () => {
    const path = '/upload/b/bucket-1/o?uploadType=media&name=short';
    const answer = await call(path, { method: 'POST', body: 'x', headers: { 'content-type': 'text/csv' } });

    expect(await answer.json()).toMatchObject({ name: 'short', size: '1' });
  });

  it('resumable ones say how far they are and go on from there', async () => {
    const bytes = Buffer.alloc(2 * QUANTUM + 5, 'resumable ');
    const location = await startUpload('pieces');
    const nothing = await send(location, 'bytes */*');
    const first = await send(location, `bytes 0-${QUANTUM - 1}/*`, bytes.subarray(0, QUANTUM));
    const asked = await send(location, `bytes */${bytes.length}`);
    const overlapping = `bytes ${QUANTUM - 10}-${bytes.length - 1}/${bytes.length}`;
    const last = await send(location, overlapping, bytes.subarray(QUANTUM - 10));
    const again = await send(location, 'bytes */*');

    expect([nothing.status, nothing.headers.get('range')]).toEqual([308, null]);
    expect([first.status, first.headers.get('range')]).toEqual([308, `bytes=0-${QUANTUM - 1}`]);
    expect([asked.status, asked.headers.get('range')]).toEqual([308, `bytes=0-${QUANTUM - 1}`]);
    expect(last.status).toBe(200);
    expect(await again.json()).toEqual(await last.json());
    const { content, contentType } = model.getObject({ bucket: 'bucket-1', name: 'pieces' });
    expect(Buffer.concat(content.chunks).equals(bytes)).toBe(true);
    expect([content.crc32c, contentType]).toEqual([contentOf(bytes).crc32c, 'text/csv']);
  });

  it('keep only whole quanta of a piece that is not the last', async () => {
    const location = await startUpload('quanta');
    const piece = await send(location, `bytes 0-${QUANTUM + 99}/*`, Buffer.alloc(QUANTUM + 100));

    expect(piece.headers.get('range')).toBe(`bytes=0-${QUANTUM - 1}`);
  });

  it('end with a piece of unknown end, and with a total that is already there', async () => {
    const streamed = await send(await startUpload('streamed'), 'bytes 0-*/*', Buffer.from('abc'));
    const location = await startUpload('known');
    await send(location, `bytes 0-${QUANTUM - 1}/*`, Buffer.alloc(QUANTUM));
    const known = await send(location, `bytes */${QUANTUM}`);

    expect([streamed.status, known.status]).toEqual([200, 200]);
    expect(model.getObject({ bucket: 'bucket-1', name: 'known' }).content.size).toBe(QUANTUM);
  });

  it('refuse a gap, more than the total, and a range that is none', async () => {
    const location = await startUpload('gaps');

    expect((await send(location, 'bytes 5-9/10', Buffer.alloc(5))).status).toBe(400);
    expect((await send(location, 'bytes 0-9/5', Buffer.alloc(10))).status).toBe(400);
    expect((await send(location, 'bytes none', Buffer.alloc(1))).status).toBe(400);
  });

  it('are gone once cancelled', async () => {
    const location = await startUpload('cancelled');

    expect((await call(location, { method: 'DELETE' })).status).toBe(499);
    expect((await send(location, 'bytes */*')).status).toBe(404);
  });

  it('check their precondition when they start and again when they end', async () => {
    const path = '/upload/storage/v1/b/bucket-1/o?uploadType=resumable&name=late&ifGenerationMatch=0';
    const started = await call(path, { method: 'POST' });
    put('late', 'other');
    const location = (started.headers.get('location') ?? '').slice(server.url.length);

    expect((await send(location, 'bytes 0-0/1', Buffer.from('x'))).status).toBe(412);
    expect((await call(path, { method: 'POST' })).status).toBe(412);
  });
});

import { gzipSync } from 'node:zlib';
import { contentOf } from '../../../local/storage/content';
import { createStorageModel, type StorageModel } from '../../../local/storage/model';
import { type StorageServer, startStorageServer } from '../../../local/storage/server';
import { createFaults, type Faults } from '../../../local/wire/faults';

describe('the wire of the local Cloud Storage', () => {
  let model: StorageModel;
  let server: StorageServer;
  let faults: Faults;

  beforeAll(async () => {
    const clock = { now: () => Date.UTC(2026, 10, 22, 9, 30), sleep: async () => {} };
    model = createStorageModel({ clock });
    model.insertBucket('bucket-1');
    faults = createFaults();
    server = await startStorageServer({ model, port: 0, host: '127.0.0.1', faults });
  });

  afterEach(() => faults.clear());
  afterAll(() => server.close());

  function call(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${server.url}${path}`, { redirect: 'manual', ...init });
  }

  function put(name: string, body: string | Buffer, fields = {}) {
    return model.insertObject({ bucket: 'bucket-1', name }, contentOf(Buffer.from(body)), fields);
  }

  describe('downloads', () => {
    it.each([
      '/storage/v1/b/bucket-1/o/d%2Fone.csv?alt=media',
      '/b/bucket-1/o/d%2Fone.csv?alt=media',
      '/download/storage/v1/b/bucket-1/o/d%2Fone.csv?alt=media',
      '/bucket-1/d/one.csv',
    ])('at %s carry hashes and generations', async (path) => {
      const { generation } = put('d/one.csv', 'a,b\n', {
        contentType: 'text/csv',
        metadata: { Key: 'v', 'no header': 'x' },
      });
      const response = await call(path);
      const headers = Object.fromEntries(response.headers);

      expect(await response.text()).toBe('a,b\n');
      expect(headers).toMatchObject({
        'content-type': 'text/csv',
        'content-length': '4',
        'x-goog-hash': 'crc32c=YlH2CA==,md5=9p9bcrx5qS3HDGPJqhQuNg==',
        'x-goog-generation': generation,
        'x-goog-metageneration': '1',
        'x-goog-stored-content-encoding': 'identity',
        'x-goog-stored-content-length': '4',
        'x-goog-meta-key': 'v',
        'last-modified': 'Sun, 22 Nov 2026 09:30:00 GMT',
      });
      expect(headers.etag).toBeDefined();
    });

    it.each([
      ['bytes=1-3', 206, 'bcd', 'bytes 1-3/6'],
      ['bytes=4-', 206, 'ef', 'bytes 4-5/6'],
      ['bytes=-2', 206, 'ef', 'bytes 4-5/6'],
      ['bytes=-99', 206, 'abcdef', 'bytes 0-5/6'],
      ['bytes=0-99', 206, 'abcdef', 'bytes 0-5/6'],
      ['lines=1-2', 200, 'abcdef', null],
    ])('give the range %s', async (range, status, body, contentRange) => {
      put('range', 'abcdef');
      const response = await call('/storage/v1/b/bucket-1/o/range?alt=media', { headers: { range } });

      expect(response.status).toBe(status);
      expect(response.headers.get('content-range')).toBe(contentRange);
      expect(await response.text()).toBe(body);
    });

    it('refuse a range behind the end', async () => {
      put('range', 'abcdef');
      const response = await call('/storage/v1/b/bucket-1/o/range?alt=media', { headers: { range: 'bytes=6-' } });

      expect(response.status).toBe(416);
      expect(response.headers.get('content-range')).toBe('bytes */6');
      expect(await response.json()).toMatchObject({ error: { errors: [{ reason: 'requestedRangeNotSatisfiable' }] } });
    });

    it('decompress gzip only for clients that do not accept it', async () => {
      put('zipped', gzipSync('hello'), { contentEncoding: 'gzip' });
      const path = '/storage/v1/b/bucket-1/o/zipped?alt=media';
      const plain = await call(path, { headers: { 'accept-encoding': 'identity', range: 'bytes=0-1' } });
      const gzip = await call(path, { headers: { 'accept-encoding': 'gzip' } });

      expect(plain.status).toBe(200);
      expect(plain.headers.get('content-encoding')).toBeNull();
      expect(plain.headers.get('x-goog-stored-content-encoding')).toBe('gzip');
      expect(await plain.text()).toBe('hello');
      expect(gzip.headers.get('content-encoding')).toBe('gzip');
    });
  });

  describe('refusals', () => {
    it.each<[string, string, string, number, string, string]>([
      ['a missing object', 'GET', '/storage/v1/b/bucket-1/o/none', 404, 'notFound', 'No such object: bucket-1/none'],
      ['a missing bucket', 'GET', '/b/bucket-9/o', 404, 'notFound', 'The specified bucket does not exist.'],
      [
        'a number that is none',
        'GET',
        '/b/bucket-1/o/a?generation=x',
        400,
        'invalid',
        "Invalid value for generation: 'x'",
      ],
      [
        'no name',
        'POST',
        '/upload/storage/v1/b/bucket-1/o?uploadType=media',
        400,
        'required',
        'Required parameter: name',
      ],
      [
        'a lost session',
        'PUT',
        '/upload/storage/v1/b/bucket-1/o?upload_id=x',
        404,
        'notFound',
        'No such upload session.',
      ],
      ['another verb', 'PATCH', '/b', 405, 'methodNotAllowed', 'The method PATCH is not allowed here.'],
    ])('of %s have the form of the JSON API', async (_title, method, path, status, reason, message) => {
      const response = await call(path, { method });

      expect(response.status).toBe(status);
      expect(await response.json()).toEqual({
        error: { code: status, message, errors: [{ domain: 'global', reason, message }] },
      });
    });

    it('of preconditions name the header as the service does, and are 304 for reads that exclude', async () => {
      const { generation } = put('condition', 'x');
      const path = '/storage/v1/b/bucket-1/o/condition';
      const message = 'At least one of the pre-conditions you specified did not hold.';
      const failed = await call(`${path}?ifGenerationMatch=5`, { method: 'DELETE' });
      const unchanged = await call(`${path}?ifGenerationNotMatch=${generation}`);

      expect(failed.status).toBe(412);
      expect(await failed.json()).toMatchObject({
        error: { message, errors: [{ reason: 'conditionNotMet', locationType: 'header', location: 'If-Match' }] },
      });
      expect(unchanged.status).toBe(304);
      expect(await unchanged.text()).toBe('');
    });

    it.each(['{', '[]', '{"metadata":{"k":5}}'])('of the body %s do not change anything', async (body) => {
      put('bad', 'x');
      const response = await call('/storage/v1/b/bucket-1/o/bad', { method: 'PATCH', body });

      expect(response.status).toBe(400);
      expect(model.getObject({ bucket: 'bucket-1', name: 'bad' }).metageneration).toBe('1');
    });

    it('of content that does not have the hash that was promised leave nothing behind', async () => {
      const part = (type: string, body: string) => `--b\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
      const resource = JSON.stringify({ name: 'damaged', crc32c: 'AAAAAA==' });
      const body = `${part('application/json', resource)}${part('text/plain', 'x')}--b--`;
      const headers = { 'content-type': 'multipart/related; boundary=b' };
      const response = await call('/upload/storage/v1/b/bucket-1/o?uploadType=multipart', {
        method: 'POST',
        headers,
        body,
      });

      expect(response.status).toBe(400);
      expect(() => model.getObject({ bucket: 'bucket-1', name: 'damaged' })).toThrow('No such object');
    });
  });

  it('answers what gcloud asks before it lists', async () => {
    const layout = await call('/storage/v1/b/bucket-1/storageLayout');

    expect(await layout.json()).toMatchObject({ bucket: 'bucket-1', hierarchicalNamespace: { enabled: false } });
  });

  it('rewrites in one response', async () => {
    put('from ü', 'abc', { contentType: 'text/csv' });
    const path = '/storage/v1/b/bucket-1/o/from%20%C3%BC/rewriteTo/b/bucket-1/o/to%2F1';
    const response = await call(path, { method: 'POST' });

    expect(await response.json()).toMatchObject({
      kind: 'storage#rewriteResponse',
      done: true,
      objectSize: '3',
      resource: { name: 'to/1', contentType: 'text/csv' },
    });
  });

  describe('faults', () => {
    it.each([
      ['storage.objects.get', 14, 503],
      ['objects.get', 8, 429],
      ['*', 4, 504],
      ['storage.objects.get', 500, 500],
    ])('of %s with code %i answer %i as often as asked, then no more', async (method, code, status) => {
      put('faulty', 'x');
      faults.add({ method, code, count: 2 });
      const statuses = [];
      for (let count = 0; count < 3; count += 1) statuses.push((await call('/b/bucket-1/o/faulty')).status);

      expect(statuses).toEqual([status, status, 200]);
    });

    it('after the effect lose only the answer', async () => {
      put('doomed', 'x');
      faults.add({ method: 'storage.objects.delete', afterEffect: true });
      const path = '/b/bucket-1/o/doomed';

      expect((await call(path, { method: 'DELETE' })).status).toBe(503);
      expect((await call(path, { method: 'DELETE' })).status).toBe(404);
    });

    it('with code 0 only delay', async () => {
      put('slow', 'x');
      faults.add({ method: 'storage.objects.get', code: 0, delayMs: 50 });
      const before = performance.now();
      const response = await call('/b/bucket-1/o/slow');

      expect(response.status).toBe(200);
      expect(performance.now() - before).toBeGreaterThan(40);
    });

    it('are set, shown and cleared over HTTP', async () => {
      const body = JSON.stringify({ method: 'storage.objects.list', code: 14 });
      await call('/_faults', { method: 'POST', body });
      const shown = await call('/_faults');
      await call('/_faults', { method: 'DELETE' });

      expect(await shown.text()).toContain('storage.objects.list');
      expect(faults.list()).toEqual([]);
    });
  });
});

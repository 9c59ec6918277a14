/** The console over HTTP, from its bundle, against the local storage and Product Search. */
import { createHash } from 'node:crypto';
import { request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { createProductSearchModel } from '../../local/productSearch/model';
import { type ProductSearchServer, startProductSearchServer } from '../../local/productSearch/server';
import { createStorageModel } from '../../local/storage/model';
import { modelObjectStore } from '../../local/storage/objectStore';
import { type StorageServer, startStorageServer } from '../../local/storage/server';
import type { Overview } from '../../shared/console/overview';
import { journalName, terminalEvent } from '../../shared/core/event';
import { commandRecord, ENVIRONMENT, importRecord, STATE } from '../console/records';
import { loadConsoleBundle } from './consoleBundle';

const clock = { now: () => Date.now(), sleep: async () => undefined };
const entropy = { nonce: () => '0'.repeat(32) };
const storage = createStorageModel({ clock });
storage.insertBucket(STATE);
const objects = modelObjectStore(storage);
const reader = { readObject: () => null, objectExists: () => true };
const productSearch = createProductSearchModel({ clock, entropy, objects: reader, operationMs: 1_000, indexMs: 1_000 });

const EVIL = '<script>alert(1)</script>.csv';
const closed = importRecord(EVIL, { state: 'ended', outcome: 'succeeded', counts: { imported: 1 } });
const open = commandRecord('deleteProduct', { productId: 'p' });

let storageServer: StorageServer;
let productSearchServer: ProductSearchServer;
let server: Server;
let url: string;
const environment = { ...process.env };

async function put(name: string, body: string | Buffer, contentType = 'application/json'): Promise<void> {
  await objects.write({ bucket: STATE, name }, body, { contentType });
}

async function seed(): Promise<void> {
  const now = new Date().toISOString();
  const ended = { ...closed, acceptedAt: now, endedAt: now };
  const event = terminalEvent(ended, 'p', now);
  await put(journalName(event, now), JSON.stringify(event));
  await put(`requests/closed/${closed.id}.json`, JSON.stringify({ ...ended, event }));
  await put(`requests/open/${open.id}.json`, JSON.stringify(open));
  await put('reports/r/retry.csv', 'a,b\n', 'text/html');
  await put(`archive/2026-11-22/r/${EVIL}`, 'c,d\n', 'text/csv');
  await put('archive/2026-11-22/r/größe "1".csv.gz', gzipSync('e,f\n'), 'application/gzip');
  await put('plans/plan', '<b>x</b>', 'text/html');
  const parent = 'projects/p/locations/us-west1';
  productSearch.createProductSet({ parent, productSet: { displayName: 'Shoes' }, productSetId: 'shoes' });
}

beforeAll(async () => {
  storageServer = await startStorageServer({ model: storage, port: 0, host: '127.0.0.1' });
  productSearchServer = await startProductSearchServer({ model: productSearch, port: 0, host: '127.0.0.1' });
  await seed();
  Object.assign(process.env, ENVIRONMENT, {
    STORAGE_EMULATOR_HOST: storageServer.url,
    VISION_EMULATOR_HOST: `127.0.0.1:${productSearchServer.port}`,
  });
  loadConsoleBundle();
  server = getTestServer('console');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 60_000);

afterAll(async () => {
  process.env = environment;
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  await storageServer?.close();
  await productSearchServer?.close();
});

function file(name: string, bucket = STATE): Promise<Response> {
  return fetch(`${url}/files?uri=${encodeURIComponent(`gs://${bucket}/${name}`)}`);
}

describe('the page', () => {
  it('runs only its own script and style', async () => {
    const answer = await fetch(`${url}/`);
    const html = await answer.text();
    const policy = answer.headers.get('content-security-policy') ?? '';
    const contents = ['script', 'style'].map((name) => new RegExp(`<${name}>([^]*?)</${name}>`).exec(html)?.[1] ?? '');

    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const content of contents) {
      expect(content.length).toBeGreaterThan(1_000);
      expect(policy).toContain(`'sha256-${createHash('sha256').update(content).digest('base64')}'`);
    }
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("default-src 'none'");
    expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org\/)/);
  });

  it('has its icon', async () => {
    const answer = await fetch(`${url}/favicon.svg`);

    expect(answer.headers.get('content-type')).toBe('image/svg+xml');
    expect(await answer.text()).toMatch(/^<svg /);
  });
});

it('says that it is well', async () => {
  const answer = await fetch(`${url}/healthz`);

  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
});

it.each(['/', '/healthz', '/api/overview', '/api/requests/x', '/files', '/nothing', '/favicon.svg'])(
  'sends its security headers with %s',
  async (path) => {
    const { headers } = await fetch(`${url}${path}`);

    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-powered-by')).toBeNull();
  },
);

it('gives the overview of what is there', async () => {
  const answer = await fetch(`${url}/api/overview`);
  const overview = (await answer.json()) as Overview;

  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(overview).toMatchObject({ projectId: 'p', isLocal: true, events: { value: [{ title: 'Import succeeded' }] } });
  expect(overview.requests.value?.rows).toMatchObject([
    { id: open.id, state: 'running' },
    { id: closed.id, what: EVIL, summary: '1 imported' },
  ]);
});

it('counts product sets within a few looks', async () => {
  const sets = async () => {
    const overview = (await (await fetch(`${url}/api/overview`)).json()) as Overview;
    return overview.productSets.find(({ location }) => location === 'us-west1')?.sets;
  };
  let seen = await sets();
  for (let looks = 0; seen === undefined && looks < 20; looks += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    seen = await sets();
  }

  expect(seen).toMatchObject([{ id: 'shoes', products: { value: 0, isMore: false } }]);
});

describe('a record', () => {
  it.each([
    ['open', open.id],
    ['closed', closed.id],
  ])('is given whole while it is %s', async (_, id) => {
    const answer = await fetch(`${url}/api/requests/${id}`);

    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ id, history: [{ what: 'accepted' }] });
  });

  it.each([
    ['cmd-unknown', 404],
    ['', 400],
    ['cmd-a.json', 400],
    ['..%2F..%2Freservations%2Fus-west1', 400],
    ['%00', 400],
    ['cmd-x/y', 400],
  ])('is not given for "%s": %d', async (id, status) => {
    const answer = await fetch(`${url}/api/requests/${id}`);

    expect([answer.status, await answer.json()]).toEqual([status, { error: expect.stringMatching(/ /) }]);
  });
});

describe('a file', () => {
  it('is an attachment of its own type, whatever type was stored', async () => {
    const answer = await file('reports/r/retry.csv');

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="retry.csv"; filename*=UTF-8''retry.csv`,
    );
    expect(await answer.text()).toBe('a,b\n');
    expect((await file('plans/plan')).headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  it('keeps its bytes and its name, however it is called', async () => {
    const gzip = await file('archive/2026-11-22/r/größe "1".csv.gz');
    const evil = await file(`archive/2026-11-22/r/${EVIL}`);

    expect(gzip.headers.get('content-disposition')).toBe(
      `attachment; filename="gr__e _1_.csv.gz"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%221%22.csv.gz`,
    );
    expect(Buffer.from(await gzip.arrayBuffer())).toEqual(gzipSync('e,f\n'));
    expect(evil.headers.get('content-disposition')).not.toMatch(/[<>]/);
    expect(await evil.text()).toBe('c,d\n');
  });

  it('can be asked about without its content', async () => {
    const uri = encodeURIComponent(`gs://${STATE}/reports/r/retry.csv`);
    const answer = await fetch(`${url}/files?uri=${uri}`, { method: 'HEAD' });

    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, '4']);
  });

  it.each([
    [`requests/open/${open.id}.json`, STATE, 403],
    [`reports/../requests/open/${open.id}.json`, STATE, 403],
    ['reports/r/retry.csv', 'intake-bucket', 403],
    ['reports/r/none.csv', STATE, 404],
  ])('%s of %s is refused: %d', async (name, bucket, status) => {
    const answer = await file(name, bucket);

    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: expect.stringMatching(/ /) });
  });

  it.each(['', '?uri=', '?uri=a&uri=b', '?uri[x]=gs://b/reports/r', '?uri=%E0%A4%A'])(
    'needs one URI: "%s"',
    async (query) => {
      expect((await fetch(`${url}/files${query}`)).status).toBe(403);
    },
  );
});

it('only shows', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const answer = await fetch(`${url}/api/overview`, { method });

    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  }
});

it.each(['/nothing', '//', '/api', '/api/overview/', '/api/../api/overview', '/%2e%2e/healthz', '/files/x'])(
  'has nothing at %s',
  async (path) => {
    const status = await new Promise((resolve, reject) => {
      // As it is: fetch would resolve the dots.
      httpRequest(`${url}/`, { path }, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end();
    });

    expect(status).toBe(404);
  },
);

it('says in words what a service refuses', async () => {
  const { faults } = productSearchServer;
  faults.clear();
  const list = await fetch(`${storageServer.url}/_faults`, {
    method: 'POST',
    body: JSON.stringify({ method: 'objects.get', code: 7, count: 1 }),
  });
  const answer = await fetch(`${url}/api/requests/${open.id}`);

  expect(list.ok).toBe(true);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ error: expect.stringMatching(/^Storage\.ObjectsGet: PERMISSION_DENIED: /) });
});

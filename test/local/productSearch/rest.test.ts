import { ProductSearchClient } from '@google-cloud/vision/build/src/v1/product_search_client';
import { PassThroughClient } from 'google-auth-library';
import { type ProductSearchServer, startProductSearchServer } from '../../../local/productSearch/server';
import { createWorld, IMAGE_URI, PARENT } from './setup';

const world = createWorld();
let server: ProductSearchServer;

beforeAll(async () => {
  server = await startProductSearchServer({ model: world.model, port: 0, host: '127.0.0.1' });
});

afterEach(() => server.faults.clear());

afterAll(() => server.close());

async function request(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const init = { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) };
  const response = await fetch(`${server.url}/${path}`, init as RequestInit);
  return { status: response.status, body: await response.json() };
}

const post = (path: string, body: unknown) => request('POST', `v1/${PARENT}/${path}`, body);

it('creates, reads, updates and deletes as the documentation shows', async () => {
  const created = await post('products?productId=rest', { displayName: 'P', productCategory: 'toys-v2' });
  const name = `${PARENT}/products/rest`;
  const updated = await request('PATCH', `v1/${name}?updateMask=displayName,productLabels`, {
    displayName: 'New',
    productLabels: [{ key: 'k', value: 'v' }],
  });

  expect(created).toEqual({ status: 200, body: { name, displayName: 'P', productCategory: 'toys-v2' } });
  expect(updated.body).toMatchObject({ displayName: 'New', productLabels: [{ key: 'k', value: 'v' }] });
  expect(await request('DELETE', `v1/${name}`)).toEqual({ status: 200, body: {} });
  expect(await request('GET', `v1/${name}`)).toEqual({
    status: 404,
    body: { error: expect.objectContaining({ code: 404, status: 'NOT_FOUND', message: `Not found: ${name}` }) },
  });
});

it('adds to a set, lists and removes', async () => {
  await post('productSets?productSetId=rest', { displayName: 'S' });
  await post('products?productId=member', { displayName: 'P', productCategory: 'toys-v2' });
  const product = `${PARENT}/products/member`;

  expect((await post('productSets/rest:addProduct', { product })).status).toBe(200);
  expect((await request('GET', `v1/${PARENT}/productSets/rest/products?pageSize=5`)).body).toEqual({
    products: [{ name: product, displayName: 'P', productCategory: 'toys-v2' }],
  });
  expect((await post('productSets/rest:removeProduct', { product })).status).toBe(200);
  expect((await request('GET', `v1/${PARENT}/productSets/rest/products`)).body).toEqual({});
  expect((await request('GET', `v1/${PARENT}/productSets/rest`)).body).toMatchObject({
    displayName: 'S',
    indexTime: expect.stringMatching(/^1970-01-01T00:00:00(\.0+)?Z$/),
  });
});

it('imports, and shows the operation with its metadata and response', async () => {
  world.put('gs://csv/rest.csv', `${IMAGE_URI},i,rest-import,rest-p,toys-v2,,,\nbad`);
  const inputConfig = { gcsSource: { csvFileUri: 'gs://csv/rest.csv' } };

  const started = await post('productSets:import', { inputConfig });
  const { name } = started.body as { name: string };
  const id = name.split('/').pop();
  world.pass(10_000);
  const done = await request('GET', `v1/locations/us-west1/operations/${id}`);

  expect(started.body).toMatchObject({
    name: expect.stringMatching(/^projects\/p\/locations\/us-west1\/operations\/[0-9a-f]{16}$/),
    metadata: {
      '@type': 'type.googleapis.com/google.cloud.vision.v1.BatchOperationMetadata',
      state: 'PROCESSING',
      submitTime: expect.stringMatching(/^2026-01-01T00:00:\d\d/),
    },
  });
  expect(started.body).not.toHaveProperty('done');
  expect(done.body).toMatchObject({
    name: `locations/us-west1/operations/${id}`,
    done: true,
    metadata: { state: 'SUCCESSFUL', endTime: expect.any(String) },
    response: {
      '@type': 'type.googleapis.com/google.cloud.vision.v1.ImportProductSetsResponse',
      referenceImages: [{ name: `${PARENT}/products/rest-p/referenceImages/i`, uri: IMAGE_URI }],
      statuses: [{}, { code: 3, message: 'The number of columns in the csv line should be 8' }],
    },
  });
  expect((await request('GET', `v1/${name}`)).body).toEqual(done.body);
  expect((await request('GET', `v1/operations/${id}`)).body).toEqual(done.body);
});

it('purges, and echoes the request', async () => {
  await post('productSets?productSetId=purged', { displayName: 'S' });

  const started = await post('products:purge', { force: true, productSetPurgeConfig: { productSetId: 'purged' } });
  world.pass(10_000);
  const done = await request('GET', `v1/${(started.body as { name: string }).name}`);

  expect(done.body).toMatchObject({
    done: true,
    response: {
      '@type': 'type.googleapis.com/google.cloud.vision.v1.PurgeProductsRequest',
      parent: PARENT,
      force: true,
      productSetPurgeConfig: { productSetId: 'purged' },
    },
  });
  expect(await post('products:purge', { deleteOrphanProducts: true })).toMatchObject({
    status: 400,
    body: { error: { status: 'INVALID_ARGUMENT', message: expect.stringContaining('force must be true') } },
  });
});

it.each([
  ['a page that is too big', 'GET', `v1/${PARENT}/products?pageSize=101`, 400, 'INVALID_ARGUMENT'],
  ['an operation that is not there', 'GET', 'v1/locations/us-west1/operations/0123456789abcdef', 404, 'NOT_FOUND'],
  ['the cancelling of an operation', 'POST', 'v1/operations/0123456789abcdef:cancel', 501, 'UNIMPLEMENTED'],
  ['the listing of operations', 'GET', 'v1/operations', 501, 'UNIMPLEMENTED'],
])('answers %s with an error body', async (_, method, path, status, word) => {
  expect(await request(method, path)).toMatchObject({ status, body: { error: { code: status, status: word } } });
});

it('misbehaves on demand', async () => {
  await request('POST', '_faults', { method: 'ListProducts', code: 8, count: 1 });

  expect((await request('GET', `v1/${PARENT}/products`)).status).toBe(429);
  expect((await request('GET', `v1/${PARENT}/products`)).status).toBe(200);
});

it('serves the official client in its REST mode', async () => {
  // Its own way to fetch is a dynamic import, which jest does not allow.
  const authClient = new PassThroughClient({ transporterOptions: { fetchImplementation: fetch } });
  const where = { apiEndpoint: '127.0.0.1', port: server.port, protocol: 'http' };
  const client = new ProductSearchClient({ ...where, fallback: true, projectId: 'p', authClient });
  const productSet = { displayName: 'S' };

  await client.createProductSet({ parent: PARENT, productSet, productSetId: 'official' });
  const [operation] = await client.purgeProducts({
    parent: PARENT,
    force: true,
    productSetPurgeConfig: { productSetId: 'official' },
  });
  world.pass(10_000);
  const progress = await client.checkPurgeProductsProgress(operation.name ?? '');
  await client.deleteProductSet({ name: `${PARENT}/productSets/official` });

  expect(progress.done).toBe(true);
  await expect(client.getProductSet({ name: `${PARENT}/productSets/official` })).rejects.toMatchObject({ code: 404 });
  await client.close();
});

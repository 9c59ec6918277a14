/** The contract of `ProductSearch`, on the client over gRPC against the local server. */
import { type ProductSearchServer, startProductSearchServer } from '../../local/productSearch/server';
import { type ClosableProductSearch, createProductSearch } from '../../shared/clients/productSearch';
import { createWorld } from '../local/productSearch/setup';
import { testProductSearch } from './productSearch';

const { model, put, pass } = createWorld({ limits: { managementPerMinute: 100_000 } });
let server: ProductSearchServer;
let client: ClosableProductSearch;

testProductSearch(async () => {
  server = await startProductSearchServer({ model, port: 0, host: '127.0.0.1' });
  client = createProductSearch({ projectId: 'local-project', emulatorHost: `127.0.0.1:${server.port}` });
  return { productSearch: client, put, finishOperations: async () => pass(10_000) };
});

afterEach(() => server.faults.clear());

afterAll(async () => {
  await server.close();
  await client.close();
});

describe('after a transient fault', () => {
  const fault = { code: 14, count: 1 };
  const shoe = { id: 'p', displayName: 'P', description: '', productCategory: 'toys-v2', productLabels: [] };

  it('repeats what can be repeated', async () => {
    server.faults.add({ ...fault, method: 'ListProducts', count: 2 });

    await expect(client.listProducts('asia-east1', { pageSize: 1 })).resolves.toHaveProperty('items');
    expect(server.faults.list()).toEqual([]);
  });

  it('counts a delete as done whose first answer was lost', async () => {
    await client.createProduct('us-east1', shoe);
    server.faults.add({ ...fault, method: 'DeleteProduct', afterEffect: true });

    await expect(client.deleteProduct('us-east1', 'p')).resolves.toBe('deleted');
    await expect(client.deleteProduct('us-east1', 'p')).resolves.toBe('absent');
  });

  it('gives a delete up after its second attempt', async () => {
    server.faults.add({ ...fault, method: 'DeleteProduct', count: 3 });

    await expect(client.deleteProduct('us-east1', 'p')).rejects.toMatchObject({ faultClass: 'transient' });
    expect(server.faults.list()).toMatchObject([{ count: 1 }]);
  });

  it.each([
    ['CreateProduct', () => client.createProduct('us-east1', { ...shoe, id: 'q' })],
    ['ImportProductSets', () => client.importProductSets('us-east1', 'gs://csv/none.csv')],
    ['PurgeProducts', () => client.purgeProducts('us-east1', { orphans: true })],
  ])('never repeats %s', async (method, act) => {
    server.faults.add({ ...fault, method, count: 2 });

    await expect(act()).rejects.toMatchObject({ call: `ProductSearch.${method}`, status: 'UNAVAILABLE' });
    expect(server.faults.list()).toMatchObject([{ method, count: 1 }]);
  });

  it('does not repeat a call that met a quota', async () => {
    server.faults.add({ method: 'GetProduct', code: 8, count: 2 });

    await expect(client.getProduct('us-east1', 'p')).rejects.toMatchObject({ faultClass: 'exhausted' });
    expect(server.faults.list()).toMatchObject([{ count: 1 }]);
  });
});

it('reads the error and the times of an operation that failed as a whole', async () => {
  model.failNextOperation({ code: 13, message: 'Internal error encountered.' });

  const name = await client.purgeProducts('us-east1', { orphans: true });
  pass(10_000);

  await expect(client.getOperation(name)).resolves.toMatchObject({
    done: true,
    state: 'FAILED',
    error: { code: 13, message: 'Internal error encountered.' },
    submitTime: expect.stringMatching(/^2026-01-01T/),
    endTime: expect.stringMatching(/^2026-01-01T/),
  });
});

it('reads the statuses of 20,000 lines', async () => {
  const line = (i: number) => `gs://images/shoe.png,image-${i},big-set,product-${i % 100},apparel-v2,,,`;
  put('gs://csv/big.csv', Array.from({ length: 20_000 }, (_, i) => line(i)).join('\n'));

  const name = await client.importProductSets('us-east1', 'gs://csv/big.csv');
  pass(10_000);
  const operation = await client.getOperation(name);

  expect(operation?.statuses).toHaveLength(20_000);
  expect(operation?.statuses?.every(({ code }) => code === 0)).toBe(true);
});

it('gives the index time once a set is indexed', async () => {
  await client.createProductSet('us-east1', { id: 'indexed', displayName: 'I' });
  pass(60_000);

  const set = await client.getProductSet('us-east1', 'indexed');

  expect(set?.indexTime).toMatch(/^2026-01-01T00:\d\d:\d\d\.\d{3}Z$/);
});

it('calls a service that cannot be reached UNAVAILABLE or late, within its bound', async () => {
  const nowhere = createProductSearch({ projectId: 'p', emulatorHost: '127.0.0.1:1' });

  const starting = nowhere.importProductSets('us-west1', 'gs://csv/none.csv');

  await expect(starting).rejects.toMatchObject({ faultClass: 'transient' });
  await nowhere.close();
});

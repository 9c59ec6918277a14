import { imageLine } from './imageLine';
import { type LocalSystem, STATE, startLocalSystem } from './localSystem';
import { until } from './until';

jest.setTimeout(120_000);

describe('requests that would get in each other’s way', () => {
  let system: LocalSystem;
  let uri: string;

  beforeAll(async () => {
    system = await startLocalSystem({ LOCAL_OPERATION_SECONDS: '2', LOCAL_TICK_SECONDS: '0.5' });
    uri = await system.image('shared.png');
    const seed = imageLine({ uri, productId: 'p-seed' });
    const drops = ['us-west1', 'us-east1', 'asia-east1'].map((location) => system.drop(`${location}/seed.csv`, seed));
    for (const drop of drops) await system.events.ended(await drop);
  });

  afterAll(() => system.stop());

  /** Resolves when the request has started its operation and waits for it. */
  async function operationRuns(requestId: string): Promise<void> {
    await until(`an operation of ${requestId}`, async () => {
      if (!(await system.names(STATE, 'requests/open/')).includes(`requests/open/${requestId}.json`)) return false;
      const record = await system.text(`gs://${STATE}/requests/open/${requestId}.json`);
      return (JSON.parse(record) as { waiting?: { for: string } }).waiting?.for === 'operation';
    });
  }

  /** Where among all events that came a request's terminal event stands. */
  function place(requestId: string): number {
    return system.events.all.findIndex(({ id }) => id === `${requestId}.completed`);
  }

  const purge = (location: string) => ({
    command: 'purgeProductsInProductSet',
    productSetId: 'boots',
    requestId: `purge-${location}`,
    force: true,
    location,
  });

  it('make a purge wait for the import into its set, and say so', async () => {
    const importId = await system.drop('us-west1/more.csv', imageLine({ uri, productId: 'p-more' }));
    await operationRuns(importId);
    await system.publish(purge('us-west1'));
    const waiting = await system.events.waiting('cmd-purge-us-west1');
    const ended = await system.events.ended('cmd-purge-us-west1');

    expect(waiting.data).toMatchObject({ waitingFor: 'claim', blockedBy: [importId] });
    expect(waiting.data.detail).toContain(importId);
    expect(place(importId)).toBeLessThan(place('cmd-purge-us-west1'));
    expect((await system.events.ended(importId)).data).toMatchObject({ outcome: 'succeeded', counts: { imported: 1 } });
    expect(ended.data).toMatchObject({ outcome: 'succeeded', counts: { products: 2 } });
    expect(await system.content().products()).toEqual([]);
  });

  it('make an import wait for the purge of its set; what it brings is there afterwards', async () => {
    await system.publish(purge('us-east1'));
    await operationRuns('cmd-purge-us-east1');
    const importId = await system.drop('us-east1/new.csv', imageLine({ uri, productId: 'p-new' }));
    const waiting = await system.events.waiting(importId);
    const ended = await system.events.ended(importId);

    expect(waiting.data).toMatchObject({ waitingFor: 'claim', blockedBy: ['cmd-purge-us-east1'] });
    expect(place('cmd-purge-us-east1')).toBeLessThan(place(importId));
    expect(ended.data).toMatchObject({ outcome: 'succeeded', counts: { imported: 1 } });
    expect(await system.content('us-east1').productsIn('boots')).toEqual(['p-new']);
  });

  it('make the delete of a set wait for its purge', async () => {
    const location = 'asia-east1';
    await system.publish(purge(location));
    await operationRuns('cmd-purge-asia-east1');
    await system.publish({ command: 'deleteProductSet', productSetId: 'boots', requestId: 'set', location });
    const waiting = await system.events.waiting('cmd-set');
    expect(await system.content(location).productSets()).toEqual(['boots']);
    const ended = await system.events.ended('cmd-set');

    expect(waiting.data).toMatchObject({ waitingFor: 'claim', blockedBy: ['cmd-purge-asia-east1'] });
    expect(place('cmd-purge-asia-east1')).toBeLessThan(place('cmd-set'));
    expect(ended.data).toMatchObject({ outcome: 'succeeded', counts: { productSets: 1 } });
    expect(await system.content(location).productSets()).toEqual([]);
    expect(await system.content(location).products()).toEqual([]);
  });
});

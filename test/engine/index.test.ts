import { followIndexes } from '../../shared/engine/followIndexes';
import { createWatches } from '../../shared/ledger/watches';
import type { ProductSearch } from '../../shared/ports';
import { createWorld, IMAGES, LOCATION, STATE, type World } from './world';

const UPDATED = 'product-search.index.updated.v1';

async function drop(world: World, set: string, product: string): Promise<void> {
  await world.drop(`${set}-${product}.csv`, `${world.image(`${product}.png`)},i,${set},${product},apparel-v2,,,\n`);
  await world.settle();
}

describe('the index watch', () => {
  it('tells once when the index is newer than the import, looking once an hour', async () => {
    const world = createWorld();
    await drop(world, 'shoes', 'p1');

    await world.fire();
    const first = world.events(UPDATED).length;
    world.pass(3_600_000);
    await world.fire();
    world.pass(3_600_000);
    await world.fire();

    const [imported] = world.events('product-search.import.completed.v1');
    const events = world.events(UPDATED);
    expect([first, events.length]).toEqual([1, 1]);
    expect(events[0]?.data).toMatchObject({
      requestId: imported?.data.requestId,
      productSets: [{ productSetId: 'shoes' }],
      problems: [],
    });
  });

  it('waits while the index is older', async () => {
    const world = createWorld();
    await world.drop('shoes.csv', `${world.image('1.png')},i,shoes,p1,apparel-v2,,,\n`);
    world.pass(3_100);

    await world.fire();
    await world.deliverContinuations();
    await world.fire();
    const soon = world.events(UPDATED).length;
    world.pass(3_600_000);
    await world.fire();

    expect([soon, world.events(UPDATED).length]).toEqual([0, 1]);
  });

  it('says nothing of a set that is gone, nor of an import that changed nothing', async () => {
    const world = createWorld();
    await drop(world, 'shoes', 'p1');
    await drop(world, 'shoes', 'p1');
    const watched = world.names(STATE, 'watches/').map((name) => JSON.parse(world.text(`gs://${STATE}/${name}`)).value);
    await world.drop('gone.csv', `${world.image('g.png')},i,gone,g1,apparel-v2,,,\n`);
    world.pass(3_100);
    await world.fire();
    await world.deliverContinuations();
    await world.ports.productSearch.deleteProductSet(LOCATION, 'gone');
    world.pass(3_600_000);
    await world.fire();
    await world.fire();

    expect(watched.flatMap((value) => value.watches)).toHaveLength(0);
    expect(world.events(UPDATED).map((event) => event.data.productSets)).toMatchObject([[{ productSetId: 'shoes' }]]);
  });

  it('follows no set whose lines have all failed', async () => {
    const world = createWorld();
    const [image, missing] = [world.image('1.png'), `gs://${IMAGES}/missing.png`];
    const line = (uri: string, set: string) => `${uri},i,${set},p-${set},apparel-v2,"a, b",,\n`;
    await world.drop('two.csv', line(missing, 'hats') + line(image, 'shoes') + line(image, 'bags'));
    await world.settle();
    world.pass(3_600_000);
    await world.fire();

    const sets = world.events(UPDATED).map((event) => event.data.productSets as { productSetId: string }[]);
    expect(sets.map((indexed) => indexed.map(({ productSetId }) => productSetId))).toEqual([['shoes', 'bags']]);
  });

  it('says after seven days which sets were not indexed', async () => {
    const world = createWorld();
    const changedAt = new Date(world.clock.now()).toISOString();
    const watches = createWatches(world.ports, world.config);
    const watch = { requestId: 'cmd-late', request: 'importProductSets', changedAt, acceptedAt: changedAt };
    await world.ports.productSearch.createProductSet(LOCATION, { id: 'shoes', displayName: 'shoes' });
    await world.ports.productSearch.createProductSet(LOCATION, { id: 'hats', displayName: 'hats' });
    world.pass(10_000);
    await watches.add(LOCATION, { ...watch, pending: ['shoes'], indexed: [], problems: [] });
    const later = { ...watch, requestId: 'cmd-later', changedAt: new Date(world.clock.now()).toISOString() };
    await watches.add(LOCATION, { ...later, pending: ['hats'], indexed: [], problems: [] });

    await world.fire();
    const soon = world.events(UPDATED).map((event) => event.data.requestId);
    world.pass(7 * 24 * 3_600_000);
    await world.fire();

    expect(soon).toEqual(['cmd-late']);
    expect(world.events(UPDATED)[1]?.data).toMatchObject({
      requestId: 'cmd-later',
      productSets: [],
      problems: [{ code: 'index-late', message: expect.stringContaining('hats') }],
    });
  });

  it('follows the set of a purge', async () => {
    const world = createWorld();
    await drop(world, 'shoes', 'p1');
    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true });
    await world.settle();
    world.pass(3_600_000);
    await world.fire();

    expect(world.events(UPDATED).map((event) => event.data.request)).toContain('purgeProductsInProductSet');
  });

  it('tells of a request that began to be watched while the tick looked', async () => {
    const world = createWorld();
    await world.ports.productSearch.createProductSet(LOCATION, { id: 'shoes', displayName: 'shoes' });
    const changedAt = new Date(world.clock.now()).toISOString();
    const watches = createWatches(world.ports, world.config);
    const watch = (requestId: string) => ({
      requestId,
      request: 'importProductSets',
      changedAt,
      acceptedAt: changedAt,
    });
    const begin = (requestId: string) =>
      watches.add(LOCATION, { ...watch(requestId), pending: ['shoes'], indexed: [], problems: [] });
    world.pass(3_600_000);
    await begin('cmd-first');
    const productSearch: ProductSearch = {
      ...world.ports.productSearch,
      async getProductSet(location, id) {
        const found = await world.ports.productSearch.getProductSet(location, id);
        await begin('cmd-later');
        return found;
      },
    };

    await followIndexes(LOCATION, { ports: { ...world.ports, productSearch }, config: world.config });

    const told = world.events(UPDATED).map((event) => event.data.requestId);
    expect(told).toEqual(['cmd-first', 'cmd-later']);
    expect((await watches.read(LOCATION)).watches).toEqual([]);
  });

  it('tells again of what it had written down and not told of when it died', async () => {
    const world = createWorld();
    await world.drop('shoes.csv', `${world.image('1.png')},i,shoes,p1,apparel-v2,,,\n`);
    await world.settle();
    world.pass(3_600_000);
    world.failCall('publish', new Error('no answer'), { when: (topic) => topic === world.config.eventsTopic });

    await world.fire();
    const before = world.events(UPDATED).length;
    await world.fire();

    expect([before, world.events(UPDATED).length]).toEqual([0, 1]);
  });
});

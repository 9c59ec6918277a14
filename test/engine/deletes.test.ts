import { createWorld, IMAGES, LOCATION, STATE, type World } from './world';

const DELETED = 'product-search.delete.completed.v1';
const PURGED = 'product-search.purge.completed.v1';
const REJECTED = 'product-search.message.rejected.v1';
const WAITING = 'product-search.request.waiting.v1';

/** `set` with products `p1` … and one image `i` each; the product's file is `<product>.png`. */
async function seed(world: World, set: string, products: string[]): Promise<void> {
  const rows = products.map((id) => `${world.image(`${id}.png`)},i,${set},${id},apparel-v2,Name ${id},"color=red",\n`);
  await world.drop(`seed-${set}.csv`, rows.join(''));
  await world.settle();
}

async function members(world: World, set: string): Promise<string[]> {
  const page = await world.ports.productSearch.listProductsInProductSet(LOCATION, set);
  return page.items.map((product) => product.id).sort();
}

describe('deleteProduct', () => {
  it('deletes the product with its images and leaves the files', async () => {
    const world = createWorld();
    await seed(world, 'shoes', ['p1', 'p2']);

    await world.publish({ command: 'deleteProduct', productId: 'p1', reason: 'sold out' });
    await world.settle();

    const [event] = world.events(DELETED);
    expect(event?.data).toMatchObject({
      request: 'deleteProduct',
      outcome: 'succeeded',
      reason: 'sold out',
      counts: { products: 1, referenceImages: 1, alreadyAbsent: 0, failed: 0 },
    });
    expect(await members(world, 'shoes')).toEqual(['p2']);
    expect(world.names(IMAGES)).toContain('p1.png');
  });

  it('says so where the product is not there', async () => {
    const world = createWorld();

    await world.publish({ command: 'deleteProduct', productId: 'nobody' });
    await world.settle();

    expect(world.events(DELETED)[0]?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { products: 0, alreadyAbsent: 1 },
    });
  });

  it('lists what would go in a dry run and changes nothing', async () => {
    const world = createWorld();
    await seed(world, 'shoes', ['p1']);

    await world.publish({
      command: 'deleteProduct',
      productId: 'p1',
      dryRun: true,
      imageFiles: 'removeUnlessUsedByProduct',
    });
    await world.settle();

    const [event] = world.events(DELETED);
    expect(event?.data).toMatchObject({
      outcome: 'dryRun',
      counts: { products: 1, referenceImages: 1, imageFilesRemoved: 1, imageFilesKept: 0 },
    });
    expect(JSON.parse(world.text(event?.data.files.report))).toMatchObject({
      wouldGo: { productId: 'p1' },
      imageFiles: [{ uri: `gs://${IMAGES}/p1.png` }],
    });
    expect(await members(world, 'shoes')).toEqual(['p1']);
  });

  it('three times the same message: one set of effects, one event id', async () => {
    const world = createWorld();
    await seed(world, 'shoes', ['p1']);

    for (let time = 0; time < 3; time += 1) await world.publish({ command: 'deleteProduct', productId: 'p1' }, '77');
    await world.settle();

    expect(new Set(world.events(DELETED).map((event) => event.id)).size).toBe(1);
    expect(world.events(DELETED)[0]?.data.counts).toMatchObject({ products: 1, alreadyAbsent: 0 });
  });

  it('refuses a requestId that was used for something else', async () => {
    const world = createWorld();

    await world.publish({ command: 'deleteProduct', productId: 'p1', requestId: 'night-1' });
    await world.publish({ command: 'deleteProduct', productId: 'p2', requestId: 'night-1' });
    await world.publish({ command: 'deleteProduct', productId: 'p1', requestId: 'night-1' });

    expect(world.events(DELETED).map((event) => event.data.requestId)).toEqual(['cmd-night-1']);
    expect(world.events(REJECTED)[0]?.data.problems).toMatchObject([
      { code: 'request-id-conflict', field: 'requestId' },
    ]);
  });

  it('waits until the time that it names', async () => {
    const world = createWorld();
    await seed(world, 'shoes', ['p1']);

    await world.publish({ command: 'deleteProduct', productId: 'p1', notBefore: '2026-11-22T20:00:00Z' });
    const before = await members(world, 'shoes');
    await world.settle();

    expect(before).toEqual(['p1']);
    expect(world.events(WAITING)[0]?.data).toMatchObject({ waitingFor: 'time' });
    expect(world.clock.now()).toBeGreaterThanOrEqual(Date.parse('2026-11-22T20:00:00Z'));
    expect(await members(world, 'shoes')).toEqual([]);
  });
});

describe('image files', () => {
  it('go with the product, but not one that is outside, replaced or used by another image of the product', async () => {
    const world = createWorld({ REMOVABLE_IMAGES: `gs://${IMAGES}/shop/` });
    const outside = world.image('elsewhere/1.png');
    const own = world.image('shop/1.png');
    const shared = world.image('shop/2.png');
    await world.drop(
      'shoes.csv',
      `${outside},a,shoes,p1,apparel-v2,,,\n${own},b,shoes,p1,apparel-v2,,,\n${shared},c,shoes,p1,apparel-v2,,,"0,0,400,0,400,400,0,400"\n${shared},d,shoes,p1,apparel-v2,,,\n`,
    );
    await world.settle();

    const command = { command: 'deleteReferenceImage', productId: 'p1', imageFiles: 'removeUnlessUsedByProduct' };
    await world.publish({ ...command, referenceImageId: 'c' });
    await world.publish({ ...command, referenceImageId: 'b' });
    await world.publish({ ...command, referenceImageId: 'a' });
    await world.settle();

    expect(world.events(DELETED).map((event) => event.data.counts)).toMatchObject([
      { referenceImages: 1, imageFilesRemoved: 0, imageFilesKept: 1 },
      { referenceImages: 1, imageFilesRemoved: 1, imageFilesKept: 0 },
      { referenceImages: 1, imageFilesRemoved: 0, imageFilesKept: 1 },
    ]);
    expect(world.names(IMAGES)).toEqual(['elsewhere/1.png', 'shop/2.png']);
  });
});

describe('deleteProducts', () => {
  it('deletes those that are there and counts those that are not', async () => {
    const world = createWorld();
    await seed(world, 'shoes', ['p1', 'p2', 'p3']);

    await world.publish({ command: 'deleteProducts', productIds: ['p1', 'p3', 'p9'] });
    await world.settle();

    expect(world.events(DELETED)[0]?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { products: 2, referenceImages: 2, alreadyAbsent: 1, failed: 0 },
    });
    expect(await members(world, 'shoes')).toEqual(['p2']);
  });

  it('never takes a product of a protected set', async () => {
    const world = createWorld({ PROTECTED_PRODUCT_SETS: 'live-*' });
    await seed(world, 'live-shop', ['p1']);
    await seed(world, 'tests', ['p2']);

    await world.publish({ command: 'deleteProducts', productIds: ['p1', 'p2'] });
    await world.settle();

    expect(world.events(DELETED)[0]?.data).toMatchObject({
      outcome: 'rejected',
      problems: [{ code: 'protected-product-set' }],
    });
    expect(await members(world, 'tests')).toEqual(['p2']);
  });
});

describe('deleteProductSet', () => {
  it('deletes the set and leaves its products', async () => {
    const world = createWorld();
    await seed(world, 'shoes', ['p1']);

    await world.publish({ command: 'deleteProductSet', productSetId: 'shoes' });
    await world.publish({ command: 'deleteProductSet', productSetId: 'shoes' });
    await world.settle();

    expect(world.events(DELETED).map((event) => event.data.counts)).toMatchObject([
      { productSets: 1, alreadyAbsent: 0 },
      { productSets: 0, alreadyAbsent: 1 },
    ]);
    expect(await world.ports.productSearch.getProduct(LOCATION, 'p1')).toMatchObject({ id: 'p1' });
  });
});

describe('purgeProductsInProductSet', () => {
  it('purges what it has taken a snapshot of', async () => {
    const world = createWorld();
    await seed(world, 'shoes', ['p1', 'p2']);
    await seed(world, 'shirts', ['q1']);

    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true });
    await world.settle();

    const [event] = world.events(PURGED);
    expect(event?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { products: 2, referenceImages: 2, failed: 0 },
      operation: { state: 'SUCCESSFUL' },
    });
    const snapshot = JSON.parse(world.text(event?.data.files.snapshot));
    expect(snapshot).toMatchObject({ counts: { products: 2, referenceImages: 2 }, location: LOCATION });
    const [product] = world.text(snapshot.parts[0].products).split('\n');
    expect(JSON.parse(product ?? '')).toEqual({
      product: {
        name: `projects/local-project/locations/${LOCATION}/products/p1`,
        displayName: 'Name p1',
        description: '',
        productCategory: 'apparel-v2',
        productLabels: [{ key: 'color', value: 'red' }],
      },
      productSets: [`projects/local-project/locations/${LOCATION}/productSets/shoes`],
      referenceImages: [
        {
          name: `projects/local-project/locations/${LOCATION}/products/p1/referenceImages/i`,
          uri: `gs://${IMAGES}/p1.png`,
          boundingPolys: [],
        },
      ],
    });
    expect(await members(world, 'shoes')).toEqual([]);
    expect(await members(world, 'shirts')).toEqual(['q1']);
    expect(world.text(snapshot.parts[0].csv[0])).toBe(
      `gs://${IMAGES}/p1.png,i,shoes,p1,apparel-v2,Name p1,color=red,\n` +
        `gs://${IMAGES}/p2.png,i,shoes,p2,apparel-v2,Name p2,color=red,\n`,
    );
  });

  it('is refused where products are in other sets, too, and names them', async () => {
    const world = createWorld();
    await seed(world, 'shoes', ['p1', 'p2']);
    await world.ports.productSearch.createProductSet(LOCATION, { id: 'sale', displayName: 'Sale' });
    await world.ports.productSearch.addProductToProductSet(LOCATION, 'sale', 'p2');

    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true });
    await world.settle();

    expect(world.events(PURGED)[0]?.data).toMatchObject({
      outcome: 'rejected',
      problems: [{ code: 'shared-products', message: expect.stringContaining('p2 (sale)') }],
    });
    expect(await members(world, 'shoes')).toEqual(['p1', 'p2']);
  });

  it.each([
    ['more products than maxProducts', {}, { maxProducts: 1 }, 'max-products'],
    ['more products than PURGE_MAX_PRODUCTS', { PURGE_MAX_PRODUCTS: '1' }, {}, 'max-products'],
    ['a protected set', { PROTECTED_PRODUCT_SETS: 'sh*' }, {}, 'protected-product-set'],
  ])('is refused for %s', async (_case, environment, fields, code) => {
    const world = createWorld(environment);
    await seed(world, 'shoes', ['p1', 'p2']);

    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true, ...fields });
    await world.settle();

    expect(world.events(PURGED)[0]?.data).toMatchObject({ outcome: 'rejected', problems: [{ code }] });
    expect(await members(world, 'shoes')).toEqual(['p1', 'p2']);
  });

  it('lists in a dry run what would go, and what would refuse it', async () => {
    const world = createWorld();
    await seed(world, 'shoes', ['p1', 'p2']);

    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', dryRun: true, maxProducts: 1 });
    await world.settle();

    const [event] = world.events(PURGED);
    expect(event?.data).toMatchObject({
      outcome: 'dryRun',
      counts: { products: 2, referenceImages: 2 },
      problems: [{ code: 'max-products' }],
    });
    expect(JSON.parse(world.text(event?.data.files.report)).wouldGo.products).toEqual([
      { id: 'p1', productSets: ['shoes'], referenceImages: 1 },
      { id: 'p2', productSets: ['shoes'], referenceImages: 1 },
    ]);
    expect(world.names(STATE, 'snapshots/')).toEqual([]);
  });

  it('deletes the emptied set where it is asked to', async () => {
    const world = createWorld();
    await seed(world, 'shoes', ['p1']);

    await world.publish({
      command: 'purgeProductsInProductSet',
      productSetId: 'shoes',
      force: true,
      thenDeleteProductSet: true,
    });
    await world.settle();

    expect(world.events(PURGED)[0]?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { products: 1, productSets: 1 },
    });
    expect(await world.ports.productSearch.getProductSet(LOCATION, 'shoes')).toBeNull();
  });

  it('says so where the set does not exist, and succeeds on an empty one without a call', async () => {
    const world = createWorld();
    await world.ports.productSearch.createProductSet(LOCATION, { id: 'empty', displayName: 'Empty' });

    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'nothing', force: true });
    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'empty', force: true });
    await world.settle();

    expect(world.events(PURGED).map((event) => [event.data.outcome, event.data.counts.alreadyAbsent])).toEqual([
      ['succeeded', 1],
      ['succeeded', 0],
    ]);
    expect((await world.closed()).flatMap((record) => record.operations)).toEqual([]);
  });

  it('adds to its snapshot what another program put into the set meanwhile', async () => {
    const world = createWorld();
    await seed(world, 'shoes', ['p1']);
    await world.ports.productSearch.createProduct(LOCATION, {
      id: 'late',
      displayName: 'Late',
      description: '',
      productCategory: 'apparel-v2',
      productLabels: [],
    });
    // The first listing of the survey is over when the snapshot's index is written.
    const stop = world.storage.onFinalize((object) => {
      if (!object.name.endsWith('snapshot.json')) return;
      stop();
      void world.ports.productSearch.addProductToProductSet(LOCATION, 'shoes', 'late');
    });

    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true });
    await world.settle();

    const [event] = world.events(PURGED);
    expect(event?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 2 } });
    expect(JSON.parse(world.text(event?.data.files.snapshot))).toMatchObject({ counts: { products: 2 } });
  });
});

describe('purgeOrphanProducts', () => {
  it('takes the products that are in no set, and only those', async () => {
    const world = createWorld();
    await seed(world, 'shoes', ['p1', 'p2']);
    await seed(world, 'old', ['o1', 'o2']);
    await world.publish({ command: 'deleteProductSet', productSetId: 'old' });
    await world.settle();

    await world.publish({ command: 'purgeOrphanProducts', force: true, imageFiles: 'removeUnlessUsedByProduct' });
    await world.settle();

    expect(world.events(PURGED)[0]?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { products: 2, referenceImages: 2, imageFilesRemoved: 2, imageFilesKept: 0 },
    });
    expect(await world.ports.productSearch.getProduct(LOCATION, 'o1')).toBeNull();
    expect(await members(world, 'shoes')).toEqual(['p1', 'p2']);
    expect(world.names(IMAGES)).toEqual(['p1.png', 'p2.png']);
  });
});

describe('conflicting requests', () => {
  it('a purge waits for an import into its set, and says so', async () => {
    const world = createWorld();
    await seed(world, 'shoes', ['p1']);

    await world.drop('more.csv', `${world.image('p2.png')},i,shoes,p2,apparel-v2,,,\n`);
    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true });
    const waiting = world.events(WAITING);
    await world.settle();

    expect(waiting).toHaveLength(1);
    expect(waiting[0]?.data).toMatchObject({ waitingFor: 'claim', blockedBy: [expect.stringMatching(/^imp-/)] });
    expect(world.events(PURGED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 2 } });
  });

  it('an import, a set delete and a single delete wait for a purge', async () => {
    const world = createWorld();
    await seed(world, 'shoes', ['p1', 'p2']);

    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true });
    await world.drop('more.csv', `${world.image('p9.png')},i,shoes,p9,apparel-v2,,,\n`);
    await world.publish({ command: 'deleteProductSet', productSetId: 'shoes' });
    await world.publish({ command: 'deleteProduct', productId: 'p1' });
    await world.settle();

    expect(world.events(WAITING).map((event) => event.data.waitingFor)).toEqual(['claim', 'claim', 'purge']);
    expect(world.events(PURGED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 2 } });
    expect(world.events('product-search.import.completed.v1').at(-1)?.data).toMatchObject({ outcome: 'succeeded' });
    expect(await world.ports.productSearch.getProduct(LOCATION, 'p9')).toMatchObject({ id: 'p9' });
    expect(await world.open()).toEqual([]);
  });

  it('an import into another location does not wait', async () => {
    const world = createWorld();
    await seed(world, 'shoes', ['p1']);

    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true });
    await world.drop('asia-east1/more.csv', `${world.image('p9.png')},i,shoes,p9,apparel-v2,,,\n`);

    expect(world.events(WAITING)).toEqual([]);
    await world.settle();
  });
});

describe('a crash', () => {
  it('at any port call of a purge is survived: one event, a whole snapshot, nothing purged twice', async () => {
    let crashes = 0;
    for (let call = 1; call <= 90; call += 1) {
      const world = createWorld();
      await seed(world, 'shoes', ['p1', 'p2']);

      world.crashAtCall(call);
      const command = { command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true };
      if ((await world.deliverCommand(Buffer.from(JSON.stringify(command)), '5')) === 'crashed') crashes += 1;
      await world.publish(command, '5');
      await world.settle();

      const events = world.events(PURGED);
      expect({ call, ids: new Set(events.map((event) => event.id)).size }).toEqual({ call, ids: 1 });
      expect(events[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 2, failed: 0 } });
      const snapshot = JSON.parse(world.text(events[0]?.data.files.snapshot));
      expect(snapshot.counts).toEqual({ products: 2, referenceImages: 2 });
      expect(await members(world, 'shoes')).toEqual([]);
    }
    expect(crashes).toBeGreaterThan(20);
  });

  it('at any port call of a delete with image files is survived: files gone, one event', async () => {
    for (let call = 1; call <= 40; call += 1) {
      const world = createWorld();
      await seed(world, 'shoes', ['p1']);
      const command = { command: 'deleteProduct', productId: 'p1', imageFiles: 'removeUnlessUsedByProduct' };

      world.crashAtCall(call);
      await world.deliverCommand(Buffer.from(JSON.stringify(command)), '6');
      await world.publish(command, '6');
      await world.settle();

      expect(new Set(world.events(DELETED).map((event) => event.id)).size).toBe(1);
      expect(world.names(IMAGES)).toEqual([]);
      expect(world.events(DELETED)[0]?.data.counts).toMatchObject({ products: 1, imageFilesRemoved: 1 });
    }
  });
});

describe('a message that is no command', () => {
  it.each([
    ['not JSON', 'hello', 'not-json'],
    ['empty', '', 'not-json'],
    ['an array', '[]', 'not-an-object'],
    ['an unknown command', '{"command":"dropTables"}', 'unknown-command'],
    ['an unknown field', '{"command":"deleteProduct","productId":"p","sure":true}', 'unknown-field'],
    ['a wrong type', '{"command":"deleteProduct","productId":7}', 'wrong-type'],
    ['an id with a slash', '{"command":"deleteProduct","productId":"a/b"}', 'invalid-value'],
    ['a purge without force', '{"command":"purgeProductsInProductSet","productSetId":"s"}', 'required'],
  ])('%s: is rejected with field and reason, and nothing is done', async (_case, data, code) => {
    const world = createWorld();

    await world.publish(data, '42');
    await world.publish(data, '42');

    const events = world.events(REJECTED);
    expect(events[0]?.data).toMatchObject({ messageId: '42', problems: [{ code }] });
    expect(new Set(events.map((event) => event.id)).size).toBe(1);
    expect(world.names(STATE).filter((name) => !name.startsWith('events/'))).toEqual([]);
  });

  it('a command that is not allowed here is rejected', async () => {
    const world = createWorld({ ALLOWED_COMMANDS: 'deleteProduct' });

    await world.publish({ command: 'purgeOrphanProducts', force: true });

    expect(world.events(REJECTED)[0]?.data.problems).toMatchObject([{ code: 'command-not-allowed' }]);
  });
});

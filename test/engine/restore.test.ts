import type { Label } from '../../shared/ports';
import { createCatalogue, exportOf, IMAGES_IN_ALL, PRODUCT_IDS, slowDown } from './awkwardCatalogue';
import { createWorld, LOCATION, STATE, type World } from './world';

const RESTORED = 'product-search.restore.completed.v1';
const DELETED = 'product-search.delete.completed.v1';
const PURGED = 'product-search.purge.completed.v1';
const INDEXED = 'product-search.index.updated.v1';

/** Whether images are made by imports as far as they can be, or all by calls. */
const WAYS = [
  ['by calls', {}],
  ['by imports', { RESTORE_IMPORT_LINES: '1' }],
] as const;

/** Deletes all products of the catalogue and gives the snapshot that was taken before. */
async function deleteAll(world: World): Promise<string> {
  await world.publish({ command: 'deleteProducts', productIds: PRODUCT_IDS, snapshot: true });
  await world.settle();
  const event = world.events(DELETED).at(-1);
  expect(event?.data).toMatchObject({ outcome: 'succeeded', counts: { products: PRODUCT_IDS.length } });
  return event?.data.files.snapshot ?? '';
}

async function restore(world: World, snapshot: string, fields: Record<string, unknown> = {}) {
  await world.publish({ command: 'restoreSnapshot', snapshot, ...fields });
  await world.settle();
  return world.events(RESTORED).at(-1)?.data;
}

const NOTHING = { products: 0, referenceImages: 0, productSets: 0, alreadyPresent: 0, failed: 0 };
const PRESENT = PRODUCT_IDS.length + IMAGES_IN_ALL;

describe.each(WAYS)('a restore %s', (way, environment) => {
  it('brings back every product, image, membership and set, field by field', async () => {
    const world = createWorld(environment);
    await createCatalogue(world);
    const before = await exportOf(world);
    const snapshot = await deleteAll(world);
    await world.ports.productSearch.deleteProductSet(LOCATION, 'sale');
    const made = world.calls('createReferenceImage');

    const data = await restore(world, snapshot);

    expect(await exportOf(world)).toEqual(before);
    expect(data).toMatchObject({ request: 'restoreSnapshot', outcome: 'succeeded', problems: [] });
    expect(data?.counts).toEqual({
      ...NOTHING,
      products: PRODUCT_IDS.length,
      referenceImages: IMAGES_IN_ALL,
      productSets: 1,
    });
    const calls = world.calls('createReferenceImage') - made;
    expect([world.calls('importProductSets'), calls < IMAGES_IN_ALL]).toEqual(
      way === 'by imports' ? [1, true] : [0, false],
    );
  });

  it('twice changes nothing', async () => {
    const world = createWorld(environment);
    await createCatalogue(world);
    const snapshot = await deleteAll(world);
    await restore(world, snapshot);
    const before = await exportOf(world);
    const changes = () => ['createProduct', 'updateProduct', 'addProductToProductSet'].map(world.calls);
    const made = changes();

    const data = await restore(world, snapshot);

    expect(data).toMatchObject({ outcome: 'succeeded', counts: { ...NOTHING, alreadyPresent: PRESENT } });
    expect(await exportOf(world)).toEqual(before);
    expect(changes()).toEqual(made);
  });

  it('goes on over many invocations', async () => {
    const world = createWorld({ ...environment, INVOCATION_SECONDS: '60' });
    await createCatalogue(world);
    const before = await exportOf(world);
    const snapshot = await deleteAll(world);
    slowDown(world, 5_000);

    const data = await restore(world, snapshot);

    expect(await exportOf(world)).toEqual(before);
    expect(data?.counts).toMatchObject({ products: PRODUCT_IDS.length, referenceImages: IMAGES_IN_ALL, failed: 0 });
    expect(world.deliveredContinuations()).toBeGreaterThanOrEqual(2);
  });
});

describe('a restore', () => {
  it('brings an emptied and deleted set back with its name', async () => {
    const world = createWorld();
    await createCatalogue(world);
    await world.ports.productSearch.removeProductFromProductSet(LOCATION, 'sale', 'in-two');
    const before = await exportOf(world);
    await world.publish({
      command: 'purgeProductsInProductSet',
      productSetId: 'shoes',
      force: true,
      thenDeleteProductSet: true,
    });
    await world.settle();
    const purged = world.events(PURGED)[0]?.data;

    const data = await restore(world, purged?.files.snapshot ?? '');

    expect(purged?.counts).toMatchObject({ products: 12, productSets: 1 });
    expect(await exportOf(world)).toEqual(before);
    expect(data?.counts).toMatchObject({ products: 12, productSets: 1, failed: 0, alreadyPresent: 0 });
  });

  it('brings orphans back as orphans', async () => {
    const world = createWorld();
    await createCatalogue(world);
    const before = await exportOf(world);
    await world.publish({ command: 'purgeOrphanProducts', force: true });
    await world.settle();

    const data = await restore(world, world.events(PURGED)[0]?.data.files.snapshot ?? '');

    expect(await exportOf(world)).toEqual(before);
    expect(data?.counts).toEqual({ ...NOTHING, products: 1, referenceImages: 1 });
  });

  it('says in a dry run what would come back, and changes nothing', async () => {
    const world = createWorld({ RESTORE_IMPORT_LINES: '1' });
    await createCatalogue(world);
    const snapshot = await deleteAll(world);
    await world.ports.productSearch.deleteProductSet(LOCATION, 'sale');
    const before = await exportOf(world);

    const data = await restore(world, snapshot, { dryRun: true });

    expect(data).toMatchObject({
      outcome: 'dryRun',
      counts: { ...NOTHING, products: PRODUCT_IDS.length, referenceImages: IMAGES_IN_ALL, productSets: 1 },
    });
    expect(await exportOf(world)).toEqual(before);
    const report = JSON.parse(world.text(data?.files.report));
    expect(report).toMatchObject({ dryRun: true, productSets: [{ id: 'sale', change: 'create' }], problems: [] });
    expect(report.products).toHaveLength(PRODUCT_IDS.length);
    expect(report.products).toContainEqual({
      id: 'in-two',
      change: 'create',
      referenceImages: expect.arrayContaining(['a', 'b']),
      productSets: ['sale', 'shoes'],
      productSetsUnlessThere: [],
    });
  });

  it('puts a product that is there back into a set that it was taken out of', async () => {
    const world = createWorld();
    await createCatalogue(world);
    const before = await exportOf(world);
    const snapshot = await deleteAll(world);
    await restore(world, snapshot);
    await world.ports.productSearch.removeProductFromProductSet(LOCATION, 'shoes', 'in-two');
    await world.ports.productSearch.removeProductFromProductSet(LOCATION, 'sale', 'in-two');

    const data = await restore(world, snapshot);

    expect(data?.counts).toEqual({ ...NOTHING, alreadyPresent: PRESENT });
    expect(JSON.parse(world.text(data?.files.report)).products).toEqual([
      { id: 'in-two', referenceImages: [], productSets: ['sale', 'shoes'], productSetsUnlessThere: [] },
    ]);
    expect(await exportOf(world)).toEqual(before);
  });

  it('looks up memberships where that takes fewer calls than adding, and adds blindly where not', async () => {
    const world = createWorld();
    const entries = Array.from({ length: 150 }, (_, n) => ({ product: { id: `p${n}` }, sets: ['shoes'] }));
    await createCatalogue(world, entries);
    const before = await exportOf(world);
    const snapshotOf = async (productIds: string[]) => {
      await world.publish({ command: 'deleteProducts', productIds, snapshot: true });
      await world.settle();
      return world.events(DELETED).at(-1)?.data.files.snapshot ?? '';
    };
    const first = await world.ports.productSearch.listProductsInProductSet(LOCATION, 'shoes');
    const onFirstPage = new Set(first.items.map(({ id }) => id));
    const id = entries.map(({ product }) => product.id).find((each) => !onFirstPage.has(each)) ?? '';
    const ofOne = await snapshotOf([id]);
    await restore(world, ofOne);
    const ofAll = await snapshotOf(entries.map(({ product }) => product.id));
    await restore(world, ofAll);
    const added = world.calls('addProductToProductSet');

    const one = await restore(world, ofOne);
    const addedForOne = world.calls('addProductToProductSet') - added;
    await world.ports.productSearch.removeProductFromProductSet(LOCATION, 'shoes', 'p9');
    const all = await restore(world, ofAll);

    expect(one?.counts).toEqual({ ...NOTHING, alreadyPresent: 1 });
    expect(JSON.parse(world.text(one?.files.report)).products).toEqual([
      { id, referenceImages: [], productSets: [], productSetsUnlessThere: ['shoes'] },
    ]);
    expect(all?.counts).toEqual({ ...NOTHING, alreadyPresent: 150 });
    expect([addedForOne, world.calls('addProductToProductSet') - added]).toEqual([1, 2]);
    expect(await exportOf(world)).toEqual(before);
  });

  it('brings changed fields back, and leaves alone what it cannot change', async () => {
    const world = createWorld();
    await createCatalogue(world);
    const { productSearch } = world.ports;
    const snapshot = await deleteAll(world);
    await restore(world, snapshot);
    const before = await exportOf(world);
    const productLabels: Label[] = [{ key: 'new', value: 'label' }];
    const fields = { displayName: 'New', description: 'new', productCategory: 'apparel-v2', productLabels };
    await productSearch.updateProduct(LOCATION, { id: 'plain', ...fields });
    await productSearch.updateProductSet(LOCATION, { id: 'sale', displayName: 'New' });
    await productSearch.deleteProduct(LOCATION, 'described');
    await productSearch.createProduct(LOCATION, { id: 'described', ...fields, productCategory: 'toys-v2' });
    await productSearch.deleteReferenceImage(LOCATION, 'polygons', 'one');
    const uri = world.image('other.png');
    await productSearch.createReferenceImage(LOCATION, 'polygons', { id: 'one', uri, boundingPolys: [] });
    await productSearch.createReferenceImage(LOCATION, 'polygons', { id: 'more', uri, boundingPolys: [] });

    const data = await restore(world, snapshot);

    expect(data?.outcome).toBe('partial');
    expect(data?.counts).toEqual({
      ...NOTHING,
      products: 1,
      productSets: 1,
      alreadyPresent: PRESENT - 4,
      failed: 3,
    });
    expect(data?.problems).toMatchObject([
      { code: 'category-differs', message: expect.stringMatching(/"described".*toys-v2.*apparel-v2/) },
      { code: 'image-id-taken', message: expect.stringMatching(/"one" of product "polygons".*other\.png/) },
    ]);
    const after = await exportOf(world);
    expect(after.products.find(({ id }) => id === 'plain')).toEqual(before.products.find(({ id }) => id === 'plain'));
    expect(after.productSets.map(({ displayName }) => displayName)).toEqual(
      before.productSets.map(({ displayName }) => displayName),
    );
    expect(after.products.find(({ id }) => id === 'described')).toMatchObject({
      ...fields,
      productCategory: 'toys-v2',
      images: [],
    });
    expect(after.products.find(({ id }) => id === 'polygons')?.images).toMatchObject([
      { id: 'more', uri },
      { id: 'one', uri },
      { id: 'two' },
    ]);
  });

  it.each(WAYS)('names the image whose file is gone, and brings back the rest %s', async (_way, environment) => {
    const world = createWorld(environment);
    await createCatalogue(world);
    const snapshot = await deleteAll(world);
    world.storage.deleteObject({ bucket: 'product-search-images', name: 'plain/a, 1.png' });

    const data = await restore(world, snapshot);

    expect(data).toMatchObject({
      outcome: 'partial',
      counts: { products: PRODUCT_IDS.length, referenceImages: IMAGES_IN_ALL - 1, failed: 1 },
      problems: [{ code: 'restore-refused', message: expect.stringContaining('plain/a, 1.png') }],
    });
    expect(JSON.parse(world.text(data?.files.report)).problems).toHaveLength(1);
  });

  it.each(WAYS)('%s tells when what came back shows in searches, its last call included', async (_way, environment) => {
    const world = createWorld({ ...environment, INDEX_WATCH_SECONDS: '60' });
    await createCatalogue(world);
    const snapshot = await deleteAll(world);
    world.pass(60_000);

    const data = await restore(world, snapshot);
    const endedAt = new Date(world.clock.now()).toISOString();
    for (let minute = 0; minute < 3; minute += 1) {
      world.pass(60_000);
      await world.fire();
    }

    const told = world.events(INDEXED).filter((event) => event.data.requestId === data?.requestId);
    expect(told).toMatchObject([
      {
        data: {
          productSets: [{ productSetId: 'sale' }, { productSetId: 'shoes' }],
          request: 'restoreSnapshot',
          changedAt: endedAt,
        },
      },
    ]);
  });

  it('waits for its time, and for a purge of its sets', async () => {
    const world = createWorld();
    await createCatalogue(world);
    const snapshot = await deleteAll(world);
    const purge = { command: 'purgeProductsInProductSet', productSetId: 'empty', force: true };
    await world.ports.productSearch.createProduct(LOCATION, {
      id: 'last',
      displayName: 'L',
      description: '',
      productCategory: 'toys-v2',
      productLabels: [],
    });
    await world.ports.productSearch.addProductToProductSet(LOCATION, 'empty', 'last');
    await world.publish({ ...purge, requestId: 'purge' });

    const data = await restore(world, snapshot, { notBefore: new Date(world.clock.now() + 1_000).toISOString() });

    expect(data?.outcome).toBe('succeeded');
    const waits = world
      .events('product-search.request.waiting.v1')
      .filter(({ data: { requestId } }) => requestId === data?.requestId);
    expect(waits.map((event) => event.data.waitingFor)).toEqual(['time', 'claim']);
  });
});

describe('a restore is refused, before anything is changed,', () => {
  const inState = (name: string) => ({ bucket: STATE, name });
  const nameOf = (uri: string) => uri.slice(`gs://${STATE}/`.length);

  /** Changes the text of a file of the state bucket. */
  async function change(world: World, uri: string, edit: (text: string) => string): Promise<void> {
    const body = edit(world.text(uri));
    await world.ports.objects.write(inState(nameOf(uri)), body, { contentType: 'application/json' });
  }

  const part = (snapshot: string) => snapshot.replace('snapshot.json', 'products-00001.jsonl');

  it.each<[string, RegExp, (world: World, snapshot: string) => Promise<unknown>]>([
    [
      'where a part was changed',
      /products-00001\.jsonl is not what was written/,
      (world, snapshot) => change(world, part(snapshot), (text) => text.replace('Name of plain', 'Name of plane')),
    ],
    [
      'where a part is missing',
      /products-00001\.jsonl is missing/,
      (world, snapshot) => world.ports.objects.delete(inState(nameOf(part(snapshot)))),
    ],
    [
      'where its list of parts was changed',
      /digest is another one/,
      (world, snapshot) => change(world, snapshot, (text) => JSON.stringify({ ...JSON.parse(text), parts: [] })),
    ],
    [
      'where a part lies elsewhere',
      /names a part that is not beside it/,
      (world, snapshot) => change(world, snapshot, (text) => text.replaceAll('/products-', '/../products-')),
    ],
    [
      'where it is of another form',
      /version: must be 1/,
      (world, snapshot) => change(world, snapshot, (text) => text.replace('"version": 1', '"version": 2')),
    ],
    [
      'where it is of another project',
      /project another-project/,
      (world, snapshot) => change(world, snapshot, (text) => text.replaceAll('local-project', 'another-project')),
    ],
    ['where it is not JSON', /is no JSON/, (world, snapshot) => change(world, snapshot, () => '{')],
    [
      'where it does not exist',
      /does not exist/,
      (world, snapshot) => world.ports.objects.delete(inState(nameOf(snapshot))),
    ],
  ])('%s', async (_case, message, spoil) => {
    const world = createWorld();
    await createCatalogue(world);
    const snapshot = await deleteAll(world);
    await spoil(world, snapshot);
    const before = await exportOf(world);

    const data = await restore(world, snapshot);

    expect(data).toMatchObject({
      outcome: 'rejected',
      counts: NOTHING,
      problems: [{ code: 'invalid-snapshot', field: 'snapshot', message: expect.stringMatching(message) }],
    });
    expect(await exportOf(world)).toEqual(before);
  });

  it.each([
    'gs://product-search-intake/snapshots/cmd-x/snapshot.json',
    `gs://${STATE}/staging/cmd-x/snapshot.json`,
    `gs://${STATE}/snapshots/a/b/snapshot.json`,
  ])('where it lies elsewhere: %s', async (snapshot) => {
    const world = createWorld();

    const data = await restore(world, snapshot);

    expect(data).toMatchObject({
      outcome: 'rejected',
      problems: [{ message: expect.stringContaining(`must be gs://${STATE}/snapshots/REQUEST_ID/snapshot.json`) }],
    });
  });

  it('where the command names another location; without one, the snapshot says where', async () => {
    const world = createWorld({ PRODUCT_SEARCH_LOCATION: 'asia-east1' });
    await createCatalogue(world);
    const before = await exportOf(world);
    await world.publish({ command: 'deleteProducts', productIds: PRODUCT_IDS, snapshot: true, location: LOCATION });
    await world.settle();
    const snapshot = world.events(DELETED)[0]?.data.files.snapshot ?? '';

    const refused = await restore(world, snapshot, { location: 'us-east1' });
    const restored = await restore(world, snapshot);

    expect(refused).toMatchObject({
      outcome: 'rejected',
      problems: [{ code: 'location', field: 'location', message: expect.stringContaining(LOCATION) }],
    });
    expect(restored).toMatchObject({ outcome: 'succeeded', location: LOCATION });
    expect(await exportOf(world)).toEqual(before);
  });
});

import { fault, seeded } from './shoes';
import { SWEEP, SWEPT } from './sweepWorld';
import { createWorld, type World } from './world';

const ENDED = /^product-search\.(?:delete|purge)\.completed\.v1$/;
const NOTHING = {
  products: 0,
  productSets: 0,
  referenceImages: 0,
  alreadyAbsent: 0,
  failed: 0,
  imageFilesRemoved: 0,
  imageFilesKept: 0,
  imageFilesPending: 0,
  derived: 0,
  originals: 0,
};

type Fields = Record<string, unknown>;

const IMAGE = { command: 'deleteReferenceImage', productId: 'p1', referenceImageId: 'i1' };
const PRODUCT = { command: 'deleteProduct', productId: 'p1' };
const PRODUCTS = { command: 'deleteProducts', productIds: ['p1', 'p2', 'nobody'] };
const SET = { command: 'deleteProductSet', productSetId: 'shoes' };
const PURGE = { command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true };
const ORPHANS = { command: 'purgeOrphanProducts', force: true };
const EVERY: [string, Fields][] = [IMAGE, PRODUCT, PRODUCTS, SET, PURGE, ORPHANS].map((one) => [one.command, one]);

async function ended(world: World, command: Fields) {
  await world.publish(command);
  await world.settle();
  return world.events().findLast(({ type }) => ENDED.test(type))?.data;
}

describe('the event of a delete or purge has every count, at nothing where there is none', () => {
  it.each<[string, Fields, Fields]>([
    ['deleteReferenceImage', IMAGE, { referenceImages: 1 }],
    ['deleteProduct', PRODUCT, { products: 1, referenceImages: 1 }],
    ['deleteProduct of none', { ...PRODUCT, productId: 'nobody' }, { alreadyAbsent: 1 }],
    ['deleteProducts', PRODUCTS, { products: 2, referenceImages: 2, alreadyAbsent: 1 }],
    ['deleteProductSet', SET, { productSets: 1 }],
    ['deleteProductSet of none', { ...SET, productSetId: 'nothing' }, { alreadyAbsent: 1 }],
    ['purgeProductsInProductSet', PURGE, { products: 3, referenceImages: 3 }],
    ['purge of none', { ...PURGE, productSetId: 'nothing' }, { alreadyAbsent: 1 }],
    [
      'purge with its set',
      { ...PURGE, thenDeleteProductSet: true },
      { products: 3, productSets: 1, referenceImages: 3 },
    ],
    [
      'purge with its image files',
      { ...PURGE, imageFiles: 'removeUnlessUsed' },
      { products: 3, referenceImages: 3, imageFilesPending: 3 },
    ],
    ['purgeOrphanProducts', ORPHANS, {}],
  ])('of %s', async (_case, command, counts) => {
    for (const dryRun of [true, false]) {
      const data = await ended(await seeded(), { ...command, dryRun });

      expect(data).toMatchObject({ outcome: dryRun ? 'dryRun' : 'succeeded' });
      expect({ dryRun, counts: data?.counts }).toEqual({ dryRun, counts: { ...NOTHING, ...counts } });
    }
  });

  it.each(EVERY)('of %s that is cancelled', async (_case, command) => {
    const world = await seeded();

    await world.publish({ ...command, requestId: 'night', notBefore: '2026-11-22T20:00:00Z' });
    const data = await ended(world, { command: 'cancelRequest', cancels: 'cmd-night' });

    expect(data).toMatchObject({ outcome: 'cancelled' });
    expect(data?.counts).toEqual(NOTHING);
  });

  it.each(EVERY.filter(([name]) => name !== 'deleteProductSet'))('of %s that is refused', async (_case, command) => {
    const world = createWorld({}, { derivedImages: () => undefined });

    const data = await ended(world, { ...command, derived: { keepOriginal: true } });

    expect(data).toMatchObject({ outcome: 'rejected', problems: [{ code: 'no-credentials' }] });
    expect(data?.counts).toEqual(NOTHING);
  });

  it('of deleteProductSet that is refused', async () => {
    const data = await ended(await seeded({ PROTECTED_PRODUCT_SETS: 'shoes' }), SET);

    expect(data).toMatchObject({ outcome: 'rejected' });
    expect(data?.counts).toEqual(NOTHING);
  });

  it.each(EVERY)('of %s that fails', async (name, command) => {
    const world = await seeded();
    world.failCall('*', fault('INVALID_ARGUMENT'), { when: (...[location]) => location === 'us-west1' });

    const data = await ended(world, command);

    expect(data).toMatchObject({ request: name, outcome: 'failed' });
    expect(Object.keys(data?.counts ?? {}).sort()).toEqual(Object.keys(NOTHING).sort());
  });
});

it('the event of a sweep that cleans at Cloudinary counts that, too, also where it is refused', async () => {
  const world = createWorld({}, { derivedImages: () => undefined });

  await world.publish({ ...SWEEP, derived: { keepOriginal: true } });
  await world.publish(SWEEP);
  await world.settle();

  const counts = { scanned: 0, referenced: 0, removed: 0, kept: 0, failed: 0 };
  expect(world.events(SWEPT).map(({ data }) => [data.outcome, data.counts])).toEqual([
    ['rejected', { ...counts, derived: 0, originals: 0 }],
    ['succeeded', counts],
  ]);
});

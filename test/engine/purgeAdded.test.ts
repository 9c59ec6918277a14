/** Purges of a set that another program fills meanwhile. */
import { fill } from './catalogue';
import { fault, members, seeded } from './shoes';
import { createWorld, IMAGES, LOCATION } from './world';

const PURGED = 'product-search.purge.completed.v1';

describe('a purge of a set that is filled meanwhile', () => {
  it('has failed, and is not rejected, once it has taken products out of the set', async () => {
    const world = createWorld();
    await fill(world, [
      { id: 'own', sets: ['shoes'] },
      { id: 'shared', sets: ['shoes', 'bags'] },
    ]);
    const search = world.ports.productSearch;
    const product = { description: '', productCategory: 'apparel-v2', productLabels: [] };
    let isArmed = true;
    world.failCall('removeProductFromProductSet', new Error('never thrown'), {
      when() {
        if (isArmed) {
          isArmed = false;
          void search.createProduct(LOCATION, { id: 'late', displayName: 'Late', ...product });
          void search.addProductToProductSet(LOCATION, 'shoes', 'late');
        }
        return false;
      },
    });

    await world.publish({
      command: 'purgeProductsInProductSet',
      productSetId: 'shoes',
      sharedProducts: 'keep',
      maxProducts: 1,
      force: true,
    });
    await world.settle();

    const [event] = world.events(PURGED);
    const left = (await search.listProductsInProductSet(LOCATION, 'shoes')).items.map(({ id }) => id).sort();
    expect({ outcome: event?.data.outcome, left }).toEqual({
      outcome: 'failed',
      left: ['late', 'own'],
    });
  });

  it('tells of the products that it took, and sees to their image files, although it ends as failed', async () => {
    const world = await seeded();
    world.failCall('purgeProducts', fault('UNAVAILABLE'), { after: true });
    await world.publish({
      command: 'purgeProductsInProductSet',
      productSetId: 'shoes',
      force: true,
      imageFiles: 'removeUnlessUsedByProduct',
    });
    world.pass(4_000);
    await world.productSearch.listProductSets({ parent: `projects/local-project/locations/${LOCATION}` });
    expect(await members(world)).toEqual([]);
    const product = { description: '', productCategory: 'apparel-v2', productLabels: [] };
    await world.ports.productSearch.createProduct(LOCATION, { id: 'late', displayName: 'Late', ...product });
    await world.ports.productSearch.addProductToProductSet(LOCATION, 'shoes', 'late');

    await world.settle();

    const [event] = world.events(PURGED);
    expect(await members(world)).toEqual(['late']);
    expect({
      ...event?.data.counts,
      files: world.names(IMAGES),
    }).toMatchObject({
      products: 3,
      referenceImages: 3,
      imageFilesRemoved: 3,
      files: [],
    });
  });
});

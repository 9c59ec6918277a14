import { members, seeded } from './shoes';
import { LOCATION, type World } from './world';

const PURGED = 'product-search.purge.completed.v1';
const PURGE = { command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true };

/** Another program puts a product with two images into the set each time that a survey is done, so often. */
function keepAdding(world: World, times: number): void {
  const { productSearch } = world.ports;
  const fields = { displayName: 'Late', description: '', productCategory: 'apparel-v2', productLabels: [] };
  let added = 0;
  world.storage.onFinalize(({ name }) => {
    if (!name.endsWith('/snapshot.json') || added >= times) return;
    added += 1;
    const id = `late${added}`;
    const images = ['a', 'b'].map((image) => ({
      id: image,
      uri: world.image(`${id}-${image}.png`),
      boundingPolys: [],
    }));
    void productSearch.createProduct(LOCATION, { id, ...fields });
    for (const image of images) void productSearch.createReferenceImage(LOCATION, id, image);
    void productSearch.addProductToProductSet(LOCATION, 'shoes', id);
  });
}

describe('a purge that finds more products at its last look', () => {
  it.each([1, 2])('counts the images of all its rounds, after %s more', async (times) => {
    const world = await seeded();
    keepAdding(world, times);

    await world.publish(PURGE);
    await world.settle();

    const data = world.events(PURGED)[0]?.data;
    const counts = { products: 3 + times, referenceImages: 3 + 2 * times };
    expect(data).toMatchObject({ outcome: 'succeeded', counts });
    expect(JSON.parse(world.text(data?.files.snapshot)).counts).toEqual(counts);
    expect(await members(world)).toEqual([]);
  });

  it('counts none where it is refused because of them', async () => {
    const world = await seeded({ PURGE_MAX_PRODUCTS: '3' });
    keepAdding(world, 1);

    await world.publish(PURGE);
    await world.settle();

    expect(world.events(PURGED)[0]?.data).toMatchObject({
      outcome: 'rejected',
      counts: { products: 0, referenceImages: 0 },
      problems: [{ code: 'max-products' }],
    });
    expect(await members(world)).toHaveLength(4);
  });
});

/** One image file that the products of several survey files use. */
import { idsOf } from './manyProducts';
import { createWorld, IMAGES, type World } from './world';

async function seedShared(world: World): Promise<void> {
  const uri = world.image('placeholder.png');
  await world.drop(
    'seed.csv',
    idsOf(2_100)
      .map((id) => `${uri},i,shoes,${id},apparel-v2,,,\n`)
      .join(''),
  );
  await world.settle();
}

const PURGE = { command: 'purgeProductsInProductSet', productSetId: 'shoes' };

describe('an image file that 2,100 products share', () => {
  it.each([
    ['removeUnlessUsedByProduct', 'imageFilesRemoved'],
    ['removeUnlessUsed', 'imageFilesPending'],
  ])('is counted once (%s), as the dry run says', async (imageFiles, count) => {
    const world = createWorld();
    await seedShared(world);
    await world.publish({ ...PURGE, imageFiles, dryRun: true });
    await world.settle();

    await world.publish({ ...PURGE, imageFiles, force: true });
    await world.settle();

    const [dry, real] = world.events('product-search.purge.completed.v1');
    expect(world.names(IMAGES)).toHaveLength(imageFiles === 'removeUnlessUsed' ? 1 : 0);
    expect([dry?.data.counts[count], real?.data.counts[count]]).toEqual([1, 1]);
  });
});

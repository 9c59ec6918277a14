import { fault, rows } from './shoes';
import { createWorld, IMAGES } from './world';

describe('an image file that was removed, of which the answer was lost', () => {
  it('is told as removed although the product has been imported with it again by then', async () => {
    const world = createWorld();
    const body = rows(world);
    await world.drop('seed.csv', body);
    await world.settle();
    const isIt = (...[object]: unknown[]) => (object as { name: string }).name === '1.png';
    world.failCall('delete', fault('UNAVAILABLE'), { after: true, when: isIt });
    await world.publish({ command: 'deleteProduct', productId: 'p1', imageFiles: 'removeUnlessUsedByProduct' });
    expect(world.names(IMAGES)).toEqual(['2.png', '3.png']);

    const product = { id: 'p1', displayName: 'p1', description: '', productCategory: 'apparel-v2', productLabels: [] };
    await world.ports.productSearch.createProduct('us-west1', product);
    const image = { id: 'i1', uri: `gs://${IMAGES}/1.png`, boundingPolys: [] };
    world.image('1.png');
    await world.ports.productSearch.createReferenceImage('us-west1', 'p1', image);
    await world.ports.objects.delete({ bucket: IMAGES, name: '1.png' });
    await world.settle();

    expect(world.events('product-search.delete.completed.v1')[0]?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { products: 1, imageFilesRemoved: 1, imageFilesKept: 0 },
    });
  });

  it('is kept where the product uses it and it is there', async () => {
    const world = createWorld();
    await world.drop('seed.csv', rows(world));
    await world.settle();
    await world.drop('more.csv', `gs://${IMAGES}/1.png,second,shoes,p1,apparel-v2,,,\n`);
    await world.settle();

    await world.publish({
      command: 'deleteReferenceImage',
      productId: 'p1',
      referenceImageId: 'i1',
      imageFiles: 'removeUnlessUsedByProduct',
    });
    await world.settle();

    expect(world.names(IMAGES)).toEqual(['1.png', '2.png', '3.png']);
    expect(world.events('product-search.delete.completed.v1')[0]?.data.counts).toMatchObject({
      imageFilesRemoved: 0,
      imageFilesKept: 1,
    });
  });
});

describe('an image file of a product of which the service refuses to tell', () => {
  it('stays, and the files of the other products go', async () => {
    const world = createWorld();
    await world.drop('seed.csv', rows(world));
    await world.settle();
    const deletes = () => world.calls('deleteProduct');
    const isLook = (...[, id]: unknown[]) => id === 'p1' && deletes() === 3;
    world.failCall('listReferenceImages', fault('INVALID_ARGUMENT'), { when: isLook, times: 9 });

    await world.publish({
      command: 'deleteProducts',
      productIds: ['p1', 'p2', 'p3'],
      imageFiles: 'removeUnlessUsedByProduct',
    });
    await world.settle();

    expect(world.events('product-search.delete.completed.v1')[0]?.data).toMatchObject({
      outcome: 'partial',
      counts: { products: 3, imageFilesRemoved: 2, imageFilesKept: 1 },
      problems: [{ code: 'not-removed' }],
    });
    expect(world.names(IMAGES)).toEqual(['1.png']);
  });
});

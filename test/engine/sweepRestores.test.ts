/** Sweeps beside restores whose imports name the image files. */
import { rows } from './shoes';
import { createWorld, IMAGES, LOCATION } from './world';

const HOUR = 3_600_000;

describe('a sweep', () => {
  it('keeps the files that an import of an abandoned restore may still use, as it does for an abandoned file', async () => {
    const world = createWorld({ RESTORE_IMPORT_LINES: '1', SNAPSHOT_DAYS: '1', START_SETTLE_SECONDS: '86400' });
    await world.drop('seed.csv', rows(world));
    await world.settle();
    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true });
    await world.settle();
    const snapshot = world.events('product-search.purge.completed.v1')[0]?.data.files.snapshot;
    world.pass(40 * 24 * HOUR);
    await world.publish({ command: 'restoreSnapshot', snapshot, requestId: 'undo' });
    while (await world.deliverContinuations());
    const operation = (await world.open())[0]?.waiting?.operation ?? '';
    world.productSearch.stallOperation(operation);
    world.pass(25 * HOUR);
    await world.fire();
    while (await world.deliverContinuations());
    await world.publish({ command: 'cancelRequest', cancels: 'cmd-undo', force: true });
    await world.settle();

    await world.publish({
      command: 'sweepImageFiles',
      prefix: `gs://${IMAGES}/`,
      olderThanDays: 0,
      force: true,
    });
    await world.settle();
    world.productSearch.resumeOperation(operation);
    world.pass(HOUR);
    const products = await world.ports.productSearch.listProducts(LOCATION);

    expect({
      operation: operation !== '',
      products: products.items.length,
      files: world.names(IMAGES),
      end: world.events('product-search.restore.completed.v1')[0]?.data.outcome,
    }).toMatchObject({
      operation: true,
      end: 'cancelled',
      files: ['1.png', '2.png', '3.png'],
    });
  });
});

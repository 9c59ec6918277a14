import { ServiceError } from '../../shared/core/errors';
import { idsOf, seed } from './manyProducts';
import { fault } from './shoes';
import { createWorld, IMAGES, LOCATION, STATE, type World } from './world';

const DELETED = 'product-search.delete.completed.v1';

async function left(world: World): Promise<number> {
  let [count, pageToken]: [number, string | undefined] = [0, ''];
  while (pageToken !== undefined) {
    const page = await world.ports.productSearch.listProducts(LOCATION, pageToken === '' ? {} : { pageToken });
    count += page.items.length;
    pageToken = page.nextPageToken === '' ? undefined : page.nextPageToken;
  }
  return count;
}

const deletedEvent = (world: World) => world.events(DELETED)[0]?.data;

describe('a bulk delete that is cancelled while it deletes', () => {
  it.each([
    ['removeUnlessUsedByProduct', 'imageFilesRemoved'],
    ['removeUnlessUsed', 'imageFilesPending'],
  ])('stops at its next page and sees to the files of what it deleted (%s)', async (imageFiles, count) => {
    const world = createWorld();
    const ids = idsOf(350);
    await seed(world, ids);
    let deletes = 0;
    world.onCall((name) => {
      if (name !== 'deleteProduct') return;
      deletes += 1;
      if (deletes === 120) void world.publish({ command: 'cancelRequest', cancels: 'cmd-bulk' });
    });

    await world.publish({ command: 'deleteProducts', productIds: ids, requestId: 'bulk', imageFiles });
    await world.settle();

    const event = deletedEvent(world);
    const gone = 350 - (await left(world));
    expect(gone).toBeGreaterThanOrEqual(120);
    expect(gone).toBeLessThanOrEqual(300);
    expect(event).toMatchObject({
      outcome: 'cancelled',
      counts: { products: gone, referenceImages: gone, failed: 0, [count]: gone },
    });
    expect(world.names(IMAGES)).toHaveLength(imageFiles === 'removeUnlessUsed' ? 350 : 350 - gone);
    const leftForSweep = world
      .names(STATE, 'candidates/')
      .flatMap((name) => JSON.parse(world.text(`gs://${STATE}/${name}`)));
    expect(leftForSweep).toHaveLength(imageFiles === 'removeUnlessUsed' ? gone : 0);
  });
});

describe('a bulk delete that is cancelled after its invocation died within a page', () => {
  it('tells of what it had deleted, and removes the image files of it', async () => {
    const world = createWorld();
    const ids = idsOf(30);
    await seed(world, ids);
    let deletes = 0;
    world.onCall((name) => {
      if (name !== 'deleteProduct') return;
      deletes += 1;
      if (deletes === 20) world.crashAtCall(1);
    });
    const imageFiles = 'removeUnlessUsedByProduct';

    await world.publish({ command: 'deleteProducts', productIds: ids, requestId: 'bulk', imageFiles });
    await world.publish({ command: 'cancelRequest', cancels: 'cmd-bulk', requestId: 'stop' });
    await world.settle();

    const gone = 30 - (await left(world));
    expect(gone).toBeGreaterThan(10);
    expect(deletedEvent(world)).toMatchObject({
      outcome: 'cancelled',
      counts: { products: gone, referenceImages: gone, imageFilesRemoved: gone },
    });
    expect(world.names(IMAGES)).toHaveLength(30 - gone);
  });
});

describe('a bulk delete of which one product is refused', () => {
  it('is partial, and removes the image files of the others', async () => {
    const world = createWorld();
    const ids = idsOf(3);
    await seed(world, ids);
    const isFirst = (...[, id]: unknown[]) => id === ids[0];
    world.failCall('deleteProduct', fault('INVALID_ARGUMENT'), { when: isFirst });

    await world.publish({ command: 'deleteProducts', productIds: ids, imageFiles: 'removeUnlessUsedByProduct' });
    await world.settle();

    expect(deletedEvent(world)).toMatchObject({
      outcome: 'partial',
      counts: { products: 2, referenceImages: 2, failed: 1, imageFilesRemoved: 2, imageFilesKept: 1 },
      problems: [{ code: 'delete-refused' }],
    });
    expect(world.names(IMAGES)).toEqual([`${ids[0]}.png`]);
  });
});

describe('a bulk delete that gives up', () => {
  it('counts what it has deleted, and removes the image files of that', async () => {
    const world = createWorld({ REQUEST_GIVE_UP_HOURS: '1' });
    const ids = idsOf(10);
    await seed(world, ids);
    const isLate = (...[, id]: unknown[]) => String(id) >= 'p0004';
    world.failCall('deleteProduct', fault('UNAVAILABLE'), { when: isLate, times: Number.POSITIVE_INFINITY });

    await world.publish({ command: 'deleteProducts', productIds: ids, imageFiles: 'removeUnlessUsedByProduct' });
    await world.settle();

    expect(await left(world)).toBe(6);
    expect(deletedEvent(world)).toMatchObject({
      outcome: 'failed',
      counts: { products: 4, referenceImages: 4, imageFilesRemoved: 4 },
    });
    expect(world.names(IMAGES)).toHaveLength(6);
  });
});

describe('an image file that may not be removed', () => {
  const held = new ServiceError('Storage.DeleteObject', 'PERMISSION_DENIED', 'a hold on the object');

  it.each([
    ['a purge', { command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true }, 'purge'],
    ['a bulk delete', { command: 'deleteProducts', productIds: idsOf(3) }, 'delete'],
    ['a delete', { command: 'deleteProduct', productId: 'p0000' }, 'delete'],
  ])('is told, holds nothing up, and the others go (%s)', async (_case, command, kind) => {
    const world = createWorld();
    await seed(world, idsOf(3));
    const when = (...[object]: unknown[]) => (object as { name: string }).name === 'p0000.png';
    world.failCall('delete', held, { when, times: Number.POSITIVE_INFINITY });
    const begun = world.clock.now();

    await world.publish({ ...command, imageFiles: 'removeUnlessUsedByProduct', derived: { keepOriginal: true } });
    await world.settle();

    const removed = command.command === 'deleteProduct' ? 0 : 2;
    expect(world.events(`product-search.${kind}.completed.v1`)[0]?.data).toMatchObject({
      outcome: 'partial',
      counts: { products: removed + 1, imageFilesRemoved: removed, imageFilesKept: 1, derived: 0 },
      problems: [{ code: 'not-removed', message: expect.stringContaining('p0000.png was not removed') }],
    });
    expect(world.clock.now() - begun).toBeLessThan(10 * 60_000);
  });
});

describe('a delete that waited for a purge of its product', () => {
  it('says that the product was gone already', async () => {
    const world = createWorld();
    await seed(world, idsOf(3));
    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true });

    await world.publish({ command: 'deleteProduct', productId: 'p0001' });
    expect(await world.open()).toHaveLength(2);
    await world.settle();

    expect(deletedEvent(world)).toMatchObject({
      outcome: 'succeeded',
      counts: { products: 0, referenceImages: 0, alreadyAbsent: 1 },
    });
  });
});

import { fault, members, seeded } from './shoes';
import { IMAGES, type World } from './world';

const DELETED = 'product-search.delete.completed.v1';
const GIVE_UP = { REQUEST_GIVE_UP_HOURS: '1' };
const ALWAYS = { times: Number.POSITIVE_INFINITY };

const SINGLE: [string, Record<string, unknown>][] = [
  ['deleteReferenceImage', { productId: 'p1', referenceImageId: 'i1' }],
  ['deleteProduct', { productId: 'p1' }],
  ['deleteProductSet', { productSetId: 'shoes' }],
];

async function ended(world: World, command: Record<string, unknown>) {
  await world.publish(command);
  await world.settle();
  return world.events(DELETED).at(-1)?.data;
}

describe('a single delete that fails', () => {
  const failed = { products: 0, productSets: 0, referenceImages: 0, alreadyAbsent: 0, failed: 1 };

  it.each(SINGLE)('counts what it was for: %s that the service refuses', async (command, fields) => {
    const world = await seeded();
    world.failCall(command, fault('INVALID_ARGUMENT'));

    const data = await ended(world, { command, ...fields });

    expect(data).toMatchObject({ outcome: 'failed', counts: failed, problems: [{ code: 'invalid-argument' }] });
    expect(await members(world)).toEqual(['p1', 'p2', 'p3']);
  });

  it.each(SINGLE)('counts what it was for: %s that is given up', async (command, fields) => {
    const world = await seeded(GIVE_UP);
    world.failCall(command, fault('UNAVAILABLE'), ALWAYS);

    expect(await ended(world, { command, ...fields })).toMatchObject({
      outcome: 'failed',
      counts: failed,
      problems: [{ code: 'unavailable' }],
    });
  });

  it('counts as a bulk delete of that one does', async () => {
    const world = await seeded();
    world.failCall('deleteProduct', fault('INVALID_ARGUMENT'), { times: 2 });

    const one = await ended(world, { command: 'deleteProduct', productId: 'p1' });
    const bulk = await ended(world, { command: 'deleteProducts', productIds: ['p1'] });

    expect(bulk).toMatchObject({ outcome: 'failed', counts: { failed: 1 } });
    expect(one?.counts).toEqual(bulk?.counts);
  });

  it('tells the same in the report of a dry run', async () => {
    const world = await seeded();
    world.failCall('listReferenceImages', fault('INVALID_ARGUMENT'));

    const data = await ended(world, { command: 'deleteProduct', productId: 'p1', dryRun: true });

    expect(data).toMatchObject({ outcome: 'failed', counts: failed });
    expect(JSON.parse(world.text(data?.files.report)).counts).toEqual(data?.counts);
  });

  it('once the product is gone counts no failure of it', async () => {
    const world = await seeded(GIVE_UP);
    const when = (...[object]: unknown[]) => (object as { bucket?: string }).bucket === IMAGES;
    world.failCall('delete', fault('UNAVAILABLE'), { ...ALWAYS, when });

    const command = { command: 'deleteProduct', productId: 'p1', imageFiles: 'removeUnlessUsedByProduct' };

    expect(await ended(world, command)).toMatchObject({
      outcome: 'failed',
      counts: { products: 1, referenceImages: 1, failed: 0, imageFilesRemoved: 0 },
    });
  });

  it('that is refused or cancelled has failed in nothing', async () => {
    const world = await seeded({ PROTECTED_PRODUCT_SETS: 'shoes' });

    const refused = await ended(world, { command: 'deleteProductSet', productSetId: 'shoes' });
    const notBefore = '2026-11-22T20:00:00Z';
    await world.publish({ command: 'deleteProduct', productId: 'p1', requestId: 'night', notBefore });
    const cancelled = await ended(world, { command: 'cancelRequest', cancels: 'cmd-night' });

    expect(refused).toMatchObject({ outcome: 'rejected', counts: { failed: 0 } });
    expect(cancelled).toMatchObject({ outcome: 'cancelled', counts: { failed: 0 } });
  });
});

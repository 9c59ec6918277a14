/** What belongs at Cloudinary to image files that a delete, bulk delete or purge has removed. */
import { ServiceError } from '../../shared/core/errors';
import { left, seedOriginals, WAITING } from './derivedWorld';
import { createWorld, IMAGES, LOCATION, type World } from './world';

const DELETED = 'product-search.delete.completed.v1';
const PURGED = 'product-search.purge.completed.v1';
const FILES = { imageFiles: 'removeUnlessUsedByProduct' };

/** `count` products in the set `shoes`, whose image files lie in a folder and are served by Cloudinary. */
async function seeded(count = 1, environment: Record<string, string> = {}, callsPerHour?: number): Promise<World> {
  const world = createWorld(environment, { callsPerHour });
  const products = Array.from({ length: count }, (_, index) => `p${index + 1}`);
  const rows = products.map((id) => `${world.image(`shoes/${id}.png`)},i,shoes,${id},apparel-v2,,,\n`);
  await world.drop('seed.csv', rows.join(''));
  await world.settle();
  seedOriginals(world, [...products.map((id) => `shoes/${id}`), 'other']);
  return world;
}

describe('deleteProduct with imageFiles and derived', () => {
  it('from event to event: reference images, files and derived images gone, all counted in one event', async () => {
    const world = await seeded(2);

    await world.publish({ command: 'deleteProduct', productId: 'p1', ...FILES, derived: { keepOriginal: true } });
    await world.settle();

    expect(world.events(DELETED)).toHaveLength(1);
    expect(world.events(DELETED)[0]?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { products: 1, referenceImages: 1, imageFilesRemoved: 1, derived: 2, originals: 0, failed: 0 },
      problems: [],
    });
    expect(await world.ports.productSearch.listReferenceImages(LOCATION, 'p1')).toBeNull();
    expect(world.names(IMAGES)).toEqual(['shoes/p2.png']);
    expect(left(world)).toEqual([3, 4]);
  });

  it('with originals and invalidation: they go, and only theirs', async () => {
    const world = await seeded(2);

    const derived = { keepOriginal: false, invalidate: true };
    await world.publish({ command: 'deleteProduct', productId: 'p1', ...FILES, derived });
    await world.settle();

    expect(world.events(DELETED)[0]?.data).toMatchObject({
      counts: { derived: 2, originals: 1 },
      problems: [{ code: 'invalidation-unconfirmed', severity: 'warning' }],
    });
    expect(world.cloudinary.invalidations.map(({ publicId }) => publicId)).toEqual(['shoes/p1']);
    expect(left(world)).toEqual([2, 4]);
  });

  it('leaves alone what belongs to a file that stays', async () => {
    const world = await seeded(1, { REMOVABLE_IMAGES: '' });

    await world.publish({ command: 'deleteProduct', productId: 'p1', ...FILES, derived: { keepOriginal: false } });
    await world.settle();

    expect(world.events(DELETED)[0]?.data.counts).toMatchObject({ imageFilesKept: 1, derived: 0, originals: 0 });
    expect(left(world)).toEqual([2, 4]);
  });

  it('says that nothing is cleaned where no file is removed', async () => {
    const world = await seeded(1);

    await world.publish({ command: 'deleteProduct', productId: 'p1', derived: { keepOriginal: true } });
    await world.settle();

    expect(world.events(DELETED)[0]?.data).toMatchObject({
      outcome: 'succeeded',
      problems: [{ code: 'nothing-to-clean', field: 'derived' }],
    });
    expect(left(world)).toEqual([2, 4]);
  });

  it.each<[string, string, { type?: string }]>([
    ['{bucket}/{path}/{name}{extension}', `${IMAGES}/shoes/p1.png`, {}],
    ['catalogue/{name}', 'catalogue/p1', {}],
    ['fetch', `https://storage.googleapis.com/${IMAGES}/shoes/p1.png`, { type: 'fetch' }],
  ])('finds the resource by DERIVED_PUBLIC_ID %s', async (template, publicId, change) => {
    const world = await seeded(1, { DERIVED_PUBLIC_ID: template });
    seedOriginals(world, [publicId], change);

    await world.publish({ command: 'deleteProduct', productId: 'p1', ...FILES, derived: { keepOriginal: true } });
    await world.settle();

    const identity = { resourceType: 'image', type: 'upload', publicId, ...change };
    expect(world.cloudinary.details(identity, {}).derived).toEqual([]);
    expect(left(world)).toEqual([3, 4]);
  });

  it('dies at any port call: all three are gone, and one event says so', async () => {
    for (let call = 1; call <= 26; call += 1) {
      const world = await seeded();
      const command = { command: 'deleteProduct', productId: 'p1', ...FILES, derived: { keepOriginal: true } };

      world.crashAtCall(call);
      await world.publish(command, '6');
      await world.publish(command, '6');
      await world.settle();

      const events = world.events(DELETED);
      const counts: Record<string, number> = events[0]?.data.counts ?? {};
      const problems = events[0]?.data.problems ?? [];
      const isSaid = problems.some(({ code }) => code === 'count-incomplete');
      expect({ call, ids: new Set(events.map((event) => event.id)).size }).toEqual({ call, ids: 1 });
      expect([world.names(IMAGES), left(world)]).toEqual([[], [2, 2]]);
      expect(counts).toMatchObject({ products: 1, imageFilesRemoved: 1, failed: 0 });
      expect({ call, told: counts.derived === 2 || isSaid }).toEqual({ call, told: true });
    }
  });
});

describe('many files', () => {
  const PURGE = { command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true, ...FILES };

  it('of a purge are cleaned 100 a call, and listed in the report', async () => {
    const world = await seeded(250);

    await world.publish({ ...PURGE, derived: { keepOriginal: true } });
    await world.settle();

    const event = world.events(PURGED)[0]?.data;
    expect(event).toMatchObject({ outcome: 'succeeded', counts: { imageFilesRemoved: 250, derived: 500 } });
    expect(world.calls('deletePage')).toBe(3);
    const report = JSON.parse(world.text(event?.files.report));
    expect(report.derived).toHaveLength(250);
    expect(report.derived[0]).toEqual({ publicId: 'shoes/p1', status: 'deleted', originals: 0, derived: 2 });
    expect(left(world)).toEqual([251, 2]);
  });

  it('wait for the next hour where its calls are used up, and go on', async () => {
    const world = await seeded(250, { DERIVED_CALLS_RESERVE: '0' }, 2);

    await world.publish({ ...PURGE, derived: { keepOriginal: true } });
    await world.settle();

    expect(world.events(WAITING).map(({ data }) => data.waitingFor)).toEqual(['quota']);
    expect(world.events(PURGED)[0]?.data.counts).toMatchObject({ imageFilesRemoved: 250, derived: 500 });
    expect(left(world)).toEqual([251, 2]);
  });

  it('of which some are refused: the request is partial, the rest is cleaned', async () => {
    const world = await seeded(150);
    world.failCall('deletePage', new ServiceError('Cloudinary.DeleteResources', 'INVALID_ARGUMENT', 'no'));

    await world.publish({ ...PURGE, derived: { keepOriginal: true } });
    await world.settle();

    expect(world.events(PURGED)[0]?.data).toMatchObject({
      outcome: 'partial',
      counts: { products: 150, imageFilesRemoved: 150, derived: 100, failed: 100 },
      problems: [{ code: 'delete-refused' }],
    });
  });

  it('of a dry run are only estimated', async () => {
    const world = await seeded(2);

    await world.publish({ ...PURGE, dryRun: true, derived: { keepOriginal: true } });
    await world.settle();

    const event = world.events(PURGED)[0]?.data;
    expect(event).toMatchObject({ outcome: 'dryRun', counts: { imageFilesRemoved: 2, derived: 4, originals: 0 } });
    expect(JSON.parse(world.text(event?.files.report)).derived).toEqual({
      exact: true,
      originals: 2,
      derived: 4,
      calls: 1,
    });
    expect(world.calls('deletePage')).toBe(0);
  });
});

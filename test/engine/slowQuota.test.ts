import { idsOf, seed } from './manyProducts';
import { createWorld, IMAGES, type World } from './world';

const SWEPT = 'product-search.sweep.completed.v1';

/** Milliseconds from the first to the last call of each invocation. */
function durations(world: World): () => number[] {
  const spans = new Map<number, [number, number]>();
  world.onCall(() => {
    const now = world.clock.now();
    const invocation = world.deliveredContinuations();
    spans.set(invocation, [spans.get(invocation)?.[0] ?? now, now]);
  });
  return () => [...spans.values()].map(([from, to]) => to - from);
}

describe('with a call a second for everybody, and little time in each invocation', () => {
  const SLOW = { MANAGEMENT_CALLS_PER_MINUTE: '60', INVOCATION_SECONDS: '5' };
  const files = { imageFiles: 'removeUnlessUsedByProduct' };

  it.each([
    ['a purge', { command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true, ...files }, 'purge'],
    ['a bulk delete', { command: 'deleteProducts', productIds: idsOf(150), ...files }, 'delete'],
  ])('%s goes on product by product, and no invocation runs on', async (_case, command, kind) => {
    const world = createWorld(SLOW);
    await seed(world, idsOf(150));
    const took = durations(world);

    await world.publish(command);
    await world.settle();

    expect(world.events(`product-search.${kind}.completed.v1`)[0]?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { products: 150, referenceImages: 150, imageFilesRemoved: 150, imageFilesKept: 0 },
    });
    expect(world.names(IMAGES)).toEqual([]);
    // Once for what goes, once for what is still used: nothing is read again because an invocation ended.
    expect(world.calls('listReferenceImages')).toBe(300);
    expect(Math.max(...took())).toBeLessThan(120_000);
  });
});

describe('with so few calls that those at the same time wait longer than a lease', () => {
  it('a restore keeps its lease and comes to its end', async () => {
    const world = createWorld({ MANAGEMENT_CALLS_PER_MINUTE: '20', LEASE_SECONDS: '30', INVOCATION_SECONDS: '5' });
    await seed(world, idsOf(40));
    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true });
    await world.settle();
    const snapshot = world.events('product-search.purge.completed.v1')[0]?.data.files.snapshot;

    await world.publish({ command: 'restoreSnapshot', snapshot });
    await world.settle();

    expect(world.events('product-search.restore.completed.v1')[0]?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { products: 40, referenceImages: 40, failed: 0 },
    });
  });
});

describe('with calls that take half the time of an invocation', () => {
  it('a sweep gets on in every invocation, although files wait in intake', async () => {
    const world = createWorld({ INVOCATION_SECONDS: '1', IMPORTS_PER_DAY: '1', IMPORT_RESERVE: '0' });
    for (const name of ['a', 'b', 'c']) {
      await world.drop(`${name}.csv`, `${world.image(`${name}.png`)},i,${name}-set,${name}-1,apparel-v2,,,\n`);
    }
    const unused = Array.from({ length: 20 }, (_, index) => world.image(`unused-${index}.png`));
    world.onCall(() => world.pass(500));

    await world.publish({
      command: 'sweepImageFiles',
      prefix: 'gs://product-search-images/',
      force: true,
      olderThanDays: 0,
    });
    for (let tick = 0; tick < 60 && world.events(SWEPT).length === 0; tick += 1) {
      while (await world.deliverContinuations());
      world.pass(60_000);
      await world.fire();
    }

    expect(world.events(SWEPT)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { removed: unused.length } });
    expect(world.names(IMAGES).sort()).toEqual(['a.png', 'b.png', 'c.png']);
  });
});

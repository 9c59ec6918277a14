import { ServiceError } from '../../shared/core/errors';
import { createWorld, INTAKE, LOCATION, type World } from './world';

const IMPORTED = 'product-search.import.completed.v1';
const PURGED = 'product-search.purge.completed.v1';
const DELETED = 'product-search.delete.completed.v1';
const PURGE = { command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true };
const DELETE = { command: 'deleteProduct', productId: 'p1', imageFiles: 'removeUnlessUsedByProduct' };

function rows(world: World): string {
  return [1, 2].map((n) => `${world.image(`${n}.png`)},i,shoes,p${n},apparel-v2,,,\n`).join('');
}

async function seeded(): Promise<World> {
  const world = createWorld();
  await world.drop('seed.csv', rows(world));
  await world.settle();
  return world;
}

/** The n-th call from now on fails; gives whether there was one. */
function failNth(world: World, n: number, after: boolean): () => boolean {
  let calls = 0;
  const error = new ServiceError('Any.Call', 'UNAVAILABLE', 'no answer');
  const when = () => {
    calls += 1;
    return calls === n;
  };
  world.failCall('*', error, { after, when });
  return () => calls >= n;
}

/** A delivery and a tick that fail come again, as the platform repeats them. */
async function twice(act: () => Promise<unknown>): Promise<void> {
  await act().catch(() => act());
}

/** Fails each call in turn, until a run has none left that could fail. */
async function atEveryCall(run: (n: number) => Promise<boolean>): Promise<number> {
  let n = 1;
  while (n < 200 && (await run(n))) n += 1;
  return n - 1;
}

async function imageCount(world: World, productId: string): Promise<number | undefined> {
  return (await world.ports.productSearch.listReferenceImages(LOCATION, productId))?.items.length;
}

describe.each([
  ['before its effect', false],
  ['after its effect', true],
])('a call that fails %s', (_case, after) => {
  it('whichever it is: an import ends in one event, with nothing lost and nothing doubled', async () => {
    const calls = await atEveryCall(async (n) => {
      const world = createWorld();
      const file = world.put('shoes.csv', rows(world));
      const hasFailed = failNth(world, n, after);

      await twice(() => world.deliverDrop(file));
      await twice(world.settle);

      const events = world.events(IMPORTED);
      expect({ n, ids: new Set(events.map((event) => event.id)).size }).toEqual({ n, ids: 1 });
      expect(events[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { lines: 2, imported: 2 } });
      expect([await imageCount(world, 'p1'), await imageCount(world, 'p2'), world.names(INTAKE)]).toEqual([1, 1, []]);
      return hasFailed();
    });

    expect(calls).toBeGreaterThan(30);
  });

  it('whichever it is: a purge ends in one event, with a whole snapshot', async () => {
    const calls = await atEveryCall(async (n) => {
      const world = await seeded();
      const hasFailed = failNth(world, n, after);

      await twice(() => world.publish(PURGE, '5'));
      await twice(world.settle);

      const events = world.events(PURGED);
      expect({ n, ids: new Set(events.map((event) => event.id)).size }).toEqual({ n, ids: 1 });
      expect(events[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 2, failed: 0 } });
      const snapshot = JSON.parse(world.text(events[0]?.data.files.snapshot));
      expect(snapshot.counts).toEqual({ products: 2, referenceImages: 2 });
      expect(await world.ports.productSearch.getProduct(LOCATION, 'p1')).toBeNull();
      return hasFailed();
    });

    expect(calls).toBeGreaterThan(30);
  });

  it('whichever it is: a delete with its file ends in one event that counts both', async () => {
    const calls = await atEveryCall(async (n) => {
      const world = await seeded();
      const hasFailed = failNth(world, n, after);

      await twice(() => world.publish(DELETE, '6'));
      await twice(world.settle);

      const events = world.events(DELETED);
      expect({ n, ids: new Set(events.map((event) => event.id)).size }).toEqual({ n, ids: 1 });
      expect(events[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 1, imageFilesRemoved: 1 } });
      expect(world.names('product-search-images')).toEqual(['2.png']);
      return hasFailed();
    });

    expect(calls).toBeGreaterThan(10);
  });
});

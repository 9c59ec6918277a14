/** The check of a snapshot of several parts that is gone on with, and that meets a passing fault then. */
import { exportAll, fill } from './catalogue';
import { fault } from './shoes';
import { createWorld, type World } from './world';

const isPart = (number: number) => (object: unknown) =>
  (object as { name: string }).name.endsWith(`/products-0000${number}.jsonl`);

/** The time of the invocation that reads part 1 is used up; its successor cannot read part 3 at the first try. */
function disturb(world: World): void {
  let isArmed = true;
  world.failCall('read', new Error('never thrown'), {
    when(object) {
      if (isArmed && isPart(1)(object)) {
        isArmed = false;
        world.pass(11_000);
      }
      return false;
    },
  });
  world.failCall('read', fault('UNAVAILABLE'), { when: isPart(3) });
}

describe('the check of a snapshot that is gone on with', () => {
  it('knows the product sets of every part, whatever fault it meets', async () => {
    const world = createWorld({ INVOCATION_SECONDS: '10' });
    // Only products of the second part are in the set "middle".
    const products = Array.from({ length: 2_200 }, (_, n) => ({
      id: `p${String(n).padStart(4, '0')}`,
      sets: n === 1_500 ? ['shoes', 'middle'] : ['shoes'],
      images: [],
    }));
    await fill(world, products);
    const before = await exportAll(world);
    await world.publish({
      command: 'purgeProductsInProductSet',
      productSetId: 'shoes',
      sharedProducts: 'delete',
      force: true,
    });
    await world.settle();
    await world.publish({ command: 'deleteProductSet', productSetId: 'middle' });
    await world.settle();
    const snapshot = world.events('product-search.purge.completed.v1')[0]?.data.files.snapshot;
    disturb(world);

    await world.publish({ command: 'restoreSnapshot', snapshot, requestId: 'undo' });
    await world.settle();

    const [event] = world.events('product-search.restore.completed.v1');
    const [record] = (await world.closed()).filter(({ id }) => id === 'cmd-undo');
    const claimed = record?.facts.restore?.productSetIds;
    expect({
      claimed,
      outcome: event?.data.outcome,
      counts: event?.data.counts,
      problems: event?.data.problems,
    }).toMatchObject({
      claimed: ['middle', 'shoes'],
      outcome: 'succeeded',
      counts: { products: 2_200, productSets: 1, failed: 0 },
      problems: [],
    });
    expect((await exportAll(world)).productSets).toEqual(before.productSets);
  }, 120_000);
});

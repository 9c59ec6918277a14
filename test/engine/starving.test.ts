import { fill } from './catalogue';
import { createWorld, type World } from './world';

const PURGED = 'product-search.purge.completed.v1';
const IMPORTED = 'product-search.import.completed.v1';

async function minute(world: World): Promise<void> {
  world.pass(60_000);
  await world.fire();
  while (await world.deliverContinuations());
}

describe('a purge of orphans', () => {
  it('is not starved by a stream of imports: those that come after it wait for it', async () => {
    const world = createWorld();
    await fill(world, [{ id: 'orphan', sets: [] }]);
    const line = (number: number) => `${world.image(`${number}.png`)},i,set-${number},p-${number},apparel-v2,,,\n`;
    await world.drop('0.csv', line(0));

    await world.publish({ command: 'purgeOrphanProducts', force: true });
    for (let number = 1; number <= 5; number += 1) {
      await world.drop(`${number}.csv`, line(number));
      if (number === 1) expect(world.events(PURGED)).toEqual([]);
      await minute(world);
    }
    await world.settle();

    const order = world.events().filter(({ type }) => type === PURGED || type === IMPORTED);
    expect(order.slice(0, 2).map(({ type }) => type)).toEqual([IMPORTED, PURGED]);
    expect(order).toHaveLength(7);
    expect(world.events(PURGED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 1 } });
    expect(world.events(IMPORTED).every(({ data }) => data.outcome === 'succeeded')).toBe(true);
  });
});

import { fill } from './catalogue';
import { createWorld } from './world';

describe('a step that needs more time than an invocation has', () => {
  it('goes on in another invocation at once, and waits for no tick', async () => {
    const world = createWorld({ MANAGEMENT_CALLS_PER_MINUTE: '600', INVOCATION_SECONDS: '30' });
    await fill(
      world,
      Array.from({ length: 1_500 }, (_, index) => ({ id: `p${index}`, sets: ['shoes'] })),
    );
    const begun = world.clock.now();

    await world.publish({ command: 'deleteProducts', where: { productSetId: 'shoes' }, force: true });
    // One after the other, each asked for by the one before: the clock goes on only as the calls are paced.
    while (await world.deliverContinuations());

    expect(world.deliveredContinuations()).toBeGreaterThan(2);
    expect(await world.open()).toEqual([]);
    expect(world.events('product-search.delete.completed.v1')[0]?.data.counts.products).toBe(1_500);
    expect(world.clock.now() - begun).toBeLessThan(6.5 * 60_000);
  });
});

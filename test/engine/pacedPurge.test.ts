import { ServiceError } from '../../shared/core/errors';
import { fill } from './catalogue';
import { createWorld, LOCATION, type World } from './world';

const PURGED = 'product-search.purge.completed.v1';
const MINUTE = 60_000;
const PRODUCTS = Number(process.env.PACED_PRODUCTS ?? 10_000);

/** The times of all management calls, as the service counts them. */
function watchCalls(world: World): number[] {
  const times: number[] = [];
  const management = new Set(Object.keys(world.ports.productSearch));
  world.onCall((name) => {
    if (management.has(name)) times.push(world.clock.now());
  });
  return times;
}

/** The most calls in any minute, and calls a minute while an invocation was at work. */
function perMinute(times: number[]): { most: number; atWork: number } {
  let most = 0;
  let first = 0;
  let worked = 0;
  for (const [last, time] of times.entries()) {
    while ((times[first] ?? 0) <= time - MINUTE) first += 1;
    most = Math.max(most, last - first + 1);
    // A longer pause is a dead invocation, whose lease has to end first, or the service's own operation.
    const pause = time - (times[last - 1] ?? time);
    if (pause < 2_000) worked += pause;
  }
  return { most, atWork: (times.length * MINUTE) / worked };
}

describe('a purge of a large set', () => {
  it(`of ${PRODUCTS} products uses the quota and never more, whoever is killed`, async () => {
    const world = createWorld();
    await fill(
      world,
      Array.from({ length: PRODUCTS }, (_, index) => ({ id: `p${index}`, sets: ['shoes'] })),
    );
    let invocations = 0;
    const times = watchCalls(world);
    const exhausted: unknown[] = [];
    world.onFault((error) => {
      if (error instanceof ServiceError && error.status === 'RESOURCE_EXHAUSTED') exhausted.push(error);
    });

    // A seeded crash in every third invocation, somewhere among its calls.
    let seed = 7;
    const next = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed;
    };
    world.crashAtCall(2_000);
    await world.publish({
      command: 'purgeProductsInProductSet',
      productSetId: 'shoes',
      force: true,
      maxProducts: PRODUCTS,
    });
    while ((await world.open()).length > 0) {
      invocations += 1;
      if (invocations % 3 === 0) world.crashAtCall(next() % 12_000);
      if (!(await world.deliverContinuations())) {
        world.pass(MINUTE / 4);
        await world.fire();
      }
    }

    const [event] = world.events(PURGED);
    expect(event?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { products: PRODUCTS, referenceImages: PRODUCTS },
    });
    expect((await world.ports.productSearch.listProducts(LOCATION)).items).toEqual([]);
    expect(exhausted).toEqual([]);
    const { most, atWork } = perMinute(times);
    expect(most).toBeLessThanOrEqual(2_400);
    expect(atWork).toBeGreaterThanOrEqual(0.95 * 2_400);
    expect(invocations).toBeGreaterThan(5);
  }, 300_000);
});

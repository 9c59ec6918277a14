import { createWorld, isThere, LOCATION, leave, SWEEP_LEFT, SWEPT, type World } from './sweepWorld';

const IMPORTED = 'product-search.import.completed.v1';

interface Arrival {
  what: string;
  /** Virtual time that a removal takes. */
  removalMs: number;
  /** Whether the file's event comes at once, beside the sweep, or only the tick finds it. */
  isDelivered: boolean;
  /** Every so many-th call. */
  step: number;
}

/** The file is dropped during the nth call of a sweep; gives whether there was such a call. */
async function dropAt(n: number, { removalMs, isDelivered }: Arrival): Promise<{ world: World; wasDropped: boolean }> {
  const world = createWorld();
  for (const name of ['1.png', '2.png']) await leave(world, world.image(name), `cmd-${name}`);
  let calls = 0;
  let delivery: Promise<unknown> = Promise.resolve();
  world.failCall('*', null, {
    when: (object) => {
      calls += 1;
      if ((object as { bucket?: string } | undefined)?.bucket === 'product-search-images') world.pass(removalMs);
      if (calls !== n) return false;
      const file = world.put('late.csv', 'gs://product-search-images/2.png,i,shoes,p2,apparel-v2,,,\n');
      if (isDelivered) delivery = world.deliverDrop(file);
      return false;
    },
  });
  await world.publish(SWEEP_LEFT);
  const wasDropped = calls >= n;
  await delivery;
  await world.settle();
  // A file whose event was lost is found by a tick.
  world.pass(61_000);
  await world.fire();
  await world.settle();
  return { world, wasDropped };
}

describe('an import that begins during any call of a sweep', () => {
  it.each<Arrival>([
    { what: 'whose event comes at once', removalMs: 0, isDelivered: true, step: 1 },
    { what: 'whose event never comes', removalMs: 0, isDelivered: false, step: 3 },
    { what: 'beside a slow removal', removalMs: 12_000, isDelivered: true, step: 3 },
  ])('$what: no reference image ever names a file that is gone', async (arrival) => {
    let [n, kept, removed] = [1, 0, 0];
    for (; n < 400; n += arrival.step) {
      const { world, wasDropped } = await dropAt(n, arrival);
      if (!wasDropped) break;
      const images = (await world.ports.productSearch.listReferenceImages(LOCATION, 'p2'))?.items ?? [];
      const thereIs = isThere(world, 'gs://product-search-images/2.png');

      expect({ n, images: images.length, thereIs }).toEqual({ n, images: thereIs ? 1 : 0, thereIs });
      expect({ n, swept: world.events(SWEPT).length }).toEqual({ n, swept: 1 });
      expect({ n, outcome: world.events(IMPORTED)[0]?.data.outcome }).toEqual({
        n,
        outcome: thereIs ? 'succeeded' : 'failed',
      });
      if (thereIs) kept += 1;
      else removed += 1;
    }

    expect(n).toBeGreaterThan(50);
    // It came too late only where the files had been read for the last time already.
    expect(kept).toBeGreaterThan(removed);
  });
});

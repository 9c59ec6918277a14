/** A survey of more than one file that is gone on with, and whose next file cannot be written at the first try. */
import { idsOf, seed } from './manyProducts';
import { fault } from './shoes';
import { createWorld, LOCATION, type World } from './world';

const isSurvey = (number: number) => (object: unknown) =>
  (object as { name: string }).name.endsWith(`/survey-0000${number}.json`);

/** The time of the invocation that writes the first survey file is used up; the second file meets a passing fault. */
function disturb(world: World): void {
  let isArmed = true;
  world.failCall('write', new Error('never thrown'), {
    when(object) {
      if (isArmed && isSurvey(1)(object)) {
        isArmed = false;
        world.pass(11_000);
      }
      return false;
    },
  });
  world.failCall('write', fault('UNAVAILABLE'), { when: isSurvey(2) });
}

async function left(world: World): Promise<number> {
  let [count, pageToken]: [number, string | undefined] = [0, ''];
  while (pageToken !== undefined) {
    world.pass(1_000);
    const page = await world.ports.productSearch.listProducts(LOCATION, pageToken === '' ? {} : { pageToken });
    count += page.items.length;
    pageToken = page.nextPageToken === '' ? undefined : page.nextPageToken;
  }
  return count;
}

describe('a survey file that is written at the second try only', () => {
  it('a bulk delete deletes all that it surveyed', async () => {
    const world = createWorld({ INVOCATION_SECONDS: '10' });
    await seed(world, idsOf(2_500));
    disturb(world);

    await world.publish({ command: 'deleteProducts', where: { productSetId: 'shoes' }, force: true });
    await world.settle();

    const [event] = world.events('product-search.delete.completed.v1');
    const remaining = await left(world);
    expect({ outcome: event?.data.outcome, products: event?.data.counts.products, remaining }).toEqual({
      outcome: 'succeeded',
      products: 2_500,
      remaining: 0,
    });
  });

  it('a dry run names in its plan as many products as it counts', async () => {
    const world = createWorld({ INVOCATION_SECONDS: '10' });
    await seed(world, idsOf(2_500));
    disturb(world);

    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', dryRun: true });
    await world.settle();

    const [event] = world.events('product-search.purge.completed.v1');
    const plan = JSON.parse(world.text(event?.data.files.plan)) as { products: unknown[] };
    expect([event?.data.counts.products, plan.products.length]).toEqual([2_500, 2_500]);
  });

  it('a purge counts what went', async () => {
    const world = createWorld({ INVOCATION_SECONDS: '10' });
    await seed(world, idsOf(2_500));
    disturb(world);

    await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true });
    await world.settle();

    const [event] = world.events('product-search.purge.completed.v1');
    expect(event?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 2_500, failed: 0 } });
  });
});

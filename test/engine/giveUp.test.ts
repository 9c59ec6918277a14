import { ServiceError } from '../../shared/core/errors';
import { createWorld } from './world';

const DELETED = 'product-search.delete.completed.v1';
const IMPORTED = 'product-search.import.completed.v1';
const HOUR = 3_600_000;
const ALWAYS = Number.POSITIVE_INFINITY;

const unavailable = new ServiceError('ProductSearch.DeleteProduct', 'UNAVAILABLE', 'said the service');
const exhausted = new ServiceError('ProductSearch.DeleteProduct', 'RESOURCE_EXHAUSTED', 'said the service');

const DELETE = { command: 'deleteProduct', productId: 'p1' };

async function createProduct(world: ReturnType<typeof createWorld>): Promise<void> {
  await world.ports.productSearch.createProduct('us-west1', {
    id: 'p1',
    displayName: 'One',
    description: '',
    productCategory: 'apparel-v2',
    productLabels: [],
  });
}

describe('a fault that lasts', () => {
  it('ends the request as failed after REQUEST_GIVE_UP_HOURS, and not before', async () => {
    const world = createWorld({ REQUEST_GIVE_UP_HOURS: '2' });
    await createProduct(world);
    world.failCall('deleteProduct', unavailable, { times: ALWAYS });
    const begun = world.clock.now();

    await world.publish(DELETE);
    await world.settle();

    expect(world.events(DELETED)[0]?.data).toMatchObject({
      outcome: 'failed',
      problems: [{ code: 'unavailable', message: expect.stringMatching(/^Given up after \d+ tries since .*said the/) }],
    });
    expect(world.clock.now() - begun).toBeGreaterThanOrEqual(2 * HOUR);
    expect(world.clock.now() - begun).toBeLessThan(2.5 * HOUR);
    // Pauses grow to ten minutes: no hammering.
    expect(world.calls('deleteProduct')).toBeLessThan(25);
  });

  it('that passes in time leaves no trace in the outcome', async () => {
    const world = createWorld();
    await createProduct(world);
    world.failCall('deleteProduct', unavailable, { times: 5 });

    await world.publish(DELETE);
    await world.settle();

    expect(world.events(DELETED)[0]?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { products: 1 },
      problems: [],
    });
    expect((await world.closed())[0]).not.toHaveProperty('failures');
  });

  it('while the report is written is never given up: failed lines would be lost', async () => {
    const world = createWorld({ REQUEST_GIVE_UP_HOURS: '1' });
    const line = 'gs://product-search-images/missing.png,i,shoes,p1,apparel-v2,,,\n';
    const when = (object: unknown) => /retry\.csv$/.test((object as { name: string }).name);
    world.failCall('write', unavailable, { times: 20, when });
    const begun = world.clock.now();

    await world.drop('shoes.csv', line);
    await world.settle();

    const [event] = world.events(IMPORTED);
    expect(world.clock.now() - begun).toBeGreaterThan(2 * HOUR);
    expect(event?.data.counts).toMatchObject({ lines: 1, failed: 1 });
    expect(world.text(event?.data.files.retryCsv)).toBe(line);
  });

  it('keeps no time while the request waits for quota', async () => {
    const world = createWorld({ REQUEST_GIVE_UP_HOURS: '2' });
    await createProduct(world);
    const begun = world.clock.now();
    const isIn = (from: number, to: number) => () => {
      const hours = (world.clock.now() - begun) / HOUR;
      return hours >= from && hours < to;
    };
    world.failCall('deleteProduct', unavailable, { times: ALWAYS, when: isIn(0, 1) });
    world.failCall('deleteProduct', exhausted, { times: ALWAYS, when: isIn(1, 5) });
    world.failCall('deleteProduct', unavailable, { times: ALWAYS, when: isIn(5, 5.5) });

    await world.publish(DELETE);
    await world.settle();

    expect(world.events(DELETED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 1 } });
  });

  it('begins anew when the request got on in between: two faults a day apart are no day of faults', async () => {
    const world = createWorld({ REQUEST_GIVE_UP_HOURS: '2' });
    const body = `${world.image('1.png')},i,shoes,p1,apparel-v2,,,\n`;
    world.failCall('importProductSets', unavailable);
    await world.drop('shoes.csv', body);
    world.pass(60_000);
    await world.fire();
    await world.deliverContinuations();
    const name = (await world.open())[0]?.waiting?.operation ?? '';
    world.productSearch.stallOperation(name);
    world.pass(20 * HOUR);
    world.productSearch.resumeOperation(name);
    world.pass(60_000);
    await world.fire();
    world.failCall('getOperation', unavailable);
    await world.deliverContinuations();
    const [faulty] = await world.open();

    await world.settle();

    expect(faulty).toMatchObject({ waiting: { for: 'retry' }, failures: { count: 1 } });
    expect(world.events(IMPORTED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { imported: 1 } });
  });
});

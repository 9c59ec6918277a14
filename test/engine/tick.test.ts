import { ServiceError } from '../../shared/core/errors';
import { createWorld, LOCATION, STATE, type World } from './world';

const IMPORTED = 'product-search.import.completed.v1';
const DELETED = 'product-search.delete.completed.v1';
const UNAVAILABLE = new ServiceError('ProductSearch.GetOperation', 'UNAVAILABLE', 'try again');

const row = (world: World, set: string) => `${world.image(`${set}.png`)},i,${set},${set}-1,apparel-v2,,,\n`;

/** An import of one line, up to where it waits for its operation. Gives the operation's name. */
async function startImport(world: World, set: string): Promise<string> {
  await world.drop(`${set}.csv`, row(world, set));
  return (await world.open()).at(-1)?.waiting?.operation ?? '';
}

/** Name and generation of every open record. */
async function openRecords(world: World): Promise<string[]> {
  const { objects } = await world.ports.objects.list({ bucket: STATE, prefix: 'requests/open/' });
  return objects.map(({ name, generation }) => `${name}#${generation}`);
}

describe('a tick', () => {
  it('leaves alone what is not due, and wakes what is', async () => {
    const world = createWorld();
    await world.publish({ command: 'deleteProduct', productId: 'p1', notBefore: '2026-11-22T09:00:00Z' });

    const early = await world.fire();
    world.pass(3_600_000);
    const late = await world.fire();
    await world.deliverContinuations();

    expect(early).toMatchObject({ open: 1, woken: 0, failed: 0 });
    expect(late).toMatchObject({ open: 1, woken: 1, failed: 0 });
    expect(world.events(DELETED)).toHaveLength(1);
  });

  it('asks for a running operation and writes nothing while it runs', async () => {
    const world = createWorld();
    await startImport(world, 'shoes');
    const before = await openRecords(world);

    world.pass(1_000);
    const running = await world.fire();
    await world.deliverContinuations();
    const after = await openRecords(world);
    world.pass(3_000);
    const done = await world.fire();

    expect(running).toMatchObject({ polled: 1, woken: 0 });
    expect(after).toEqual(before);
    expect(done).toMatchObject({ polled: 1, woken: 1 });
  });

  it('grants the claim of a request that has ended to the next in line, and wakes it', async () => {
    const world = createWorld();
    await startImport(world, 'shoes');
    await world.publish({ command: 'deleteProductSet', productSetId: 'shoes' });
    world.pass(4_000);
    await world.fire();
    await world.deliverContinuations();
    const stillWaiting = (await world.open()).map(({ waiting }) => waiting?.for);

    const report = await world.fire();
    await world.deliverContinuations();

    expect(stillWaiting).toEqual(['claim']);
    expect(report).toMatchObject({ granted: 1, woken: 1 });
    expect(world.events(DELETED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { productSets: 1 } });
  });

  it('wakes who holds its claim by now although the continuation of the grant was lost', async () => {
    const world = createWorld();
    await startImport(world, 'shoes');
    await world.publish({ command: 'deleteProductSet', productSetId: 'shoes' });
    world.pass(4_000);
    await world.fire();
    await world.deliverContinuations();
    world.failCall('publish', UNAVAILABLE);
    const lost = await world.fire();

    const again = await world.fire();
    await world.deliverContinuations();

    expect(lost).toMatchObject({ granted: 1, woken: 0, failed: 1 });
    expect(again).toMatchObject({ granted: 0, woken: 1 });
    expect(world.events(DELETED)).toHaveLength(1);
  });

  it('takes over what a dead invocation has left, when its lease is over', async () => {
    const world = createWorld();
    const file = world.put('shoes.csv', row(world, 'shoes'));
    world.crashAtCall(6);
    const delivered = await world.deliverDrop(file);

    world.pass(60_000);
    const early = await world.fire();
    world.pass(10_000);
    const late = await world.fire();
    await world.settle();

    expect(delivered).toBe('crashed');
    expect([early.woken, late.woken]).toEqual([0, 1]);
    expect(world.events(IMPORTED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { imported: 1 } });
  });

  it('lets one bad request stop neither the others nor the rest of the tick', async () => {
    const world = createWorld();
    const bad = await startImport(world, 'shoes');
    await startImport(world, 'shirts');
    world.put('missed.csv', row(world, 'hats'));
    world.pass(120_000);
    world.failCall('getOperation', UNAVAILABLE, { when: (name) => name === bad });

    const report = await world.fire();

    expect(bad).not.toBe('');
    // Who cannot be polled asks by itself, and gives up some time.
    expect(report).toMatchObject({ open: 2, polled: 2, woken: 2, found: 1, failed: 1 });
  });

  it('whose look at one location fails goes on with the others', async () => {
    const world = createWorld();
    await startImport(world, 'shoes');
    await world.publish({ command: 'deleteProductSet', productSetId: 'shoes' });
    world.pass(4_000);
    await world.fire();
    await world.deliverContinuations();
    const isOf = (location: string) => (object: unknown) =>
      (object as { name: string }).name === `reservations/${location}.json`;
    world.failCall('read', UNAVAILABLE, { when: isOf('europe-west1') });

    const report = await world.fire();

    expect(report).toMatchObject({ granted: 1, woken: 1, failed: 1 });
  });

  it('at the same time as another one does no harm: each request ends once', async () => {
    const world = createWorld();
    await startImport(world, 'shoes');
    await startImport(world, 'shirts');
    await world.publish({ command: 'deleteProductSet', productSetId: 'shoes' });

    for (let time = 0; time < 4; time += 1) {
      world.pass(60_000);
      await Promise.all([world.fire(), world.fire()]);
      while (await world.deliverContinuations());
    }

    expect(await world.open()).toEqual([]);
    expect(world.events(IMPORTED).map(({ id }) => id)).toHaveLength(2);
    expect(new Set(world.events(IMPORTED).map(({ id }) => id)).size).toBe(2);
    expect(world.events(DELETED)).toHaveLength(1);
    expect(await world.ports.productSearch.getProductSet(LOCATION, 'shoes')).toBeNull();
  });

  it('wakes a request whose operation is not found, so that somebody decides', async () => {
    const world = createWorld();
    world.productSearch.forgetOperation(await startImport(world, 'shoes'));

    expect(await world.fire()).toMatchObject({ polled: 1, woken: 1, failed: 0 });
  });
});

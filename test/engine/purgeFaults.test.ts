import { claims, fault, members, rows, seeded } from './shoes';
import { LOCATION, type World } from './world';

const PURGED = 'product-search.purge.completed.v1';
const WAITING = 'product-search.request.waiting.v1';
const MINUTE = 60_000;
const PURGE = { command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true };

/** The text of all that the snapshot holds. */
function partsOf(world: World, snapshot?: string): string {
  const { parts } = JSON.parse(world.text(snapshot)) as { parts: { products: string }[] };
  return parts.map(({ products }) => world.text(products)).join('');
}

describe('a start of a purge without an answer', () => {
  it('that took effect is found out by listing, and not made twice', async () => {
    const world = await seeded();
    world.failCall('purgeProducts', fault('UNAVAILABLE'), { after: true });

    await world.publish(PURGE);
    await world.settle();

    expect(world.events(PURGED)).toHaveLength(1);
    expect(world.events(PURGED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 3, failed: 0 } });
    expect(world.calls('purgeProducts')).toBe(1);
    expect(await members(world)).toEqual([]);
  });

  it('that never reached the service is repeated, and the claim kept beyond its end', async () => {
    const world = await seeded();
    world.failCall('purgeProducts', fault('UNAVAILABLE'));

    await world.publish(PURGE);
    await world.settle();
    const endedAt = world.clock.now();
    const [kept] = claims(world);
    await world.drop('again.csv', rows(world));
    await world.settle();

    expect(world.events(PURGED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 3 } });
    expect(world.calls('purgeProducts')).toBe(2);
    expect(Date.parse(kept?.keptUntil ?? '') - endedAt).toBe(30 * MINUTE);
    expect(world.clock.now() - endedAt).toBeGreaterThanOrEqual(29 * MINUTE);
    expect(await members(world)).toEqual(['p1', 'p2', 'p3']);
  });

  it('that still runs is waited for', async () => {
    const world = await seeded();
    const answers = world.failCall('purgeProducts', fault('UNAVAILABLE'), { after: true });
    await world.publish(PURGE);
    const first = String(answers[0]);
    world.productSearch.stallOperation(first);

    for (let minute = 0; minute < 10; minute += 1) {
      world.pass(MINUTE);
      await world.fire();
      while (await world.deliverContinuations());
    }
    const soFar = {
      ended: world.events(PURGED).length,
      waits: world.events(WAITING).map((one) => one.data.waitingFor),
    };
    world.productSearch.resumeOperation(first);
    await world.settle();

    expect(soFar).toEqual({ ended: 0, waits: ['purge'] });
    expect(world.events(PURGED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 3 } });
    expect(await members(world)).toEqual([]);
  });

  it('keeps its claim however the request ends: nothing is imported beside a purge that may be running', async () => {
    const world = await seeded();
    const answers = world.failCall('purgeProducts', fault('UNAVAILABLE'), { after: true });
    await world.publish(PURGE);
    world.productSearch.stallOperation(String(answers[0]));
    world.failCall('listProductsInProductSet', fault('INVALID_ARGUMENT'));
    world.pass(MINUTE);
    await world.fire();
    while (await world.deliverContinuations());
    const endedAt = world.clock.now();
    await world.drop('again.csv', rows(world));
    world.pass(29 * MINUTE);
    await world.fire();
    while (await world.deliverContinuations());
    const imported = world.calls('importProductSets');

    expect(world.events(PURGED)[0]?.data).toMatchObject({
      outcome: 'failed',
      problems: [{ code: 'invalid-argument' }],
    });
    expect(Date.parse(claims(world)[0]?.keptUntil ?? '') - endedAt).toBe(30 * MINUTE);
    expect(imported).toBe(1);
  });

  it('is not repeated where something came in that the snapshot lacks', async () => {
    const world = await seeded();
    world.failCall('purgeProducts', fault('UNAVAILABLE'));
    await world.publish(PURGE);
    const product = { description: '', productCategory: 'apparel-v2', productLabels: [] };
    await world.ports.productSearch.createProduct(LOCATION, { id: 'late', displayName: 'Late', ...product });
    await world.ports.productSearch.addProductToProductSet(LOCATION, 'shoes', 'late');

    await world.settle();

    expect(world.events(PURGED)[0]?.data).toMatchObject({ outcome: 'failed', problems: [{ code: 'plan-drifted' }] });
    expect(world.calls('purgeProducts')).toBe(1);
    expect(await members(world)).toEqual(['late', 'p1', 'p2', 'p3']);
  });
});

describe('the operation of a purge', () => {
  it('that failed is counted by what is left', async () => {
    const world = await seeded();
    world.productSearch.failNextOperation({ message: 'Internal error encountered.' });

    await world.publish(PURGE);
    await world.settle();

    expect(world.events(PURGED)[0]?.data).toMatchObject({
      outcome: 'failed',
      counts: { products: 0, failed: 3 },
      problems: [{ code: 'purge-incomplete', message: expect.stringContaining('Internal error encountered.') }],
    });
    expect(await members(world)).toEqual(['p1', 'p2', 'p3']);
  });

  it.each([
    ['has taken all', false, 'succeeded', { products: 3, failed: 0 }],
    ['has taken nothing', true, 'failed', { products: 0, failed: 3 }],
  ])('that is not known any more and %s is decided by listing', async (_case, stalled, outcome, counts) => {
    const world = await seeded();
    await world.publish(PURGE);
    const name = (await world.open())[0]?.waiting?.operation ?? '';
    if (stalled) world.productSearch.stallOperation(name);
    world.productSearch.forgetOperation(name);

    await world.settle();

    expect(world.events(PURGED)[0]?.data).toMatchObject({ outcome, counts });
  });

  it('is not started where a listing cannot be read: what cannot be read is never taken for nothing', async () => {
    const world = await seeded();
    world.failCall('listProductsInProductSet', fault('UNAVAILABLE'), { times: 2 });

    await world.publish(PURGE);
    const before = { calls: world.calls('purgeProducts'), ended: world.events(PURGED).length };
    await world.settle();

    expect(before).toEqual({ calls: 0, ended: 0 });
    expect(world.events(PURGED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 3 } });
  });

  it('waits for quota without an intent of its own', async () => {
    const world = await seeded();
    world.failCall('purgeProducts', fault('RESOURCE_EXHAUSTED'));

    await world.publish(PURGE);
    const [waiting] = await world.open();
    await world.settle();

    expect(waiting).toMatchObject({ waiting: { for: 'quota' } });
    expect(waiting).not.toHaveProperty('intent');
    expect(world.events(PURGED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 3 } });
  });
});

describe('a set that goes after its purge', () => {
  it('stays as long as a purge whose start had no answer may be running, although nothing is left in it', async () => {
    const world = await seeded();
    const answers = world.failCall('purgeProducts', fault('UNAVAILABLE'), { after: true });
    await world.publish({ ...PURGE, thenDeleteProductSet: true });
    const begunAt = world.clock.now();
    for (const id of ['p1', 'p2', 'p3']) await world.ports.productSearch.deleteProduct(LOCATION, id).catch(() => null);
    let deletedAt = 0;
    world.onCall((name) => {
      if (name === 'deleteProductSet') deletedAt = world.clock.now();
    });

    await world.settle();

    expect(answers).toHaveLength(1);
    expect(deletedAt - begunAt).toBeGreaterThanOrEqual(29 * MINUTE);
    expect(world.events(PURGED)[0]?.data).toMatchObject({ outcome: 'succeeded', counts: { productSets: 1 } });
    expect(world.events(WAITING).at(-1)?.data).toMatchObject({ waitingFor: 'purge' });
    expect(await world.ports.productSearch.getProductSet(LOCATION, 'shoes')).toBeNull();
  });
});

describe('the last listing of the targets', () => {
  it('is made again where the purge comes to a stop after it: what came in meanwhile is in the snapshot, too', async () => {
    const world = await seeded();
    world.failCall('openRead', fault('UNAVAILABLE'), {
      when: (object) => (object as { name: string }).name.includes('/relisted-targets'),
    });
    await world.publish(PURGE);
    const product = { description: '', productCategory: 'apparel-v2', productLabels: [] };
    await world.ports.productSearch.createProduct(LOCATION, { id: 'late', displayName: 'Late', ...product });
    await world.ports.productSearch.addProductToProductSet(LOCATION, 'shoes', 'late');
    world.pass(10 * MINUTE);

    await world.settle();

    const [event] = world.events(PURGED);
    expect(event?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 4 } });
    expect(partsOf(world, event?.data.files.snapshot)).toContain('/products/late"');
  });

  it('of orphans begins anew where it has stood still between its two parts: what was made meanwhile is seen', async () => {
    const world = await seeded();
    const make = (id: string) => {
      const product = { displayName: id, description: '', productCategory: 'apparel-v2', productLabels: [] };
      return world.ports.productSearch.createProduct(LOCATION, { id, ...product });
    };
    await make('early');
    world.failCall('listProductsInProductSet', fault('UNAVAILABLE'), { when: () => world.calls('listProducts') > 1 });
    await world.publish({ command: 'purgeOrphanProducts', force: true });
    await make('late');
    world.pass(11 * MINUTE);

    await world.settle();

    const [event] = world.events(PURGED);
    expect(event?.data).toMatchObject({ outcome: 'succeeded', counts: { products: 2 } });
    expect(partsOf(world, event?.data.files.snapshot)).toContain('/products/late"');
  });
});

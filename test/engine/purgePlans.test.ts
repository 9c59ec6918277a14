import { createHash } from 'node:crypto';
import { exportAll, fill, imageOf, poly, type SeededProduct } from './catalogue';
import { createWorld, LOCATION, STATE, type World } from './world';

const PURGED = 'product-search.purge.completed.v1';
const PURGE = { command: 'purgeProductsInProductSet', productSetId: 'shoes' };
const COUNT = 3_000;
const SHARED = 120;

function idOf(index: number): string {
  return `p${String(index).padStart(4, '0')}`;
}

/** Every 25th product of `shoes` is in `sale`, too; two images each, one of them with two polygons. */
function shoes(world: World): SeededProduct[] {
  return Array.from({ length: COUNT }, (_, index) => {
    const id = idOf(index);
    const square = poly([0, 0], [10, 0], [10, 10], [0, 10]);
    const images = [
      imageOf(world, 'a', `${id}-a.png`),
      imageOf(world, 'b', `${id}-b.png`, [square, poly([1, 1], [5, 5])]),
    ];
    return { id, sets: index % (COUNT / SHARED) === 0 ? ['shoes', 'sale'] : ['shoes'], images };
  });
}

async function ended(world: World, command: unknown) {
  await world.publish(command);
  await world.settle();
  return world.events(PURGED).at(-1)?.data;
}

function planOf(world: World, data: Awaited<ReturnType<typeof ended>>) {
  return JSON.parse(world.text(data?.files.plan));
}

async function smallWorld(): Promise<World> {
  const world = createWorld();
  await fill(world, [
    { id: 'a', sets: ['shoes'] },
    { id: 'b', sets: ['shoes', 'sale'] },
    { id: 'c', sets: ['shoes'] },
    { id: 'd', sets: ['sale'] },
  ]);
  return world;
}

describe('a set of 3,000 products, 120 of them in another set, too', () => {
  it('is refused with 120 and a sample; keep purges 2,880 and no more; a restore gives an equal catalogue', async () => {
    const world = createWorld();
    await fill(world, shoes(world));
    const before = await exportAll(world);

    const refused = await ended(world, { ...PURGE, force: true });

    expect(refused).toMatchObject({ outcome: 'rejected', counts: { products: 0 } });
    expect(refused?.problems).toEqual([
      expect.objectContaining({
        code: 'shared-products',
        message: expect.stringMatching(/^120 products .*p0000 \(sale\), p0025 \(sale\).* and 110 more; .*keep/),
      }),
    ]);
    expect(await exportAll(world)).toEqual(before);

    const kept = await ended(world, { ...PURGE, force: true, sharedProducts: 'keep' });

    expect(kept).toMatchObject({
      outcome: 'succeeded',
      counts: { products: COUNT - SHARED, referenceImages: 2 * (COUNT - SHARED), failed: 0 },
      problems: [{ code: 'shared-products', severity: 'warning' }],
    });
    const after = await exportAll(world);
    expect(after.productSets).toEqual({ ...before.productSets, shoes: { displayName: 'The shoes', products: [] } });
    expect(Object.keys(after.products)).toEqual(expect.arrayContaining([idOf(0), idOf(25)]));
    expect(Object.keys(after.products)).toHaveLength(SHARED);
    const snapshot = JSON.parse(world.text(kept?.files.snapshot));
    expect(snapshot.counts).toEqual({ products: COUNT, referenceImages: 2 * COUNT });

    await world.publish({ command: 'restoreSnapshot', snapshot: kept?.files.snapshot });
    await world.settle();

    expect(world.events('product-search.restore.completed.v1')[0]?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { products: COUNT - SHARED, referenceImages: 2 * (COUNT - SHARED), failed: 0 },
    });
    expect(await exportAll(world)).toEqual(before);
  });
});

describe('the plan of a dry run', () => {
  it('holds the full list, its digests, and what carrying it out would cost', async () => {
    const world = await smallWorld();

    const data = await ended(world, { ...PURGE, dryRun: true, sharedProducts: 'keep', thenDeleteProductSet: true });

    const plan = planOf(world, data);
    expect(data).toMatchObject({ outcome: 'dryRun', counts: { products: 2, referenceImages: 2, productSets: 1 } });
    expect(data?.planId).toBe(plan.planId);
    expect(plan.products).toEqual([
      { id: 'a', productSets: ['shoes'], referenceImages: 1, digest: expect.any(String) },
      { id: 'b', productSets: ['sale', 'shoes'], referenceImages: 1, digest: expect.any(String), stays: true },
      { id: 'c', productSets: ['shoes'], referenceImages: 1, digest: expect.any(String) },
    ]);
    const lines = plan.products.map((product: unknown) => `${JSON.stringify(product)}\n`).join('');
    expect(plan.sha256).toBe(createHash('sha256').update(lines).digest('hex'));
    expect(plan.productIdsDigest).toBe(createHash('sha256').update('a\nb\nc\n').digest('hex'));
    await ended(world, { ...PURGE, force: true, sharedProducts: 'keep', thenDeleteProductSet: true });
    const made = (await world.closed()).at(-1)?.calls ?? 0;
    expect(data?.estimate).toEqual({ calls: expect.any(Number), minutes: 0.1 });
    const { calls = 0 } = (data?.estimate ?? {}) as { calls?: number };
    expect(Math.abs(made - calls)).toBeLessThanOrEqual(4);
  });

  it('is carried out by its id while nothing has changed', async () => {
    const world = await smallWorld();
    const planned = await ended(world, { ...PURGE, dryRun: true, sharedProducts: 'delete' });

    const data = await ended(world, { ...PURGE, force: true, sharedProducts: 'delete', planId: planned?.planId });

    expect(data).toMatchObject({ outcome: 'succeeded', counts: { products: 3 } });
  });

  it.each<[string, (world: World) => Promise<unknown>, RegExp]>([
    [
      'one more',
      async (world) => world.ports.productSearch.addProductToProductSet(LOCATION, 'shoes', 'd'),
      /1 products more: d\./,
    ],
    ['one fewer', async (world) => world.ports.productSearch.deleteProduct(LOCATION, 'c'), /1 products fewer: c\./],
    [
      'one in another set by now',
      async (world) => world.ports.productSearch.addProductToProductSet(LOCATION, 'sale', 'a'),
      /1 products changed: a\./,
    ],
    [
      'one with another image',
      async (world) => world.ports.productSearch.createReferenceImage(LOCATION, 'c', imageOf(world, 'new', 'new.png')),
      /1 products changed: c\./,
    ],
    [
      'two changes at once',
      async (world) => {
        await world.ports.productSearch.deleteProduct(LOCATION, 'a');
        await world.ports.productSearch.addProductToProductSet(LOCATION, 'shoes', 'd');
      },
      /1 products more: d; 1 products fewer: a\./,
    ],
  ])('refuses with the difference: %s', async (_case, change, message) => {
    const world = await smallWorld();
    const planned = await ended(world, { ...PURGE, dryRun: true, sharedProducts: 'delete' });
    await change(world);
    const before = await exportAll(world);

    const data = await ended(world, { ...PURGE, force: true, sharedProducts: 'delete', planId: planned?.planId });

    expect(data).toMatchObject({ outcome: 'rejected', problems: [{ code: 'plan-drifted' }, {}] });
    expect(data?.problems[0]?.message).toMatch(message);
    expect(await exportAll(world)).toEqual(before);
  });

  it.each([
    ['another set', { productSetId: 'sale' }, 'plan-mismatch', 'productSetId'],
    ['another option', { sharedProducts: 'delete' }, 'plan-mismatch', 'sharedProducts'],
    ['another location', { location: 'us-east1' }, 'plan-mismatch', 'location'],
    ['a plan that is none', { planId: 'cmd-nothing' }, 'plan-unknown', 'cmd-nothing'],
  ])('is bound: %s is refused', async (_case, fields, code, named) => {
    const world = await smallWorld();
    const planned = await ended(world, { ...PURGE, dryRun: true, sharedProducts: 'keep' });

    const command = { ...PURGE, force: true, sharedProducts: 'keep', planId: planned?.planId, ...fields };
    const data = await ended(world, command);

    expect(data).toMatchObject({ outcome: 'rejected', problems: [{ code, field: 'planId' }] });
    expect(data?.problems[0]?.message).toContain(named);
  });

  it('refuses what another program adds at the last moment', async () => {
    const world = await smallWorld();
    const planned = await ended(world, { ...PURGE, dryRun: true, sharedProducts: 'delete' });
    const stop = world.storage.onFinalize((object) => {
      if (!object.name.endsWith('snapshot.json')) return;
      stop();
      void world.ports.productSearch.addProductToProductSet(LOCATION, 'shoes', 'd');
    });

    const data = await ended(world, { ...PURGE, force: true, sharedProducts: 'delete', planId: planned?.planId });

    expect(data).toMatchObject({
      outcome: 'rejected',
      counts: { products: 0, referenceImages: 0 },
      problems: [{ code: 'plan-drifted' }, { severity: 'warning' }],
    });
    expect(data?.problems[0]?.message).toMatch(/^1 products came in from elsewhere after the survey: d; /);
    expect(Object.keys((await exportAll(world)).products)).toHaveLength(4);
  });
});

describe('sharedProducts: keep', () => {
  it('takes a shared product out again that another program puts back, and gives up in the end', async () => {
    const world = await smallWorld();
    let puts = 0;
    const { productSearch } = world.ports;
    world.storage.onFinalize((object) => {
      // The record is written when the shared products are out.
      if (!object.name.startsWith('requests/open/') || puts >= 1) return;
      if (!JSON.parse(world.text(`gs://${STATE}/${object.name}`)).facts.takenOut) return;
      puts += 1;
      void productSearch.addProductToProductSet(LOCATION, 'shoes', 'b');
    });

    const data = await ended(world, { ...PURGE, force: true, sharedProducts: 'keep' });

    expect(puts).toBe(1);
    expect(data).toMatchObject({ outcome: 'succeeded', counts: { products: 2 } });
    const { productSets, products } = await exportAll(world);
    expect(productSets).toMatchObject({ shoes: { products: [] }, sale: { products: ['b', 'd'] } });
    expect(Object.keys(products)).toEqual(expect.arrayContaining(['b', 'd']));
  });

  it('of two sets that share products: the second takes what is in no other set any more', async () => {
    const world = await smallWorld();

    await world.publish({ ...PURGE, force: true, sharedProducts: 'keep' });
    await world.publish({ ...PURGE, productSetId: 'sale', force: true, sharedProducts: 'keep' });
    await world.settle();

    expect(world.events(PURGED).map((event) => event.data.counts.products)).toEqual([2, 2]);
    expect((await exportAll(world)).products).toEqual({});
    const texts = world
      .events(PURGED)
      .map(({ data }) => world.text((data.files.snapshot ?? '').replace('snapshot.json', 'products-00001.jsonl')));
    expect(texts.map((text) => text.trim().split('\n').length)).toEqual([3, 2]);
  });
});

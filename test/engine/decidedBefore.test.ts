/** What a request has decided is written before it is acted on: a death in between must not decide it anew. */
import { claims, fault, members, rows, seeded } from './shoes';
import { createWorld, IMAGES, INTAKE, LOCATION, type World } from './world';

const IMPORTED = 'product-search.import.completed.v1';
const PURGED = 'product-search.purge.completed.v1';

/** The invocation dies at the port call that follows the first one for which `isIt` holds. */
function dieAfter(world: World, method: string, isIt: (object: { bucket: string; name: string }) => boolean): void {
  let isArmed = true;
  world.failCall(method, new Error('never thrown'), {
    when(object) {
      if (isArmed && isIt(object as { bucket: string; name: string })) {
        isArmed = false;
        world.crashAtCall(1);
      }
      return false;
    },
  });
}

async function putBack(world: World, productId: string): Promise<void> {
  const { productSearch } = world.ports;
  const product = { displayName: productId, description: '', productCategory: 'apparel-v2', productLabels: [] };
  await productSearch.createProduct(LOCATION, { id: productId, ...product });
  await productSearch.addProductToProductSet(LOCATION, 'shoes', productId);
}

describe('what is decided', () => {
  it('of a purge is counted once: its image files are told of although all products have been put back since', async () => {
    const world = await seeded();
    dieAfter(world, 'delete', ({ bucket }) => bucket === IMAGES);
    await world.publish({
      command: 'purgeProductsInProductSet',
      productSetId: 'shoes',
      force: true,
      imageFiles: 'removeUnlessUsedByProduct',
    });
    while (!world.hasCrashed()) {
      world.pass(60_000);
      await world.fire();
      while (await world.deliverContinuations());
    }
    for (const id of ['p1', 'p2', 'p3']) await putBack(world, id);

    await world.settle();

    expect(world.events(PURGED)[0]?.data).toMatchObject({
      outcome: 'succeeded',
      counts: { products: 3, failed: 0, imageFilesRemoved: 3 },
    });
    expect(world.names(IMAGES)).toEqual([]);
    expect(await members(world)).toEqual(['p1', 'p2', 'p3']);
  });

  it('of a merged import is its end once a file has been told: it is not started any more', async () => {
    const world = createWorld({ IMPORTS_PER_DAY: '2', IMPORT_RESERVE: '0' });
    for (const name of ['first', 'a', 'b']) {
      await world.drop(`${name}.csv`, `${world.image(`${name}.png`)},i1,${name}-set,${name}-1,apparel-v2,,,\n`);
    }
    world.failCall('importProductSets', fault('INVALID_ARGUMENT'));
    dieAfter(
      world,
      'write',
      ({ name }) => /\/imp-.*\.result\.json$/.test(name) && world.calls('importProductSets') > 1,
    );

    await world.settle();

    for (let minute = 0; minute < 60; minute += 1) {
      world.pass(60_000);
      await world.fire();
      while (await world.deliverContinuations());
    }
    const outcomes = world.events(IMPORTED).map(({ data }) => [data.outcome, data.problems.map(({ code }) => code)]);
    expect(world.crashCount()).toBe(1);
    expect(world.calls('importProductSets')).toBe(2);
    expect(outcomes).toEqual([
      ['succeeded', []],
      ['failed', ['start-refused']],
      ['failed', ['start-refused']],
    ]);
    expect(claims(world)).toEqual([]);
  });

  it('of a file that cannot be staged is its end once it lies in the archive', async () => {
    const world = createWorld({ REQUEST_GIVE_UP_HOURS: '1' });
    const isOriginal = (_from: unknown, to: unknown) =>
      /\/original$/.test((to as { name: string }).name) && !world.hasCrashed();
    world.failCall('copy', fault('UNAVAILABLE'), { times: Number.POSITIVE_INFINITY, when: isOriginal });
    dieAfter(world, 'delete', ({ bucket }) => bucket === INTAKE);
    await world.drop('shoes.csv', rows(world));

    await world.settle();

    const [event] = world.events(IMPORTED);
    expect(world.crashCount()).toBe(1);
    expect(event?.data).toMatchObject({ outcome: 'failed', problems: [{ code: 'unavailable' }] });
    expect(world.text(event?.data.files.archive)).toBe(rows(world));
    expect(world.names(INTAKE)).toEqual([]);
  });
});

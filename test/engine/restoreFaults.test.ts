import { ServiceError } from '../../shared/core/errors';
import { createCatalogue, ENTRIES, exportOf } from './awkwardCatalogue';
import { claims, fault, slotsTaken } from './shoes';
import { createWorld, IMAGES, LOCATION, STATE, type World } from './world';

const RESTORED = 'product-search.restore.completed.v1';
const DELETED = 'product-search.delete.completed.v1';
const SOME = ENTRIES.filter(({ product: { id } }) => ['plain', 'no-images', 'labelled', 'in-two'].includes(id));
const BY_IMPORT = { RESTORE_IMPORT_LINES: '1' };
const WHOLE = { products: 4, referenceImages: 5, productSets: 1, alreadyPresent: 0, failed: 0 };

/** Products, images and a set that are gone, and the command that brings them back. */
async function emptied(environment: Record<string, string> = {}, entries = SOME) {
  const world = createWorld(environment);
  await createCatalogue(world, entries);
  const before = await exportOf(world);
  const productIds = entries.map(({ product }) => product.id);
  await world.publish({ command: 'deleteProducts', productIds, snapshot: true });
  await world.settle();
  await world.ports.productSearch.deleteProductSet(LOCATION, 'sale');
  const snapshot = world.events(DELETED)[0]?.data.files.snapshot;
  return { world, before, command: { command: 'restoreSnapshot', snapshot, requestId: 'undo' } };
}

function ending(world: World) {
  const events = world.events(RESTORED);
  return { ids: new Set(events.map((event) => event.id)).size, data: events[0]?.data };
}

/** Makes the n-th call from now on fail or never answer; gives whether there was one. */
const BREAKS: [string, (world: World, n: number) => () => boolean][] = [
  ['fails before its effect', (world, n) => failNth(world, n, false)],
  ['fails after its effect', (world, n) => failNth(world, n, true)],
  [
    'never answers, and its invocation is dead',
    (world, n) => {
      world.crashAtCall(n);
      return world.hasCrashed;
    },
  ],
];

function failNth(world: World, n: number, after: boolean): () => boolean {
  let calls = 0;
  const when = () => {
    calls += 1;
    return calls === n;
  };
  world.failCall('*', new ServiceError('Any.Call', 'UNAVAILABLE', 'no answer'), { after, when });
  return () => calls >= n;
}

describe.each([
  ['by calls', {}, 60],
  ['by imports', BY_IMPORT, 60],
])('a restore %s', (_way, environment, least) => {
  it.each(BREAKS)('is exact and counted once, whichever call %s', async (_case, breakNth) => {
    let n = 0;
    for (let wasThere = true; wasThere && n < 300; ) {
      n += 1;
      const { world, before, command } = await emptied(environment);
      const hasBroken = breakNth(world, n);

      // Delivered again, as the platform does where it got no answer.
      for (let delivery = 0; delivery < 2; delivery += 1) {
        await world.publish(command, '7').catch(() => world.publish(command, '7'));
        await world.settle().catch(world.settle);
      }

      const { ids, data } = ending(world);
      expect({ n, ids, outcome: data?.outcome, counts: data?.counts }).toEqual({
        n,
        ids: 1,
        outcome: 'succeeded',
        counts: WHOLE,
      });
      expect(await exportOf(world)).toEqual(before);
      wasThere = hasBroken();
    }

    expect(n).toBeGreaterThan(least);
  });
});

describe('the import of a restore', () => {
  it.each<[string, number, (world: World) => unknown]>([
    ['is refused', 1, (world) => world.failCall('importProductSets', fault('PERMISSION_DENIED'))],
    [
      'meets the quota of the day',
      0,
      (world) => world.failCall('importProductSets', fault('RESOURCE_EXHAUSTED'), { times: 100 }),
    ],
    ['fails as a whole', 1, (world) => world.productSearch.failNextOperation({ message: 'Internal error.' })],
    ['gets no answer to its start', 2, (world) => world.failCall('importProductSets', fault('UNAVAILABLE'))],
    [
      'gets lost',
      1,
      (world) => {
        let isLost = false;
        world.failCall('getOperation', fault('INTERNAL'), {
          when: (name) => {
            if (!isLost) world.productSearch.forgetOperation(String(name));
            isLost = true;
            return false;
          },
        });
      },
    ],
  ])('that %s is made up for by calls', async (_case, slots, spoil) => {
    const { world, before, command } = await emptied(BY_IMPORT);
    spoil(world);

    await world.publish(command);
    await world.settle();

    expect(ending(world).data).toMatchObject({ outcome: 'succeeded', counts: WHOLE, problems: [] });
    expect(await exportOf(world)).toEqual(before);
    expect(slotsTaken(world)).toBe(slots);
  });

  it('that was refused is not tried again by who takes over while calls make up for it', async () => {
    const { world, before, command } = await emptied(BY_IMPORT);
    world.failCall('importProductSets', fault('PERMISSION_DENIED'));
    world.onCall((name) => {
      if (name === 'createProductSet' && !world.hasCrashed()) world.crashAtCall(1);
    });

    await world.publish(command);
    await world.settle();

    expect([world.crashCount(), world.calls('importProductSets')]).toEqual([1, 1]);
    expect(ending(world).data).toMatchObject({ outcome: 'succeeded', counts: WHOLE, problems: [] });
    expect(await exportOf(world)).toEqual(before);
  });

  it('waits for the quota of the minute', async () => {
    const { world, before, command } = await emptied(BY_IMPORT);
    const made = world.calls('createProduct');
    world.failCall('importProductSets', fault('RESOURCE_EXHAUSTED'), { times: 3 });

    await world.publish(command);
    await world.settle();

    expect(ending(world).data).toMatchObject({ outcome: 'succeeded', counts: WHOLE, operations: [{}] });
    expect([slotsTaken(world), world.calls('createProduct') - made]).toEqual([1, 1]);
    expect(await exportOf(world)).toEqual(before);
  });

  it('is left out where slots run short, so that no dropped file waits for it', async () => {
    const { world, before, command } = await emptied({ ...BY_IMPORT, IMPORTS_PER_DAY: '2', IMPORT_RESERVE: '0' });
    await world.drop('shoes.csv', `${world.image('1.png')},i,boots,boot,apparel-v2,,,\n`);
    await world.settle();
    await world.ports.productSearch.deleteProduct(LOCATION, 'boot');
    await world.ports.productSearch.deleteProductSet(LOCATION, 'boots');

    await world.publish(command);
    await world.settle();

    expect(world.calls('importProductSets')).toBe(1);
    expect(ending(world).data).toMatchObject({ outcome: 'succeeded', counts: WHOLE });
    expect(await exportOf(world)).toEqual(before);
  });

  it('does not wait for a slot that somebody else took last', async () => {
    const { world, before, command } = await emptied({ ...BY_IMPORT, IMPORTS_PER_DAY: '1', IMPORT_RESERVE: '0' });
    const slots = { bucket: STATE, name: 'quota/imports.json' };
    // Between the look at the slots and the taking of one.
    world.failCall('write', fault('INTERNAL'), {
      when: (object) => {
        if ((object as typeof slots).name.endsWith('import-00001.csv')) {
          const minute = new Date(world.clock.now()).toISOString().slice(0, 16);
          const value = { taken: { [minute]: 1 } };
          void world.ports.objects.write(slots, JSON.stringify({ nonce: 'n', value }), {
            contentType: 'application/json',
          });
        }
        return false;
      },
    });

    await world.publish(command);
    await world.settle();

    expect(world.calls('importProductSets')).toBe(0);
    expect(ending(world).data).toMatchObject({ outcome: 'succeeded', counts: WHOLE });
    expect(await exportOf(world)).toEqual(before);
  });
});

describe('somebody else', () => {
  it('who changes the snapshot after it was checked has nothing restored from it', async () => {
    const { world, command } = await emptied();
    const before = await exportOf(world);
    const name = String(command.snapshot)
      .slice(`gs://${STATE}/`.length)
      .replace('snapshot.json', 'products-00001.jsonl');
    world.failCall('getProductSet', fault('INTERNAL'), {
      when: () => {
        void world.ports.objects.write({ bucket: STATE, name }, '{}', { contentType: 'application/json' });
        return false;
      },
    });

    await world.publish(command);
    await world.settle();

    expect(ending(world).data).toMatchObject({
      outcome: 'failed',
      problems: [
        { code: 'invalid-snapshot', message: expect.stringMatching(/not what was written.*nothing was restored/) },
      ],
    });
    expect(await exportOf(world)).toEqual(before);
  });

  it('who makes the same product meanwhile, but another way, is told of or corrected', async () => {
    const { world, command } = await emptied();
    const { productSearch } = world.ports;
    const product = { displayName: 'Mine', description: '', productCategory: 'apparel-v2', productLabels: [] };
    let hasCome = false;
    world.failCall('createProduct', fault('INTERNAL'), {
      when: () => {
        if (!hasCome) {
          hasCome = true;
          void productSearch.createProduct(LOCATION, { ...product, id: 'plain' });
          void productSearch.createProduct(LOCATION, { ...product, id: 'labelled', productCategory: 'toys-v2' });
          const uri = world.image('mine.png');
          void productSearch.createReferenceImage(LOCATION, 'plain', { id: 'a', uri, boundingPolys: [] });
        }
        return false;
      },
    });

    await world.publish(command);
    await world.settle();

    expect(ending(world).data).toMatchObject({
      outcome: 'partial',
      counts: { products: 3, failed: 2 },
      problems: [{ code: 'category-differs' }, { code: 'image-id-taken' }],
    });
    expect(await productSearch.getProduct(LOCATION, 'plain')).toMatchObject({ displayName: 'Name of plain' });
  });

  it('who purges meanwhile is waited for, and the claim goes back at the end', async () => {
    const { world, command } = await emptied();
    world.failCall('createProduct', fault('ABORTED'), { times: 3 });

    await world.publish(command);
    const [waiting] = await world.open();
    await world.settle();
    await world.fire();

    expect(waiting).toMatchObject({ waiting: { for: 'purge' } });
    expect(ending(world).data).toMatchObject({ outcome: 'succeeded', counts: WHOLE });
    expect(claims(world)).toEqual([]);
  });

  it('who uses up the quota of a minute slows a restore down, and fails nothing', async () => {
    const { world, before, command } = await emptied();
    world.failCall('createReferenceImage', fault('RESOURCE_EXHAUSTED'), { times: 5 });

    await world.publish(command);
    await world.settle();

    expect(ending(world).data).toMatchObject({ outcome: 'succeeded', counts: WHOLE });
    expect(await exportOf(world)).toEqual(before);
  });
});

describe('a call that never gets through', () => {
  it('fails its image alone, and the rest comes back', async () => {
    const { world, command } = await emptied();
    const isPlain = (...[, productId, image]: unknown[]) =>
      productId === 'plain' && (image as { id: string }).id === 'a';
    world.failCall('createReferenceImage', fault('INTERNAL'), { times: 1_000, when: isPlain });

    await world.publish(command);
    await world.settle();

    expect(ending(world).data).toMatchObject({
      outcome: 'partial',
      counts: { ...WHOLE, referenceImages: 4, failed: 1 },
      problems: [{ code: 'restore-refused', message: expect.stringMatching(/"a" of product "plain".*INTERNAL/) }],
    });
    expect(world.calls('createReferenceImage')).toBeLessThan(100);
  });

  it('is told of at once where the image may not be read, and repeated where nobody is let in', async () => {
    const { world, command } = await emptied();
    world.failCall('createReferenceImage', fault('PERMISSION_DENIED'));
    world.failCall('createProduct', fault('UNAUTHENTICATED'));

    await world.publish(command);
    await world.settle();

    expect(ending(world).data).toMatchObject({
      outcome: 'partial',
      counts: { ...WHOLE, referenceImages: 4, failed: 1 },
      problems: [{ code: 'restore-refused', message: expect.stringMatching(/reference image.*PERMISSION_DENIED/) }],
    });
  });

  it('fails nothing while the whole service is down', async () => {
    const { world, before, command } = await emptied();
    const downUntil = world.clock.now() + 3 * 3_600_000;
    const { productSearch } = world.ports;
    for (const call of Object.keys(productSearch)) {
      world.failCall(call, fault('UNAVAILABLE'), { times: 1_000, when: () => world.clock.now() < downUntil });
    }

    await world.publish(command);
    await world.settle();

    expect(world.clock.now()).toBeGreaterThan(downUntil);
    expect(ending(world).data).toMatchObject({ outcome: 'succeeded', counts: WHOLE });
    expect(await exportOf(world)).toEqual(before);
  });
});

describe('many products', () => {
  it.each<[string, Record<string, string>, number, number]>([
    ['by calls', {}, 2, 0],
    ['by imports', BY_IMPORT, 19, 2],
  ])(
    'come back %s, over several invocations, within the quotas of the service',
    async (_way, environment, images, imports) => {
      const many = Array.from({ length: 1_100 }, (_, n) => ({
        product: { id: `p${n}`, description: n % 9 === 0 ? 'with words' : '' },
        images: Object.fromEntries(Array.from({ length: images }, (_each, image) => [`i${image}`, []])),
        sets: ['shoes'],
      }));
      const world = createWorld({ ...environment, INVOCATION_SECONDS: '30' });
      await createCatalogue(world, many);
      const before = await exportOf(world);
      await world.publish({ command: 'purgeProductsInProductSet', productSetId: 'shoes', force: true });
      await world.settle();
      const snapshot = world.events('product-search.purge.completed.v1')[0]?.data.files.snapshot;
      // In the last part of the snapshot, and of the import.
      world.storage.deleteObject({ bucket: IMAGES, name: 'p999/i1, 1.png' });
      world.failCall('*', fault('INTERNAL'), {
        when: () => {
          world.pass(50);
          return false;
        },
      });

      await world.publish({ command: 'restoreSnapshot', snapshot });
      await world.settle();

      expect(ending(world).data).toMatchObject({
        outcome: 'partial',
        counts: { products: 1_100, referenceImages: 1_100 * images - 1, alreadyPresent: 0, failed: 1 },
        problems: [{ message: expect.stringContaining('"i1" of product "p999"') }],
      });
      expect(world.calls('importProductSets')).toBe(imports);
      const lost = before.products.find(({ id }) => id === 'p999');
      if (lost !== undefined) lost.images = lost.images.filter(({ id }) => id !== 'i1');
      expect(await exportOf(world)).toEqual(before);
    },
  );
});
